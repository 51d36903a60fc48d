"""Nobody publishes what nobody saw: what a file brings is on the form, in the review and at the desk."""

import html
import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from allmende.catalogue import queries
from allmende.catalogue.beyond import pieces
from allmende.catalogue.contents import Content, read, write
from allmende.catalogue.drafts import ContactDraft, LinkDraft, OfferDraft, PriceDraft, TextDraft
from allmende.catalogue.models import Contact, Offer, OfferContact, Solution, WorkingCopy
from allmende.vocabulary.queries import current
from allmende.web.components.templatetags.formats import day_of, number
from allmende.web.marketplace.wording import DEPENDENCY_KINDS, language, platform
from allmende.web.offers.beyond import TITLES
from tests.catalogue.test_beyond import FULL
from tests.factories.offering import an_offer

FILE = """publiccodeYmlVersion: "0.4"
name: Raumplan Muster
url: https://git.musterland.test/stadt/raumplan
softwareVersion: "4.2.1"
description:
  de:
    shortDescription: Vereine fragen Räume an, und die Verwaltung gibt sie frei.
  en:
    shortDescription: Clubs ask for rooms.
usedBy:
  - Stadt Musterhausen
  - Gemeinde Beispielfeld
"""


@pytest.fixture
def copy(company, market):
    company.post("/angebote/einlesen", {"organisation": market.provider.public_id, "text": FILE})
    return WorkingCopy.objects.get()


def text_of(answer):
    """What a person reads on the page."""
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL).group()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).replace("\xa0", " ").split())


def complete(copy, market, **solution):
    """Everything that is needed, whatever the form would have asked."""
    content = read(copy.content)
    full = replace(content.solution, fields_of_action=("verwaltung",), **solution)
    copy.content = write(replace(content, solution=full, offer=an_offer(market.provider)))
    copy.save(update_fields=["content"])


def submit(client, copy):
    copy.refresh_from_db()
    answer = client.post(
        f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version}, follow=True
    )
    copy.refresh_from_db()
    assert copy.state == "submitted", text_of(answer)


def test_what_the_file_brings_stands_on_a_page_of_its_own_with_its_lines(company, copy):
    overview = text_of(company.get(f"/angebote/{copy.public_id}"))
    assert "Was noch veröffentlicht wird" in overview
    page = text_of(company.get(f"/angebote/{copy.public_id}/seite/weiteres"))
    for words in (
        "Beschreibung auf Englisch Clubs ask for rooms. Zeile 8 der Datei",
        "Stadt Musterhausen Zeile 11 der Datei",
        "Gemeinde Beispielfeld Zeile 12 der Datei",
        "Version der Software 4.2.1 Zeile 4 der Datei",
    ):
        assert words in page


def test_review_desk_and_preview_show_it_too(company, desk, copy, market):
    complete(copy, market)
    review = text_of(company.get(f"/angebote/{copy.public_id}/pruefen"))
    preview = text_of(company.get(f"/angebote/{copy.public_id}/vorschau"))
    submit(company, copy)
    at_desk = text_of(desk.get(f"/redaktion/angebote/{copy.public_id}"))
    for page in (review, at_desk):
        assert "Stadt Musterhausen (Zeile 11 der Datei) Gemeinde Beispielfeld (Zeile 12 der Datei)" in page
        assert "4.2.1 (Zeile 4 der Datei)" in page
        assert "Clubs ask for rooms. (Zeile 8 der Datei)" in page
    for words in ("Stadt Musterhausen", "Gemeinde Beispielfeld", "4.2.1", "Clubs ask for rooms."):
        assert words in preview


def test_what_has_lost_its_tick_is_not_published_and_can_come_back(company, desk, copy, market):
    complete(copy, market)
    at = f"/angebote/{copy.public_id}/seite/weiteres"
    codes = {piece.value if piece.kind == "texts" else str(piece.value): piece.code for piece in pieces(read(copy.content).solution)}  # fmt: skip  # noqa: E501
    town = next(code for words, code in codes.items() if "Musterhausen" in str(words))
    kept = [code for code in codes.values() if code != town]
    company.post(at, {"pieces": kept, "lock_version": copy.lock_version, "bleiben": "1"})
    review = text_of(company.get(f"/angebote/{copy.public_id}/pruefen"))
    assert "Bleibt weg, weil Sie das Häkchen weggenommen haben Stadt Musterhausen" in review
    assert "Stadt Musterhausen" not in text_of(company.get(f"/angebote/{copy.public_id}/vorschau"))
    box = re.search(rf'value="{town}"( checked)?', company.get(at).content.decode())
    assert box.group(1) is None
    submit(company, copy)
    desk.post(f"/redaktion/angebote/{copy.public_id}/veroeffentlichen", {"lock_version": copy.lock_version})
    solution = Solution.objects.get(name="Raumplan Muster")
    assert [use.name for use in solution.claimed_uses.all()] == ["Gemeinde Beispielfeld"]
    assert [each.version for each in solution.releases.all()] == ["4.2.1"]
    assert "Musterhausen" not in str(queries.edition(solution, 1).content)


def test_a_tick_taken_away_by_mistake_is_set_again(company, copy):
    at = f"/angebote/{copy.public_id}/seite/weiteres"
    company.post(f"{at}/sichern", {"lock_version": 0, "seite": "a"})
    copy.refresh_from_db()
    every = [each.code for each in pieces(read(copy.content).solution)]
    assert list(read(copy.content).left_out) == every
    company.post(f"{at}/sichern", {"pieces": every, "lock_version": 1, "seite": "a"})
    copy.refresh_from_db()
    assert read(copy.content).left_out == ()


def test_a_code_that_nobody_knows_leaves_everything_as_it_was(company, copy):
    at = f"/angebote/{copy.public_id}/seite/weiteres"
    company.post(f"{at}/sichern", {"pieces": ["x"], "lock_version": 0, "seite": "a"})
    copy.refresh_from_db()
    assert read(copy.content).left_out == ()


def test_where_there_is_nothing_more_there_is_no_such_page(company, market):
    company.post("/angebote/neu/loesung")
    copy = WorkingCopy.objects.get()
    assert company.get(f"/angebote/{copy.public_id}/seite/weiteres").status_code == 404
    assert "Was noch veröffentlicht wird" not in company.get(f"/angebote/{copy.public_id}").content.decode()


def test_every_kind_of_piece_has_a_title():
    kinds = {each.kind for each in pieces(FULL)} - {"texts"}
    assert kinds == set(TITLES)


# ---------------------------------------------------------------- everything that reaches the entry was to be seen

EVERYTHING = replace(
    FULL,
    texts=(
        replace(FULL.texts[0], description="Lang und breit.", features=("Kalender", "Freigabe"),
                documentation_url="https://doku.example.org"),
        TextDraft(language="en", name="Room plan", summary="Book rooms.", description="At length.",
                  features=("Calendar",), documentation_url="https://docs.example.org"),
    ),
    repository_url="https://code.example.org/raum/plan",
    website_url="https://raumplan.example.org",
    licence="EUPL-1.2",
    maturity="productive",
    boundary="smart_city",
    fields_of_action=("verwaltung", "mobilitaet"),
    audiences=("farming",),
    maintenance="contract",
    maintainer="Muster IT",
    claimed_uses=(replace(FULL.claimed_uses[0], url="https://musterhausen.example.org"),),
    contractors=(replace(FULL.contractors[0], website="https://pflege.example.org"),),
    contacts=(
        ContactDraft(name="Team Raumplan", email="team@beispiel.example", phone="0123 456", affiliation="Muster IT",
                     is_team=True),
    ),
    links=(*FULL.links, LinkDraft(kind="roadmap", url="https://plan.example.org", label="Der Plan")),
    funding=(replace(FULL.funding[0], grant_id="FKZ-1", open_source_duty=True, url="https://geld.example.org"),),
)  # fmt: skip


def an_offer_with_everything(market):
    told = OfferDraft(
        title="Betrieb im Land", kind="operation", description="Einrichtung und Betreuung.",
        supplier=market.provider.public_id, operator=market.other_provider.public_id,
        seller=market.provider.public_id, delivery_model="saas_provider", price_model="subscription_flat",
        on_request=True, minimum_term_months=24, included_services="Schulung vor Ort", as_of=date(2026, 1, 1),
        as_of_precision="month",
        prices=(
            PriceDraft(kind="per_unit_yearly", amount=Decimal("0.19"), unit="inhabitant", tier_from=5001, tier_to=20001,
                       vat_rate=Decimal(7), note="mit Rabatt"),
        ),
        contact=ContactDraft(name="Vertrieb", email="angebot@beispiel.example", phone="0987 65", is_team=True),
    )  # fmt: skip
    unset = {each.name for each in fields(OfferDraft) if getattr(told, each.name) == each.default}
    assert unset == {"language", "prices_for", "is_invented"}, "give every field of an offer a value here"
    return told


# Parts of an edition that are no statement of the offering party, or that are a name in the machine.
NOT_SAID = {"id", "schema", "schema_version", "origin", "origins", "listings", "organisation", "is_invented"}


def leaves(value, key=""):
    if key in NOT_SAID or value in (None, "", [], {}, False):
        return
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, key)
    else:
        yield str(value)


def ways_to_say(leaf):
    """A value as it stands, or as the pages put it in words."""
    terms = {
        label for scheme in current().all_terms for code, label in current().labels(scheme).items() if code == leaf
    }  # fmt: skip
    words = {
        leaf,
        "Januar 2026" if leaf == "2026-01" else day_of(leaf),
        platform(leaf),
        language(leaf),
        DEPENDENCY_KINDS.get(leaf, leaf),
        number(int(leaf)) if leaf.isdecimal() else leaf,
        *terms,
    }
    return words | {leaf.replace(".", ",")} | ({"ja"} if leaf == "True" else set())


def test_everything_that_is_published_was_to_be_seen_in_review_and_at_the_desk(
    company, desk, market, copy, client
):
    copy.content = write(Content(solution=EVERYTHING, offer=an_offer_with_everything(market)))
    copy.save(update_fields=["content"])
    review = text_of(company.get(f"/angebote/{copy.public_id}/pruefen"))
    submit(company, copy)
    at_desk = text_of(desk.get(f"/redaktion/angebote/{copy.public_id}"))
    desk.post(f"/redaktion/angebote/{copy.public_id}/veroeffentlichen", {"lock_version": copy.lock_version})
    offer = Offer.objects.get(title="Betrieb im Land")
    published = [*leaves(dict(queries.edition(offer.solution, 1 + 1).content))]
    for row in (*Contact.objects.all(), *OfferContact.objects.all()):
        published += [row.name, row.email, row.phone, getattr(row, "affiliation", "")]
    assert len(published) > 70
    for page in (review, at_desk):
        unseen = [leaf for leaf in published if leaf and not any(way in page for way in ways_to_say(leaf))]
        assert unseen == []
