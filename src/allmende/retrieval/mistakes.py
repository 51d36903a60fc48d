"""How far a word as it was typed is from a word that exists: an edit distance that knows how German is mistyped.

One wrong, missing, additional letter or two swapped ones cost 1 as in any Damerau-Levenshtein distance (each letter
takes part in one mistake only); what people do not see, do not hear or hit on the next key costs less. The tables
are judgement, checked against `tests/retrieval/typos.py`; they change which of several near words is named, and let
a third harmless slip pass in a long word.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

ORDINARY = 1.0
SPELT_OUT, DOUBLED, HEARD, SWAPPED, NEXT_KEY = 0.1, 0.4, 0.5, 0.7, 0.8

_MARGIN = 2
"""Letters kept beside the stretch where two words differ: what follows or precedes decides what a mistake is."""


def _both_ways(groups: Iterable[str], cost: float) -> Iterator[tuple[tuple[str, str], float]]:
    for group in groups:
        for one, other in combinations(group.split(), 2):
            yield (one, other), cost
            yield (other, one), cost


def _keys_side_by_side() -> Iterator[str]:
    """Of a German keyboard: the next in the row, and the two below."""
    rows = ("1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm")
    for row in rows:
        yield from (f"{one} {other}" for one, other in pairwise(row))
    for upper, lower in pairwise(rows):
        yield from (f"{one} {other}" for one, other in zip(upper, lower, strict=False))
        yield from (f"{one} {other}" for one, other in zip(upper[1:], lower, strict=False))


CHEAP: dict[tuple[str, str], float] = {
    **dict(_both_ways(_keys_side_by_side(), NEXT_KEY)),
    **dict(_both_ways(("d t", "b p", "g k", "f v", "v w", "c k", "c z", "s z", "i y", "e ä", "ü y"), HEARD)),
    **dict(
        _both_ways(("ph f", "th t", "dt t", "ck k", "tz z", "ks x", "chs x", "eu äu", "ei ai", "er a"), HEARD)
    ),
    **dict(_both_ways(("ie i", "ie ei", "ss s", "ß s"), DOUBLED)),
    **dict(_both_ways(("a ä", "o ö", "u ü"), DOUBLED)),
    **dict(_both_ways(("ae ä", "oe ö", "ue ü", "ss ß"), SPELT_OUT)),
}
_SIZES = tuple(sorted({(len(one), len(other)) for one, other in CHEAP if (len(one), len(other)) != (1, 1)}))
_VOWELS = frozenset("aeiouäöüy")


def distance(typed: str, meant: str, limit: float) -> float:
    """Between two normalised words: 0.0 for equal ones, infinite beyond `limit`."""
    if typed == meant:
        return 0.0
    typed, meant = _different(typed, meant)
    band = int(limit / SPELT_OUT) if limit < ORDINARY else int(limit) + 2
    if abs(len(typed) - len(meant)) > band:
        return float("inf")
    least = _table(typed, meant, band)
    return least if least <= limit else float("inf")


def _different(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with alike, but for a margin."""
    shorter = min(len(one), len(other))
    start = 0
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    start, end = max(0, start - _MARGIN), max(0, end - _MARGIN)
    return one[start : len(one) - end], other[start : len(other) - end]


def _table(typed: str, meant: str, band: int) -> float:
    """Dynamic programming over beginnings of both words, no further than `band` from the diagonal."""
    infinite = float("inf")
    rows = [[infinite] * (len(meant) + 1) for _ in range(len(typed) + 1)]
    rows[0][0] = 0.0
    for i in range(len(typed) + 1):
        for j in range(max(0, i - band), min(len(meant), i + band) + 1):
            if i or j:
                rows[i][j] = _cell(rows, typed, meant, i, j)
    return rows[-1][-1]


def _cell(rows: list[list[float]], typed: str, meant: str, i: int, j: int) -> float:
    """The least it costs to get from the first i letters typed to the first j meant."""
    best = float("inf")
    if i:
        best = rows[i - 1][j] + _additional(typed, i - 1)
    if j:
        best = min(best, rows[i][j - 1] + _additional(meant, j - 1))
    if i and j:
        one, other = typed[i - 1], meant[j - 1]
        best = min(best, rows[i - 1][j - 1] + (0.0 if one == other else CHEAP.get((one, other), ORDINARY)))
    if i > 1 and j > 1 and typed[i - 1] == meant[j - 2] and typed[i - 2] == meant[j - 1]:
        best = min(best, rows[i - 2][j - 2] + SWAPPED)
    for wide, broad in _SIZES:
        if i >= wide and j >= broad:
            cost = CHEAP.get((typed[i - wide : i], meant[j - broad : j]))
            if cost is not None:
                best = min(best, rows[i - wide][j - broad] + cost)
    return best


def _additional(word: str, place: int) -> float:
    """A letter that the other word lacks: a doubled one and an h that only lengthens a vowel are easily missed."""
    if place and (word[place] == word[place - 1] or (word[place] == "h" and word[place - 1] in _VOWELS)):
        return DOUBLED
    return ORDINARY
