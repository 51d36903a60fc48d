"""The pages of matching: for the town what fits and why not, for providers what fits them; 404 for everybody else."""

import pytest
from django.test import Client

from allmende.demand.actions.matching import match_need
from allmende.lib.actors import Actor
from allmende.search import engine
from tests.factories.needs import a_published_need
from tests.factories.people import signed_in, somebody


@pytest.fixture
def need(market, town, now):
    return a_published_need(market.town, by=town, now=now)


@pytest.fixture
def page(need, writer):
    """What the town sees at the page of matches with these parameters."""
    client = signed_in(writer)

    def look(**parameters):
        return client.get(f"/bedarfe/{need.public_id}/loesungen", parameters)

    return look


def test_the_town_sees_what_fits_with_reason_and_source(page):
    text = page().content.decode()
    assert text.count("1\u00a0Lösung ab 40 Punkten") == 1
    assert "Die Lizenz EUPL-1.2 erlaubt es, die Software zu prüfen, zu ändern und weiterzugeben." in text
    assert "Katalog, Angabe von „Katalog der Stadt“, Stand 03.02.2026" in text
    assert "Von 3 Kriterien: 2 erfüllt, 0 nicht erfüllt, 1 ohne Angabe." in text


def test_what_nobody_says_is_shown_as_such(page):
    """Case 6 of the domain, on the page."""
    text = page().content.decode()
    assert "Fotos lassen sich anhängen. (Muss): <strong>keine Angabe</strong>" in text


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("raumbuchung", "Die Suche findet die Lösung mit dem Text Ihres Bedarfs nicht"),
        ("Mängel-Melder", "Sie ist dabei: an Stelle 1."),
        ("Gibt es nicht", "Unter diesem Namen gibt es hier keine Lösung."),
        ("<b>", "Unter diesem Namen gibt es hier keine Lösung."),
        ("!", "Unter diesem Namen gibt es hier keine Lösung."),
    ],
)
def test_why_not_has_an_answer_for_every_name(page, named, sentence):
    answer = page(loesung=named)
    assert (answer.status_code, answer.content.decode().count(sentence)) == (200, 1)


@pytest.mark.parametrize("threshold", ["100", "-1", "viele", "²", "9" * 50, ""])
def test_a_threshold_that_nobody_offers_is_the_usual_one(page, threshold):
    assert "Gezeigt sind alle ab 40 von 100 Punkten" in page(ab=threshold).content.decode()


def test_a_threshold_that_is_offered_counts(page):
    assert "Gezeigt sind alle ab 70 von 100 Punkten" in page(ab="70").content.decode()


def test_others_do_not_see_how_the_town_chooses(need, market, now):
    address = f"/bedarfe/{need.public_id}/loesungen"
    competitor = signed_in(somebody("provider_editor", market.provider, now=now))
    neighbour = signed_in(somebody("municipality_editor", market.neighbour, now=now))
    found = [client.get(address).status_code for client in (Client(), competitor, neighbour)]
    assert found == [302, 404, 404]


def test_the_page_of_the_need_leads_there_for_its_town_only(need, writer):
    link = f'href="/bedarfe/{need.public_id}/loesungen"'
    seen = [
        client.get(f"/bedarfe/{need.public_id}").content.decode() for client in (signed_in(writer), Client())
    ]
    assert [text.count(link) for text in seen] == [1, 0]


def test_without_an_index_the_page_says_so(page, settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "nothing"
    engine.forget()
    answer = page()
    assert (answer.status_code, answer.content.decode().count("Gerade lässt sich nichts vergleichen")) == (
        503,
        1,
    )


def test_a_provider_sees_the_needs_that_it_was_told_of(need, market, now):
    match_need(need, by=Actor.program("demand"), now=now)
    client = signed_in(somebody("provider_editor", market.provider, now=now))
    text = client.get("/bedarfe/passend").content.decode()
    assert (text.count("1\u00a0passender Bedarf"), text.count(need.title)) == (1, 1)


def test_who_offers_nothing_reads_kindly_that_nothing_fits_yet(market, writer):
    text = signed_in(writer).get("/bedarfe/passend").content.decode()
    assert text.count("Noch passt kein Bedarf") == 1


def test_whoever_is_not_signed_in_is_asked_to(db):
    assert Client().get("/bedarfe/passend").status_code == 302
