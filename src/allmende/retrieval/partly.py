"""How much of a word is said by some of its parts: what counts where no entry has the word itself.

Of "Bewohnerparkausweis" an entry about parking for residents says much, and any entry with some "Ausweis" in it next to
nothing. How much is decided by rarity: each part is worth what BM25 takes for its rarity (`ranking.rarity`), and an
entry says so much of the word as its parts are worth together. A part that no entry has is as rare as if one had it.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations

ENOUGH_OF_A_WORD = 0.42
"""Of two parts the rarer is always enough, and the commoner only where they are about equally rare."""


def enough_parts(worth: Mapping[str, float]) -> Iterator[tuple[str, ...]]:
    """The smallest choices of parts (index words) that are enough of the word, by the worth of each of its parts."""
    least = ENOUGH_OF_A_WORD * sum(worth.values())
    found: list[set[str]] = []
    for size in range(1, len(worth) + 1):
        for chosen in combinations(sorted(worth), size):
            if sum(worth[part] for part in chosen) >= least and not any(one <= set(chosen) for one in found):
                found.append(set(chosen))
                yield chosen
