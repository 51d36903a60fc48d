"""What packages say about a solution for what a need asks, criterion by criterion.

Matching knows no package: settings list who knows something (`DEMAND_STATEMENTS`), each a class of the shape
`Knowing`. Of two that speak about the same criterion, the first in the list with more than "unknown" is heard.

"keine Angabe" is `unknown`: shown and counted, never met and never failed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from allmende.lib.actors import Actor

Verdict = Literal["met", "unmet", "unknown"]
VERDICTS: dict[Verdict, str] = {"met": "erfüllt", "unmet": "nicht erfüllt", "unknown": "keine Angabe"}
MET, UNKNOWN, UNMET = 1, 0, -1
WORD_OF: dict[int, Verdict] = {MET: "met", UNKNOWN: "unknown", UNMET: "unmet"}

Codes = NDArray[np.int8]
"""Verdicts as numbers (`MET`, `UNKNOWN`, `UNMET`)."""


class Subject(NamedTuple):
    """What is judged: a solution with one of its offers, or as it stands ("" as offer). Public ids."""

    solution: str
    offer: str = ""


@dataclass(frozen=True)
class Wanted:
    """One criterion of a need. `criterion` is "" for one in the town's own words (`text`): nobody's statement meets it.

    `value` is what `criteria.check_wanted` has let through.
    """

    criterion: str
    value: Any = None
    weight: Literal["must", "should"] = "must"
    text: str = ""

    @property
    def is_must(self) -> bool:
        return self.weight == "must"


@dataclass(frozen=True)
class Context:
    """For whom it is judged. `population` and `size_class` are the need's, `land` the key of its town's Land; None and
    "" where nobody says. `actor` decides which prices are looked at; `today` what has lapsed."""

    today: date
    actor: Actor = field(default_factory=Actor.anonymous)
    population: int | None = None
    size_class: int | None = None
    land: str = ""


@dataclass(frozen=True)
class Statement:
    """One verdict with its `reason` (a German sentence) and `source` (whose word it is, in German).

    `subject` is type and public id of the value it was read from ("offer", "x7…"); ("", "") where there is no value,
    which only "unknown" may have. `as_of` is the day of the value, None where it has none.
    """

    criterion: str
    verdict: Verdict
    reason: str
    source: str = ""
    as_of: date | None = None
    subject: tuple[str, str] = ("", "")

    @property
    def label(self) -> str:
        return VERDICTS[self.verdict]


class Knowing(Protocol):
    """A package's word on criteria. Both calls say the same of the same subject."""

    def states(
        self, subjects: Sequence[Subject], wanted: Sequence[Wanted], context: Context
    ) -> Mapping[Subject, Sequence[Statement]]:
        """For a few subjects: one statement for each of `wanted`, in order. Its number of queries is fixed."""

    def verdicts(self, subjects: Sequence[Subject], wanted: Wanted, context: Context) -> Codes:
        """For all subjects at once, each named once and public, as numbers, in their order. No query for each."""


@cache
def knowing() -> tuple[Knowing, ...]:
    """Everybody who knows something about solutions, in the order of settings."""
    return tuple(import_string(path)() for path in settings.DEMAND_STATEMENTS)


def statements(
    subjects: Sequence[Subject], wanted: Sequence[Wanted], context: Context
) -> dict[Subject, list[Statement]]:
    """For each subject one statement for each of `wanted`, in its order."""
    heard = [one.states(subjects, wanted, context) for one in knowing()]
    return {
        subject: [
            _first([said[subject][place] for said in heard if subject in said], each)
            for place, each in enumerate(wanted)
        ]
        for subject in subjects
    }


def verdicts(subjects: Sequence[Subject], wanted: Wanted, context: Context) -> Codes:
    """The same for all subjects and one criterion, as numbers."""
    answer = np.zeros(len(subjects), dtype=np.int8)
    for one in knowing():
        said = one.verdicts(subjects, wanted, context)
        answer = np.where(answer == UNKNOWN, said, answer).astype(np.int8)
    return answer


def nobody_says(wanted: Wanted) -> Statement:
    """What holds where no package knows anything."""
    if wanted.text and not wanted.criterion:
        return Statement(
            "", "unknown", "Das haben Sie in eigenen Worten verlangt. Fragen Sie den Anbieter danach."
        )
    return Statement(wanted.criterion, "unknown", "Dazu gibt es keine Angabe.")


def _first(said: Sequence[Statement], wanted: Wanted) -> Statement:
    telling = (each for each in said if each.verdict != "unknown")
    return next(telling, said[0] if said else nobody_says(wanted))
