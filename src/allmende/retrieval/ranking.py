"""By what words rank: every constant of the lexical score, in one place.

The score of an entry is a plain sum of BM25 scores (k1 1.2, b 0.75) over everything asked for that it has: each word,
each smallest part of it, each synonym handed in, its class, each pair of neighbours. How the numbers were found, and
what was tried and dropped, stands in `docs/decisions/0061-lexical-ranking.md`.
"""

from dataclasses import dataclass
from math import log


@dataclass(frozen=True)
class Ranking:
    """Weights multiply the BM25 score of what they are named after; a word itself counts 1."""

    part: float = 0.9
    """Of each smallest part of a word in the field of parts, where a simple word is its own only part."""

    synonym: float = 0.5
    """Of an alternative that the caller hands in, scored by word and parts like the query itself; of several from one
    source only the one that gives most counts."""

    classified: float = 0.2
    """Of a word among those for the sort of thing an entry is: hundreds share them, and none of them has written it."""

    neighbour: float = 0.7
    """Of two smallest parts that follow each other in the query, within a word or over its end, and in the entry."""

    gap: int = 1
    """How many words may stand between neighbours in the entry; stop words are not counted."""

    neighbour_entries: int = 20_000
    """Pairs are looked for, the rarest first, until the entries to look into add up to this: time, not quality."""


RANKING = Ranking()


def rarity(entries: int, having: int) -> float:
    """What BM25 takes for the rarity of a word that so many of all entries have."""
    having = min(entries, having)
    return log(1 + (entries - having + 0.5) / (having + 0.5))
