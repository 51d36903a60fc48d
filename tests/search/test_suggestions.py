"""What is suggested while somebody types: terms, solutions and places in one list, each with its share."""

import pytest

from allmende.search.actions import rebuild
from allmende.search.engine import index
from allmende.search.labels import known
from allmende.search.queries import Question, Suggested, find, suggestions
from allmende.search.suggesting import MOST
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
    assert Suggested("field", "Beteiligung & Demokratie", "beteiligung") in suggestions("partizip")


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

    kinds = [one.kind for one in found]
    assert len(found) == MOST
    assert kinds == ["type"] * kinds.count("type") + ["field"] * kinds.count("field") + ["solution"] * (
        MOST - kinds.count("type") - kinds.count("field")
    )
    assert 1 <= kinds.count("type") + kinds.count("field") <= 3


def test_each_solution_suggested_is_there(catalogue):
    for one in suggestions("mäng"):
        if one.kind == "solution":
            assert one.code in dict(index().contents())


@pytest.mark.parametrize("text", ["mäng", "birkenmarkt", "park" * 100])
def test_however_long_the_list_it_costs_few_queries(catalogue, text, django_assert_max_num_queries):
    suggestions(text)
    with django_assert_max_num_queries(3):
        suggestions(text)
