"""How good a ranking is, and whether a difference between two of them is more than chance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20261123

Scores = NDArray[np.float64]
"""One number for each question, in the order of the set."""


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain with the grade as gain, as trec_eval's `ndcg_cut`: 0 to 1."""
    gained = _discounted([grades.get(identity, 0) for identity in ranked[:depth]])
    best = _discounted(sorted(grades.values(), reverse=True)[:depth])
    return gained / best


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Which share of the entries with a grade above 0 stands among the first `depth`."""
    wanted = {identity for identity, grade in grades.items() if grade > 0}
    return len(wanted.intersection(ranked[:depth])) / len(wanted)


@dataclass(frozen=True)
class Difference:
    """Mean of the differences question by question, and the middle 95 % of such means over resampled questions."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f} {self.high:+.3f}]"


def difference(of: Scores, to: Scores) -> Difference:
    """Paired bootstrap, seeded: the same figures give the same interval."""
    pairs = of - to
    drawn = np.random.default_rng(SEED).integers(0, len(pairs), (RESAMPLES, len(pairs)))
    low, high = np.percentile(pairs[drawn].mean(axis=1), (2.5, 97.5))
    return Difference(float(pairs.mean()), float(low), float(high))


def tuned(scores: Scores) -> Scores:
    """The half that may be tuned on."""
    return scores[::2]


def held_out(scores: Scores) -> Scores:
    return scores[1::2]


def area(pairs: Sequence[tuple[float, bool]]) -> float:
    """Area under the ROC curve: how often something good has the higher figure of a good and a bad one, ties half."""
    good = np.sort(np.array([figure for figure, is_good in pairs if is_good]))
    bad = np.sort(np.array([figure for figure, is_good in pairs if not is_good]))
    below = np.searchsorted(bad, good, "left").sum()
    level = np.searchsorted(bad, good, "right").sum() - below
    return float((below + level / 2) / (len(good) * len(bad)))
