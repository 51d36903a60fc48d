"""Sets of row ids as text: `"4-9,12"`. Ascending, without overlap, neighbours joined, so that a set has one text."""

from collections.abc import Iterable, Iterator

Ranges = list[tuple[int, int]]
"""First and last id of each run, both included."""


def of_ids(ids: Iterable[int]) -> Ranges:
    """Ids in any order, each counted once."""
    return joined((each, each) for each in ids)


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges in any order, overlapping ones and neighbours made one."""
    found: Ranges = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def without(ranges: Ranges, taken: Ranges) -> Ranges:
    """What of `ranges` is not in `taken`; both as `joined` gives them."""
    left: Ranges = []
    for first, last in ranges:
        for start, end in taken:
            if end < first or start > last:
                continue
            if start > first:
                left.append((first, start - 1))
            first = end + 1
        if first <= last:
            left.append((first, last))
    return left


def ids(ranges: Ranges) -> Iterator[int]:
    for first, last in ranges:
        yield from range(first, last + 1)


def size(ranges: Ranges) -> int:
    return sum(last - first + 1 for first, last in ranges)


def to_text(ranges: Ranges) -> str:
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def from_text(text: str) -> Ranges:
    """The ranges that `to_text` wrote. `ValueError` for anything else: an altered row may hold any text."""
    pairs = [each.split("-") for each in text.split(",")] if text else []
    found = [(int(pair[0]), int(pair[-1])) for pair in pairs]
    if to_text(joined(found)) != text or any(first > last for first, last in found):
        raise ValueError(f"no set of ids in its one form: {text[:40]!r}")
    return found


def inside(ascending: Iterable[int], ranges: Ranges, *, not_: bool = False) -> Iterator[int]:
    """Those of the ascending ids that are in the ranges, or with `not_` those that are not."""
    at = 0
    for each in ascending:
        while at < len(ranges) and ranges[at][1] < each:
            at += 1
        if (at < len(ranges) and ranges[at][0] <= each) != not_:
            yield each
