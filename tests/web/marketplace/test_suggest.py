"""Suggestions while somebody types."""

import pytest
from django.test import Client

from allmende.web.marketplace.views.suggest import suggest
from tests.factories.market import Market


def labels(text: str) -> list[tuple[str, str]]:
    return [(line.kind, line.label) for line in suggest(text)]


def test_words_solutions_and_places_are_suggested(market: Market) -> None:
    assert labels("mäng") == [("Art der Lösung", "Mängelmelder"), ("Lösung", "Mängelmelder")]
    assert labels("birken") == [("Kommune", "Birkenmarkt, Beispielkreis, Beispielland (erfunden)")]


def test_a_synonym_leads_to_its_term(market: Market) -> None:
    assert ("Handlungsfeld", "Beteiligung & Demokratie") in labels("partizip")


@pytest.mark.parametrize("text", ["", "m", "§§", "\x00"])
def test_too_little_suggests_nothing(market: Market, text: str) -> None:
    assert labels(text) == []


def test_each_suggestion_leads_somewhere(client: Client, market: Market) -> None:
    for line in [*suggest("mäng"), *suggest("ahorn"), *suggest("verw")]:
        assert client.get(line.href).status_code == 200


def test_htmx_gets_the_options_alone_and_everybody_else_a_page(client: Client, market: Market) -> None:
    options = client.get("/suche/vorschlaege?q=m%C3%A4n", headers={"HX-Request": "true"}).content.decode()
    assert options.count('<li role="option"') == 2
    assert "<html" not in options
    assert "<h1>Vorschläge zu „män“</h1>" in client.get("/suche/vorschlaege?q=m%C3%A4n").content.decode()
