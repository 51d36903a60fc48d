"""What is suggested while somebody types: terms, solutions and places in one list, each with its share."""

import pytest

from allmende.lib.sorting import folded
from allmende.search.actions import rebuild
from allmende.search.engine import index
from allmende.search.labels import known
from allmende.search.queries import Question, Suggested, find, suggestions
from allmende.search.suggesting import MOST, MOST_TERMS
from tests.factories.market import Market, open_market
from tests.search.conftest import HARVEST


def lines(text):
    return [(one.kind, one.text) for one in suggestions(text)]


@pytest.fixture
def catalogue(db, settings, now) -> Market:
    settings.DEMO = True
    return open_market(now)


def test_terms_solutions_and_places_stand_in_one_list_in_that_order(catalogue, publish):
    publish("Birkenzähler")
    publish("Verwaltungssuche")
    rebuild()

    assert lines("birken") == [
        ("solution", "Birkenzähler"),
        ("town", "Birkenmarkt, Beispielkreis, Beispielland (erfunden)"),
    ]
    assert lines("verwalt") == [("field", "Verwaltung & Organisation"), ("solution", "Verwaltungssuche")]


def test_kinds_of_solutions_come_before_fields_and_names_before_search_words(source):
    assert [one.kind for one in suggestions("bürger")][:3] == ["type", "type", "type"]
    assert lines("mobil")[0] == ("field", "Mobilität & Verkehr")


def test_a_search_word_leads_to_its_term(source):
    (field,) = [one for one in suggestions("partizip") if one.kind == "field"]
    assert (field.text, field.code, folded(field.because)[:8]) == (
        "Beteiligung & Demokratie",
        "beteiligung",
        "partizip",
    )


def test_what_is_called_so_comes_before_what_has_only_a_search_word_like_it(catalogue, publish):
    publish("Straßenkarte")
    rebuild()

    found = suggestions("stra")
    by_search_word = [one for one in found if one.because]
    assert found[0] == Suggested("solution", "Straßenkarte", found[0].code)
    assert by_search_word == list(found[-len(by_search_word) :])
    assert all(folded(one.because).startswith("stra") for one in by_search_word)
    assert ("Beratungsleistung", "Strategie") in {(one.text, one.because[:9]) for one in by_search_word}


def test_a_land_leads_to_the_filter_by_land(catalogue):
    (land,) = [one for one in suggestions("Beispiell") if one.kind == "land"]

    assert land.text == known().labels["land"][land.code]
    assert find(Question(choices={"land": [land.code]}), HARVEST).total >= 0


@pytest.mark.parametrize("text", ["", "m", "§§", "\x00", " ", "\ud800"])
def test_too_little_suggests_nothing(catalogue, text):
    assert lines(text) == []


def test_two_letters_suggest_no_places(catalogue):
    assert [one for one in suggestions("bi") if one.kind in ("land", "town")] == []


def test_no_more_than_ten_and_each_kind_has_its_share(catalogue, publish):
    for number in range(20):
        publish(f"Parkplatz {number}")
    rebuild()
    found = suggestions("park")

    terms = [one for one in found if one.kind in ("type", "field")]
    assert len(found) == MOST
    assert 1 <= len(terms) <= MOST_TERMS
    assert [one.kind for one in found if one not in terms] == ["solution"] * (MOST - len(terms))


def test_each_solution_suggested_is_there(catalogue):
    for one in suggestions("mäng"):
        if one.kind == "solution":
            assert one.code in dict(index().contents())


@pytest.mark.parametrize("text", ["mäng", "birkenmarkt", "park" * 100])
def test_however_long_the_list_it_costs_few_queries(catalogue, text, django_assert_max_num_queries):
    suggestions(text)
    with django_assert_max_num_queries(3):
        suggestions(text)
