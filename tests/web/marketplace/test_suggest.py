"""Suggestions while somebody types."""

import pytest
from django.test import Client

from allmende.web.marketplace.views.suggest import grouped, suggest
from tests.factories.market import Market


def labels(text: str) -> list[tuple[str, str]]:
    return [(line.kind, line.label) for line in suggest(text)]


def test_words_solutions_and_places_are_suggested(market: Market) -> None:
    assert labels("mäng") == [("Art der Lösung", "Mängelmelder"), ("Lösung", "Mängelmelder")]
    assert labels("birken") == [("Kommune", "Birkenmarkt, Beispielkreis, Beispielland (erfunden)")]


def test_a_synonym_leads_to_its_term(market: Market) -> None:
    assert ("Handlungsfeld", "Beteiligung & Demokratie") in labels("partizip")


def test_lines_stand_under_headings_and_are_counted_through(market: Market) -> None:
    groups = [(group.heading, [line.number for line in group.lines]) for group in grouped("mäng")]
    assert groups == [("Art der Lösung", [1]), ("Lösung", [2])]


def test_a_land_and_a_town_stand_under_one_heading_and_say_which_they_are(
    client: Client, market: Market
) -> None:
    (places,) = [group for group in grouped("beispiel") if group.heading == "Ort"]
    assert [line.kind for line in places.lines] == ["Land", "Kommune"]
    assert places.lines[0].href == "/suche?land=99"
    html = client.get("/suche/vorschlaege?q=beispiel", headers={"HX-Request": "true"}).content.decode()
    assert '<li role="group" aria-label="Ort">' in html
    assert 'Beispielland<span class="am-hidden">, Land</span>' in html


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


def test_a_search_word_that_led_to_a_line_is_shown_beside_it(client: Client, market: Market) -> None:
    html = client.get("/suche/vorschlaege?q=strategieb", headers={"HX-Request": "true"}).content.decode()
    assert 'Beratungsleistung<span class="am-hidden">, Art der Lösung</span></span> ' in html
    assert "Suchwort „Strategieberatung“" in html
    assert "Suchwort „Strategieberatung“" in client.get("/suche/vorschlaege?q=strategieb").content.decode()
