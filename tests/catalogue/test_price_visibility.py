"""Amounts for the administration only: who sees them, and that nothing public holds them."""

import json
from decimal import Decimal

import pytest

from allmende.catalogue.actions import publish_offer
from allmende.catalogue.cost import HIDDEN, estimate
from allmende.catalogue.models import Edition
from allmende.catalogue.queries import cards, may_see_prices, offers_of, sheet, with_prices
from allmende.lib.actors import Actor
from allmende.organisations.actions import register
from allmende.organisations.models import Organisation
from tests.factories.offering import an_offer

HARVEST = Actor.program("harvest")


@pytest.fixture
def hidden(solution, provider, now):
    draft = an_offer(provider, prices_for="administration")
    return publish_offer(draft, solution=solution, by=HARVEST, now=now)


@pytest.fixture
def company(vocabulary, now):
    return register("Beispiel-Stadtwerke", kind="municipal_company", by=HARVEST, now=now)


# Written by hand: who sees the amounts of an offer that shows them to the administration only.
SEES = {
    "nobody in particular": False,
    "a stranger with an account": False,
    "the editor of the offering company": True,
    "a reader of the offering company": True,
    "the editor of a competitor": False,
    "the editor of a town": True,
    "a reader of a town": True,
    "the editor of a town whose accreditation is suspended": False,
    "the editor of a municipal company": False,
    "the desk": True,
    "the operator": True,
    "a reviewer": False,
    "a program": True,
}


@pytest.fixture
def people(provider, competitor, town, company, member_of, stranger, now):
    suspended = register("Stadt Gesperrt", kind="municipality", by=HARVEST, now=now)
    made = {
        "nobody in particular": Actor.anonymous(),
        "a stranger with an account": stranger,
        "the editor of the offering company": member_of("provider_editor", provider),
        "a reader of the offering company": member_of("decision_maker", provider),
        "the editor of a competitor": member_of("provider_editor", competitor),
        "the editor of a town": member_of("municipality_editor", town),
        "a reader of a town": member_of("decision_maker", town),
        "the editor of a town whose accreditation is suspended": member_of("municipality_editor", suspended),
        "the editor of a municipal company": member_of("provider_editor", company),
        "the desk": member_of("catalogue_editor"),
        "the operator": member_of("operator_admin"),
        "a reviewer": member_of("quality_reviewer"),
        "a program": HARVEST,
    }
    Organisation.objects.filter(pk=suspended.pk).update(state="suspended")
    return made


def test_who_sees_the_amounts(hidden, solution, provider, people):
    assert {name: may_see_prices(hidden, actor) for name, actor in people.items()} == SEES
    for name, actor in people.items():
        for (offer,) in (
            sheet(solution, actor).offers,
            cards([solution.public_id], actor)[0].offers,
            offers_of(provider, actor),
            with_prices([hidden], actor),
        ):
            amounts = [row.amount for row in offer.prices.all()]
            assert (amounts == [Decimal(1200)], offer.prices_are_hidden) == (SEES[name], not SEES[name]), name


def test_without_an_actor_nobody_in_particular_looks(hidden, solution, provider):
    assert [list(offer.prices.all()) for offer in sheet(solution).offers] == [[]]
    assert [list(offer.prices.all()) for offer in offers_of(provider)] == [[]]


def test_amounts_for_all_are_seen_by_all(solution, provider, people, now):
    offer = publish_offer(an_offer(provider), solution=solution, by=HARVEST, now=now)
    assert {may_see_prices(offer, actor) for actor in people.values()} == {True}
    assert sheet(solution).offers[0].prices_are_hidden is False


def test_no_edition_holds_what_is_for_the_administration(hidden, solution):
    offer = json.loads(Edition.objects.get(number=2).content)["offers"][0]
    assert (offer["prices"], offer["prices_for"], offer["price_model"]) == (
        [],
        "administration",
        "subscription_flat",
    )


def test_an_edition_with_prices_for_all_is_written_as_before(solution, provider, now):
    publish_offer(an_offer(provider), solution=solution, by=HARVEST, now=now)
    offer = json.loads(Edition.objects.get(number=2).content)["offers"][0]
    assert "prices_for" not in offer
    assert [row["amount"] for row in offer["prices"]] == ["1200"]


def test_the_calculator_says_who_sees_the_price_instead_of_none():
    told = estimate([], units={}, term_months=48, are_hidden=True)
    assert told.unknown == (HIDDEN,)
    assert not told.has_prices


def test_what_everybody_sees_costs_no_query_more(solution, provider, now, django_assert_num_queries):
    offer = publish_offer(an_offer(provider), solution=solution, by=HARVEST, now=now)
    with django_assert_num_queries(1):
        with_prices([offer])


def test_what_is_hidden_costs_two_queries_more_however_many(
    solution, provider, member_of, now, django_assert_num_queries
):
    drafts = [an_offer(provider, title=f"Angebot {place}", prices_for="administration") for place in range(3)]
    offers = [publish_offer(draft, solution=solution, by=HARVEST, now=now) for draft in drafts]
    reader = member_of("decision_maker", provider)
    for some in (offers[:1], offers):
        with django_assert_num_queries(3):
            with_prices(some, reader)
