"""Counts that say nothing about a single town: small ones are hidden, and what would give them away with them."""

from collections.abc import Mapping

# Common in official statistics: with fewer, those who know the place know who it is.
LEAST = 5


def without_small_ones(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The same counts with None for what is hidden; zeros are left out before, they are nobody's.

    The total stands beside them. So that it does not give away what is hidden, there are two hidden ones at least, and
    together they are `LEAST` at least: the next smaller ones are hidden too.
    """
    by_size = sorted((number, name) for name, number in counts.items() if number > 0)
    hidden: list[tuple[int, str]] = [each for each in by_size if each[0] < LEAST]
    for each in by_size[len(hidden) :]:
        if not hidden or (len(hidden) >= 2 and sum(number for number, _ in hidden) >= LEAST):
            break
        hidden.append(each)
    gone = {name for _, name in hidden}
    return {name: None if name in gone else number for name, number in counts.items() if number > 0}


def total_of(counts: Mapping[str, int]) -> int | None:
    """The total, None where it is small itself."""
    total = sum(counts.values())
    return total if total == 0 or total >= LEAST else None
