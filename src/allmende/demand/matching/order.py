"""The order of matches: a written rule, pure, the same for everybody. docs/explanation/matching.md says it in German.

1. What fails a must comes after all that fail none; what is unknown fails nothing.
2. Then by points: nine parts of nearness, one part of met criteria, where a must counts twice as much as a should.
3. Of equal points, by the rule of the search for ties (`retrieval.ties`): a digest of the need and the id.

A criterion that is met and comes to the others never lowers the points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.demand.statements import MET, UNKNOWN, UNMET, Codes, Wanted
from allmende.retrieval.ties import tie

NEARNESS, CRITERIA = 0.9, 0.1
MUST, SHOULD = 2, 1
DIGITS = 6


@dataclass(frozen=True)
class Place:
    """What decides about one place."""

    identity: str
    failed_musts: int
    points: float


def weight(wanted: Wanted) -> int:
    return MUST if wanted.is_must else SHOULD


def met_share(verdicts: Sequence[int], weights: Sequence[int]) -> float:
    """Weight of what is met among all that is asked; 1 where nothing is asked."""
    total = sum(weights)
    return sum(w for v, w in zip(verdicts, weights, strict=True) if v == MET) / total if total else 1.0


def points(nearness: float, share: float) -> float:
    """From 0 to 1, rounded so that no last digit of a sum decides."""
    return round(NEARNESS * nearness + CRITERIA * share, DIGITS)


def in_order(places: Iterable[Place], asked: str) -> list[Place]:
    """By the rule; does not depend on the order in which they come."""
    return sorted(places, key=lambda each: (each.failed_musts, -each.points, tie(asked, each.identity)))


@dataclass(frozen=True)
class Columns:
    """Verdicts of rows: shares of met criteria, failed and unknown musts."""

    share: NDArray[np.float64]
    failed: NDArray[np.int64]
    unknown: NDArray[np.int64]


def columns(verdicts: Sequence[Codes], wanted: Sequence[Wanted], rows: int) -> Columns:
    """The same for many rows at once."""
    met = np.zeros(rows, dtype=np.int64)
    failed, unknown = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    for said, each in zip(verdicts, wanted, strict=True):
        met += weight(each) * (said == MET)
        failed += each.is_must * (said == UNMET)
        unknown += each.is_must * (said == UNKNOWN)
    total = sum(map(weight, wanted))
    return Columns(met / total if total else np.ones(rows), failed, unknown)
