"""The documentation says in words what the record holds as codes."""

from datetime import datetime

import pytest

from allmende.exploration.record.layout import _need
from allmende.lib.actors import Actor
from allmende.records.blocks import Facts, Table
from allmende.vocabulary.actions import load

pytestmark = pytest.mark.django_db


def content(*criteria: dict[str, object], **said: object) -> dict[str, object]:
    return {
        "need": {
            "edition": 2,
            "digest": "ab" * 32,
            "content": {"title": "Bäche beobachten", "criteria": list(criteria), **said},
        }
    }


def rows_of(*criteria: dict[str, object]) -> list[tuple[str, ...]]:
    (table,) = [each for each in _need(content(*criteria)) if isinstance(each, Table)]
    return [tuple(row) for row in table.rows]


def test_criteria_stand_in_the_words_of_the_need_and_no_code_is_shown(now: datetime) -> None:
    load(by=Actor.program("tests"), now=now)
    assert rows_of(
        {"weight": "must", "criterion": "maturity", "wanted": ["productive", "sustained"], "text": ""},
        {"weight": "should", "criterion": "documentation", "wanted": True, "text": ""},
        {"weight": "should", "criterion": "yearly_cost_at_most", "wanted": "12000.00", "text": ""},
        {"weight": "must", "criterion": "", "wanted": None, "text": "Warnt auch ohne Mobilfunk."},
    ) == [
        ("Muss", "Reifegrad: Produktiv oder Verstetigt"),
        ("Soll", "Dokumentation ist zu finden"),
        ("Soll", "Kosten im Jahr: höchstens 12.000 Euro"),
        ("Muss", "Warnt auch ohne Mobilfunk."),
    ]


def test_a_criterion_that_has_vanished_keeps_its_code_and_value() -> None:
    ((_, told),) = rows_of({"weight": "must", "criterion": "colour", "wanted": ["red"], "text": ""})
    assert "colour" in told
    assert told.endswith(": red")


def test_numbers_of_people_have_a_point_and_unknown_is_said() -> None:
    (_, facts) = _need(content(population=1234567, users=""))
    assert isinstance(facts, Facts)
    assert [tuple(pair) for pair in facts.pairs] == [
        ("Titel", "Bäche beobachten"),
        ("Fassung", f"Ausgabe 2, Prüfsumme {'ab' * 32}"),
        ("Für wen", "keine Angabe"),
        ("Für wie viele Menschen", "1.234.567"),
    ]
