"""Look-ups: what may be chosen today, what old objects are called, and how little it costs."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from allmende.federation.formats.base import Context
from allmende.lib.actors import Actor
from allmende.vocabulary import actions, files, queries
from allmende.vocabulary.models import Term
from tests.vocabulary.folders import draft_of

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 23)
COLOURS = """
label = "Farbe"
definition = "Welche Farbe etwas hat."

[[term]]
code = "red"
label = "Rot"
definition = "Warm."
synonyms = ["Karmin", "Rot"]

[[term]]
code = "sepia"
label = "Sepia"
definition = "Wie alte Bilder."
valid_to = 2026-11-23
replaced_by = "umber"

[[term]]
code = "umber"
label = "Umbra"
definition = "Wie Erde."
valid_to = 2026-01-01
replaced_by = "brown"

[[term]]
code = "brown"
label = "Braun"
definition = "Wie Holz."
broader = "red"

[[term]]
code = "gone"
label = "Vergangen"
definition = "Gibt es nicht mehr."
valid_to = 2026-01-01

[[term]]
code = "coming"
label = "Kommend"
definition = "Gibt es noch nicht."
valid_from = 2026-11-24
"""
PALETTE = """
foreign_scheme = "palette"

[entries]
old = { colour = ["sepia", "brown", "red"] }
lost = { colour = ["gone"] }
"""


@pytest.fixture
def colours(tmp_path: Path, now: datetime.datetime) -> None:
    actions.load(by=Actor.program("test"), now=now, draft=draft_of(tmp_path, COLOURS, PALETTE))


@pytest.fixture
def shipped(now: datetime.datetime) -> None:
    actions.load(by=Actor.program("test"), now=now, draft=files.read())


def test_only_terms_that_hold_may_be_chosen(colours: None) -> None:
    assert [term.code for term in queries.terms("colour", DAY)] == ["red", "brown"]
    assert queries.known_codes("colour", DAY) == {"red", "brown"}
    assert queries.known_codes("colour", datetime.date(2025, 1, 1)) == {
        "red",
        "sepia",
        "umber",
        "brown",
        "gone",
    }


def test_without_a_day_today_counts(shipped: None) -> None:
    assert queries.known_codes("unit") == {"inhabitant", "user", "device", "case", "day"}
    assert [term.code for term in queries.terms("unit")] == ["inhabitant", "user", "device", "case", "day"]


def test_labels_cover_ended_terms_too_in_reading_order(colours: None) -> None:
    assert list(queries.labels("colour").items()) == [
        ("red", "Rot"),
        ("sepia", "Sepia"),
        ("umber", "Umbra"),
        ("brown", "Braun"),
        ("gone", "Vergangen"),
        ("coming", "Kommend"),
    ]


def test_a_term_is_found_by_its_code_ended_or_not(colours: None) -> None:
    found = {code: queries.term("colour", code) for code in ("red", "gone", "mauve")}
    assert {code: term and term.label for code, term in found.items()} == {
        "red": "Rot",
        "gone": "Vergangen",
        "mauve": None,
    }


def test_an_unknown_scheme_is_empty_and_no_error(colours: None) -> None:
    assert queries.terms("taste") == []
    assert queries.labels("taste") == {}
    assert queries.known_codes("taste") == frozenset()
    assert queries.term("taste", "sweet") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("red", "red"),
        ("sepia", "brown"),
        ("umber", "brown"),
        ("gone", None),
        ("coming", None),
        ("mauve", None),
    ],
)
def test_a_successor_is_followed_to_the_one_that_holds(
    colours: None, code: str, expected: str | None
) -> None:
    found = queries.current().term_today("colour", code, DAY)
    assert (found and found.code) == expected


def test_a_circle_of_successors_leads_nowhere_and_ends(colours: None) -> None:
    Term.objects.filter(code="gone").update(replaced_by=Term.objects.get(code="umber"))
    Term.objects.filter(code="umber").update(replaced_by=Term.objects.get(code="gone"))
    queries.forget()
    assert queries.current().term_today("colour", "umber", DAY) is None


def test_the_crosswalk_names_successors_once_and_leaves_out_what_ended(colours: None) -> None:
    assert queries.crosswalk(DAY) == {"palette": {"old": (("colour", "brown"), ("colour", "red"))}}
    assert queries.crosswalk(datetime.date(2025, 6, 1)) == {
        "palette": {
            "old": (("colour", "sepia"), ("colour", "brown"), ("colour", "red")),
            "lost": (("colour", "gone"),),
        }
    }


def test_the_crosswalk_has_the_shape_that_readers_take(shipped: None) -> None:
    context = Context(today=DAY, crosswalk=queries.crosswalk())
    expected = {
        ("publiccode_category", "geographic-information-systems", "field_of_action"): (
            "daten_infrastruktur",
            "stadtplanung",
        ),
        ("publiccode_category", "office", "boundary"): ("querschnitt",),
        ("publiccode_category", "gamification", "field_of_action"): (),
        ("publiccode_scope", "government", "audience"): ("municipalities", "state_and_federal"),
        ("publiccode_status", "beta", "maturity"): ("pilot",),
        ("publiccode_maintenance", "contract", "maintenance"): ("contract",),
        ("tag_word", "mobilität", "field_of_action"): ("mobilitaet",),
    }
    assert {key: context.targets(*key) for key in expected} == expected


def test_the_crosswalk_in_the_database_is_that_of_the_files(shipped: None) -> None:
    assert queries.crosswalk() == {
        crosswalk.foreign_scheme: crosswalk.targets for crosswalk in files.read().crosswalks
    }


def test_search_words_begin_with_the_label_and_name_nothing_twice(colours: None) -> None:
    words = queries.synonyms()
    assert words["colour", "red"] == ("Rot", "Karmin")
    assert words["colour", "gone"] == ("Vergangen",)


def test_schemes_are_listed_by_code(shipped: None) -> None:
    codes = [scheme.code for scheme in queries.current().schemes()]
    assert codes == [scheme.code for scheme in files.read().schemes]


def test_extras_of_a_term_are_at_hand(shipped: None) -> None:
    town = queries.term("size_class", "40")
    assert town is not None
    assert town.extra == {"population_from": 5000, "population_to": 10000}


def test_a_look_up_costs_three_queries_first_and_one_later(
    shipped: None, django_assert_num_queries: Any
) -> None:
    queries.forget()
    with django_assert_num_queries(3):
        queries.labels("solution_type")
    with django_assert_num_queries(1):
        queries.labels("solution_type")


def test_whoever_holds_the_vocabulary_asks_the_database_no_more(
    colours: None, django_assert_num_queries: Any
) -> None:
    vocabulary = queries.current()
    with django_assert_num_queries(1):
        vocabulary.crosswalk(DAY)  # which no page needs: read at first need
    with django_assert_num_queries(0):
        sepia = vocabulary.term("colour", "sepia")
        assert sepia is not None
        assert (sepia.scheme.label, sepia.replaced_by.label) == ("Farbe", "Umbra")  # type: ignore[union-attr]
        vocabulary.crosswalk(DAY)
        vocabulary.synonyms()
        assert [scheme.code for scheme in vocabulary.schemes()] == ["colour"]


def test_a_change_is_seen_at_the_next_look(colours: None, tmp_path: Path, now: datetime.datetime) -> None:
    assert queries.labels("colour")["red"] == "Rot"
    changed = COLOURS.replace('label = "Rot"', 'label = "Feuerrot"')
    actions.load(by=Actor.program("test"), now=now, draft=draft_of(tmp_path, changed, PALETTE))
    assert queries.labels("colour")["red"] == "Feuerrot"


def test_the_same_version_is_read_once(colours: None) -> None:
    assert queries.current() is queries.current()


def test_before_the_first_load_there_are_no_words(db: None) -> None:
    assert queries.terms("field_of_action") == []
    assert queries.crosswalk() == {}
    assert queries.synonyms() == {}
