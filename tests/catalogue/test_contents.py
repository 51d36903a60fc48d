"""What a working copy holds survives being written down and read again, whatever it is."""

import datetime
import json
from dataclasses import fields
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.contents import Content, read, solution_draft, write
from allmende.catalogue.drafts import (
    ClaimedUseDraft,
    ContactDraft,
    ContractorDraft,
    DependencyDraft,
    FundingDraft,
    LinkDraft,
    OfferDraft,
    PriceDraft,
    ReleaseDraft,
    SolutionDraft,
    TextDraft,
)
from allmende.catalogue.precedence import stated_values
from allmende.lib.refusals import Refused

letters = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
maybe = st.none() | letters
words = st.lists(letters, max_size=3).map(tuple)
days = st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1))
amounts = st.decimals(0, 10**7, places=4, allow_nan=False, allow_infinity=False)


def some(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


prices = st.builds(
    PriceDraft,
    kind=letters,
    amount=amounts,
    unit=maybe,
    tier_from=st.none() | st.integers(0, 10**8),
    tier_to=st.none() | st.integers(0, 10**8),
    vat_rate=st.none() | st.decimals(0, 99, places=2),
    note=letters,
)
contacts = st.builds(
    ContactDraft, name=maybe, email=maybe, phone=maybe, affiliation=maybe, is_team=st.booleans()
)
offers = st.builds(
    OfferDraft,
    title=letters,
    kind=letters,
    description=letters,
    supplier=maybe,
    operator=maybe,
    seller=maybe,
    delivery_model=maybe,
    price_model=maybe,
    on_request=st.booleans(),
    prices=some(prices),
    minimum_term_months=st.none() | st.integers(1, 600),
    included_services=letters,
    as_of=days,
    as_of_precision=st.sampled_from(["day", "month", "year"]),
    prices_for=st.sampled_from(["public", "administration"]),
    contact=st.none() | contacts,
    is_invented=st.booleans(),
)
solutions = st.builds(
    SolutionDraft,
    name=letters,
    texts=some(
        st.builds(
            TextDraft, language=letters, name=maybe, summary=maybe, description=maybe, features=words,
            documentation_url=maybe,
        )
    ),
    repository_url=maybe,
    website_url=maybe,
    licence=maybe,
    maturity=maybe,
    boundary=maybe,
    fields_of_action=words,
    solution_types=words,
    delivery_models=words,
    topics=words,
    platforms=words,
    interface_languages=words,
    audiences=words,
    release=st.none() | st.builds(ReleaseDraft, version=maybe, released_on=days),
    maintenance=maybe,
    maintainer=maybe,
    maintainer_url=maybe,
    claimed_uses=some(st.builds(ClaimedUseDraft, name=letters, url=maybe, ags=maybe)),
    contacts=some(contacts),
    contractors=some(st.builds(ContractorDraft, name=letters, until=days, website=maybe)),
    dependencies=some(
        st.builds(
            DependencyDraft, kind=st.sampled_from(["open", "proprietary", "hardware"]), name=letters,
            optional=st.none() | st.booleans(), version=maybe,
        )
    ),
    links=some(st.builds(LinkDraft, kind=letters, url=letters, label=maybe)),
    funding=some(
        st.builds(
            FundingDraft, programme=letters, grant_id=maybe, open_source_duty=st.none() | st.booleans(), url=maybe
        )
    ),
    based_on=words,
    is_invented=st.booleans(),
    as_of=days,
)  # fmt: skip
contents = st.builds(Content, solution=st.none() | solutions, offer=st.none() | offers)


@given(contents)
def test_whatever_was_written_is_read_again(content):
    assert read(write(content)) == content


@given(contents)
def test_the_same_content_gives_the_same_bytes(content):
    assert write(read(write(content))) == write(content)


def test_no_field_of_a_draft_is_left_out_of_the_round_trip():
    # A field added to a draft has to be given its strategy above.
    known = {"language"}
    for draft, strategy in ((OfferDraft, offers), (SolutionDraft, solutions)):
        example = strategy.wrapped_strategy if hasattr(strategy, "wrapped_strategy") else strategy
        assert {field.name for field in fields(draft)} - known == set(example.kwargs), draft


def test_what_is_at_its_default_is_not_written():
    assert json.loads(write(Content(offer=OfferDraft(title="Betrieb")))) == {"offer": {"title": "Betrieb"}}
    assert write(Content()) == "{}"


def test_a_field_that_no_draft_knows_any_more_is_passed_over():
    assert read('{"offer":{"title":"Betrieb","colour":"blau"}}') == Content(offer=OfferDraft(title="Betrieb"))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"offer":3}', '{"offer":{"prices":[{"kind":"yearly"}]}}'])
def test_anything_else_is_no_content(text):
    with pytest.raises((ValueError, TypeError, AttributeError)):
        read(text)


@pytest.mark.parametrize("letter", ["\x00", "\ud800"])
def test_letters_that_no_database_holds_are_refused_with_a_reason(letter):
    with pytest.raises(Refused, match="Zeichen"):
        write(Content(offer=OfferDraft(title=f"Betrieb{letter}")))


def test_an_amount_keeps_its_value_and_not_its_zeros():
    content = Content(
        offer=OfferDraft(title="x", prices=(PriceDraft(kind="yearly", amount=Decimal("1200.50")),))
    )
    assert '"amount":"1200.5"' in write(content)
    assert read(write(content)).offer.prices[0].amount == Decimal("1200.5")


def test_statements_of_a_listing_make_the_draft_that_they_came_from():
    draft = SolutionDraft(
        name="Mängelmelder",
        texts=(TextDraft(language="de", summary="Menschen melden Schäden.", features=("Karte",)),),
        fields_of_action=("verwaltung",),
        dependencies=(DependencyDraft(kind="open", name="PostgreSQL", version="ab 15"),),
        links=(LinkDraft(kind="demo", url="https://demo.example.org"),),
        as_of=datetime.date(2026, 2, 3),
    )
    assert solution_draft(stated_values(draft)) == draft
