"""How much of a word is said by some of its parts: what counts where no entry has the word itself.

Of "Bewohnerparkausweis" an entry about parking says something, and any entry with some "Ausweis" in it next to nothing.
Decided by rarity: each part is worth what BM25 takes for its rarity (`ranking.rarity`), and an entry says so much of
the word as the parts that it has are worth among those that any entry has.

The last part of a German compound is the general one, what sort of thing it is. Where the others are in no entry, it
has to be worth so much beside these, too, each taken for as rare as if one entry had it.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

ENOUGH_OF_A_WORD = 0.42
"""Of two parts the rarer is always enough, and the commoner only where they are about equally rare."""


def enough_parts(worth: Mapping[str, float], there: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The smallest choices of parts (index words) that are enough of the word, by the worth of each of its parts in
    order. `there`: those that some entry has."""
    found: list[set[str]] = []
    for size in range(1, len(there) + 1):
        for chosen in combinations(sorted(there), size):
            if is_enough(worth, there, chosen) and not any(one <= set(chosen) for one in found):
                found.append(set(chosen))
                yield chosen


def is_enough(worth: Mapping[str, float], there: Collection[str], chosen: Collection[str]) -> bool:
    """Whether these parts say enough of the word."""
    said = sum(worth[part] for part in chosen)
    last = list(worth)[-1]
    beside = worth if set(chosen) == {last} else there
    return said > 0 and said >= ENOUGH_OF_A_WORD * sum(worth[part] for part in beside)
