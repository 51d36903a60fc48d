"""What stands beside the hits of a search: needs, providers and towns, each typed, none that the reader may not see."""

from datetime import datetime

import pytest
from django.test import Client

from allmende.demand.models import Need
from allmende.lib.actors import Actor
from allmende.organisations.queries import actor_for
from allmende.search.actions import rebuild
from allmende.web.marketplace.beside import beside
from tests.factories.market import Market
from tests.factories.needs import a_published_need
from tests.factories.people import somebody

NOBODY = Actor.anonymous()


def said(text: str, actor: Actor = NOBODY) -> list[tuple[str, list[str]]]:
    return [(kind.heading, [each.label for each in kind.found]) for kind in beside(text, actor)]


@pytest.fixture
def need(market: Market, now: datetime) -> Need:
    writer = actor_for(somebody("municipality_editor", market.town, now=now), on=now.date())
    made = a_published_need(market.town, by=writer, now=now)
    a_published_need(market.town, by=writer, now=now, title="Laternen der Halle", visibility="administration")
    rebuild()
    return made


def test_a_need_is_found_by_its_words_in_any_inflection_and_says_whose_it_is(
    market: Market, need: Need
) -> None:
    assert said("dunkle Laterne") == [("Bedarfe von Kommunen", [need.title])]
    assert [each.more for each in beside("Laternen", NOBODY)[0].found] == [market.town.name]


def test_a_need_that_others_may_not_read_any_more_is_gone_even_while_the_index_lags(
    market: Market, need: Need
) -> None:
    Need.objects.filter(pk=need.pk).update(visibility="own")
    assert said("Laternen") == []


def test_providers_and_towns_are_found_by_their_names(market: Market, client: Client) -> None:
    name = market.provider.name
    assert said(name.split()[0]) == [("Anbieter", [name])]
    assert said("Birkenmarkt") == [("Kommunen", ["Birkenmarkt, Beispielkreis, Beispielland (erfunden)"])]
    page = client.get("/suche?q=Birkenmarkt").content.decode().partition('id="ausserdem"')[2]
    assert '<a href="/kommunen/99001002">Birkenmarkt' in page


@pytest.mark.parametrize("text", ["", "  ", "bi", "%", "xyzzy unsinn"])
def test_what_names_nothing_finds_nothing(market: Market, text: str) -> None:
    assert said(text) == []


def test_only_the_first_page_names_them(market: Market, need: Need, client: Client) -> None:
    assert 'id="ausserdem"' in client.get("/suche?q=Laternen").content.decode()
    assert 'id="ausserdem"' not in client.get("/suche").content.decode()
