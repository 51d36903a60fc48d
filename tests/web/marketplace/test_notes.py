"""What stands above the hits, and what a hit says of itself where it was found by meaning."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string

from allmende.retrieval.protocol import Matching
from allmende.search.queries import FoundSolution, Page, Question
from allmende.web.marketplace.cards import Hit
from allmende.web.marketplace.views.search import _notes

FOUND: Any = FoundSolution(card=None, snippet=(), score=1.0)  # type: ignore[arg-type]  # notes look at no card
PAGE = Page(
    question=Question(text="Hunde melden"),
    total=2,
    by_words=2,
    page=1,
    pages=1,
    hits=[FOUND, FOUND],
    facets=(),
    matching=Matching.ALL,
    words=("hund", "meld"),
    unknown_words=(),
)
HIT = Hit(
    id="abcdefghij",
    name="Parkfreund",
    is_invented=False,
    summary=None,
    excerpt=None,
    uses=None,
    cost=None,
    licence=None,
    as_of=None,
    changed_on=date(2026, 11, 23),
    origins=(),
)


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ({}, []),
        ({"by_words": 1}, []),
        (
            {"by_words": 0},
            [
                "Kein Eintrag enthält Ihre Wörter. Vielleicht helfen diese, die dem Sinn nach am nächsten liegen."
            ],
        ),
        (
            {"matching": Matching.FEWER},
            ["Kein Eintrag enthält alle Wörter. Diese enthalten einige davon."],
        ),
        (
            {"matching": Matching.FEWER, "unknown_words": ("Hunde",)},
            [
                "Kein Eintrag enthält alle Wörter. Diese enthalten einige davon.",
                "In keinem Eintrag steht: „Hunde“.",
            ],
        ),
        (
            {"matching": Matching.FEWER, "unknown_words": ("Hunde", "melden"), "parts": ("hund",)},
            ["Kein Eintrag enthält „Hunde“ oder „melden“. Diese enthalten einen Teil davon: „hund“."],
        ),
        (
            {
                "question": Question(text="der Bewohnerparkausweis"),
                "matching": Matching.FEWER,
                "parts": ("park", "ausweis"),
                "by_words": 1,
            },
            [
                "Kein Eintrag enthält „Bewohnerparkausweis“. Diese enthalten Teile davon („park“ und „ausweis“) oder "
                "passen dem Sinn nach."
            ],
        ),
        (
            {
                "question": Question(text="Parkausweis kostenlos"),
                "matching": Matching.FEWER,
                "parts": ("park", "ausweis"),
                "left_out": ("kostenlos",),
            },
            [
                "Mit „kostenlos“ finden wir nichts. Hier steht, was wir ohne dieses Wort finden.",
                "Kein Eintrag enthält „Parkausweis“. Diese enthalten Teile davon: „park“ und „ausweis“.",
            ],
        ),
        (
            {
                "question": Question(text="Parkausweis Hundesteuer Müllabfuhr Wohngeld"),
                "matching": Matching.FEWER,
                "parts": ("park", "hund"),
            },
            ["Kein Eintrag enthält eines Ihrer Wörter. Diese enthalten Teile davon: „park“ und „hund“."],
        ),
        (
            {"left_out": ("kostenlos",)},
            ["Mit „kostenlos“ finden wir nichts. Hier steht, was wir ohne dieses Wort finden."],
        ),
        (
            {"left_out": ("kostenlos", "in Hessen")},
            [
                "Mit „kostenlos“ und „in Hessen“ finden wir nichts. Hier steht, was wir ohne diese Wörter finden."
            ],
        ),
    ],
)
def test_the_notes_above_the_hits(said: dict[str, Any], notes: list[str]) -> None:
    assert _notes(replace(PAGE, **said)) == notes


def hits(hit: Hit) -> str:
    return render_to_string("marketplace/_hits.html", {"hits": [hit]})


def test_a_hit_by_meaning_says_so_in_words() -> None:
    said = "Dem Sinn nach gefunden, keines Ihrer Wörter kommt vor."
    assert said in hits(replace(HIT, by_meaning=True))
    assert said not in hits(HIT)


def test_a_hit_of_a_list_that_nobody_searched_explains_nothing() -> None:
    assert "Warum steht das hier?" not in hits(HIT)
    assert "Warum steht das hier?" in hits(replace(HIT, why="/suche/warum/abcdefghij?q=x"))
