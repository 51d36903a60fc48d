"""The numbers of the entries that have a word, as the embedded engine packs them: unpacked a hundred thousand at once.

Entries stand in ascending order, 128 to a block, each as its distance from the one before; what is left over stands
behind the blocks in bytes of seven bits. The layout is that of `postings.LAYOUT`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.termlist import UnknownLayout, vint

BLOCK = 128
"""Entries are packed by so many, the rest one by one."""

MANY_BLOCKS, AT_ONCE = 150, 256
"""Blocks from which on rows are quicker, and as many as the processor keeps near: ten thousand at once take five times
as long each."""

LESS_ONE = 64
"""The mark of a block whose distances are stored less one, as they all are."""

SKIP_BYTES = {"basic": 5, "freq": 8, "position": 12}
"""Said of a block before all blocks, by what a field keeps of a word in an entry."""

Docs = NDArray[np.int64]
_NONE: Docs = np.zeros(0, np.int64)
_PADDING = bytes(16)
_BEFORE_FIRST: Docs = np.full(1, -1)


@dataclass(frozen=True, slots=True)
class Packed:
    """The entries of a word in one segment as the engine wrote them: how many, and in how many numbers they may lie.

    `first` is the number that the segment's first entry is to have.
    """

    data: bytes
    entries: int
    first: int
    limit: int


def unpacked(pieces: Sequence[Packed], skip_bytes: int) -> Iterator[Docs]:
    """The entries of all pieces, in no order. All at once, as each call of numpy costs what a thousand entries do.

    Packed are distances between entries, less one in full blocks. What is said of each block beforehand has its last
    entry, which is compared: a layout that we do not know does not go unnoticed.
    """
    blocks = _Blocks()
    for piece in pieces:
        full, rest = divmod(piece.entries, BLOCK)
        at, before = blocks.add(piece, full, skip_bytes) if full else (0, 0)
        if rest:
            last = _rest(piece.data, at, rest) + before
            if int(last[-1]) >= piece.limit:
                raise UnknownLayout("the last entries of a word")
            yield last + piece.first
    yield from blocks.unpacked()


class _Blocks:
    """Full blocks of several pieces: where each begins, how wide its numbers are, what comes before it and last."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []
        self._length = 0
        self._said: list[tuple[NDArray[np.int64], ...]] = []

    def add(self, piece: Packed, full: int, skip_bytes: int) -> tuple[int, int]:
        """Where the rest of the piece begins, and the entry before it."""
        length, at = vint(piece.data, 0)
        if length != full * skip_bytes:
            raise UnknownLayout("what is said of blocks")
        skips = np.frombuffer(piece.data, np.uint8, length, at).reshape(full, skip_bytes)
        if not bool((skips[:, 4] & LESS_ONE).all()):
            raise UnknownLayout("distances between entries")
        widths = (skips[:, 4] & 31).astype(np.int64)
        sizes = widths + skips[:, 5] if skip_bytes > SKIP_BYTES["basic"] else widths
        ends = np.cumsum(sizes * (BLOCK // 8))
        last = np.frombuffer(skips[:, :4].tobytes(), "<u4").astype(np.int64)
        if int(last[-1]) >= piece.limit:
            raise UnknownLayout("entries of a word")
        stop = at + length + int(ends[-1])
        before = np.concatenate([_BEFORE_FIRST, last[:-1]])
        starts = ends - sizes * (BLOCK // 8) + self._length
        self._said.append((starts, widths, before + piece.first, last + piece.first))
        self._bodies.append(piece.data[at + length : stop])
        self._length += stop - at - length
        return stop, int(last[-1])

    def unpacked(self) -> Iterator[Docs]:
        if not self._said:
            return
        starts, widths, before, last = (np.concatenate(parts) for parts in zip(*self._said, strict=True))
        words = np.frombuffer(b"".join([*self._bodies, _PADDING]), "<u4")
        for which in _together(widths):
            at, width = starts[which] // 4, widths[which]
            alike = width.size >= MANY_BLOCKS and width[0] and bool((width == width[0]).all())
            distances = _by_rows(words, at, int(width[0])) if alike else _by_blocks(words, at, width)
            docs = np.cumsum(distances, axis=1, dtype=np.int64)
            docs += before[which, None]
            if not np.array_equal(docs[:, -1], last[which]):
                raise UnknownLayout("entries of a word")
            yield docs.reshape(-1)


def _together(widths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Places of blocks to be unpacked together: few all at once, many by width."""
    if widths.size < MANY_BLOCKS:
        yield np.arange(widths.size)
        return
    for width in np.unique(widths):
        of_width = np.flatnonzero(widths == width)
        for first in range(0, of_width.size, AT_ONCE):
            yield of_width[first : first + AT_ONCE]


# A block is rows of four 32-bit words. Number by number goes across the four columns, each of which is filled from the
# lowest bit of its word and overflows into the same column of the next row. A width of 0 says that all are 1.


def _by_rows(words: NDArray[np.uint32], starts: NDArray[np.int64], width: int) -> NDArray[np.uint32]:
    """Of many blocks the same four numbers at once: 0.5 ns a number."""
    rows = words[np.arange(4 * width)[:, None] + starts].reshape(width, 4, starts.size)
    numbers = np.empty((BLOCK // 4, 4, starts.size), np.uint32)
    for place, (row, shift, spills) in enumerate(_places(width)):
        np.right_shift(rows[row], np.uint32(shift), out=numbers[place])
        if spills:
            numbers[place] |= rows[row + 1] << np.uint32(32 - shift)
    numbers &= np.uint32((1 << width) - 1)
    numbers += np.uint32(1)
    by_block: NDArray[np.uint32] = np.ascontiguousarray(numbers.reshape(BLOCK, starts.size).T)
    return by_block


@lru_cache(maxsize=32)
def _places(width: int) -> list[tuple[int, int, bool]]:
    """For each four numbers: the row they begin in, at which bit, and whether they go on in the next row."""
    bits = [divmod(number * width, 32) for number in range(BLOCK // 4)]
    return [(row, shift, shift + width > 32) for row, shift in bits]


def _by_blocks(
    words: NDArray[np.uint32], starts: NDArray[np.int64], widths: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Of few blocks all numbers at once: 5 ns a number, and few calls."""
    low, high, right, left, spills, mask = (table[widths] for table in _tables())
    numbers: NDArray[np.uint32] = words[starts[:, None] + low] >> right
    further = words[starts[:, None] + high] << left
    numbers |= further & spills
    numbers &= mask
    numbers += np.uint32(1)
    return numbers


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[Any], ...]:
    """For each width and each number of a block: the word it begins in and the one it may go on in, by how many bits
    each is moved, and all bits where it does go on; for each width the bits that are a number's."""
    width, number = np.arange(32)[:, None], np.arange(BLOCK)
    row, shift = np.divmod(number // 4 * width, 32)
    goes_on = shift + width > 32
    low = row * 4 + number % 4
    spills, mask = np.where(goes_on, 0xFFFFFFFF, 0), (1 << width) - 1
    bits = (shift, (32 - shift) % 32, spills, mask)
    return low, np.where(goes_on, low + 4, low), *(table.astype(np.uint32) for table in bits)


def _rest(data: bytes, at: int, many: int) -> Docs:
    """The last entries, less than a block, from the one before them: distances in seven bits a byte."""
    octets = np.frombuffer(data, np.uint8, min(len(data) - at, many * 5), at)
    ends = np.flatnonzero(octets & 128)[:many]
    if ends.size < many:
        raise UnknownLayout("the last entries of a word")
    octets = octets[: int(ends[-1]) + 1]
    starts = np.concatenate([[0], ends[:-1] + 1])
    shifts = 7 * (np.arange(octets.size) - np.repeat(starts, ends - starts + 1))
    return np.cumsum(np.add.reduceat((octets & 127).astype(np.int64) << shifts, starts))
