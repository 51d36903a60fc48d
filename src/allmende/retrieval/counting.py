"""How many entries are found and how many have each value of each facet, counted in bits: one for each entry.

The engine counts by walking through the entries of each value, once for the whole page and once more for each facet
with a choice, and works out anew each time what is found. Here that is worked out once, and each further count is a
few operations on bits: `docs/decisions/0069-counting-in-bits.md` has the figures. Exact, like everything counted.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allmende.retrieval import schema
from allmende.retrieval.blocks import unpacked
from allmende.retrieval.documents import facet_term
from allmende.retrieval.having import AtLeast, Has, Having, Without
from allmende.retrieval.kept import Kept
from allmende.retrieval.postings import Committed, Segment, committed
from allmende.retrieval.termlist import UnknownLayout, as_known

Bits = NDArray[np.uint64]

REMEMBERED_BYTES = 24_000_000
"""Of the bits of words asked for last."""

SPARSE = 128
"""Of values that one entry in so many has, or fewer, the entries are kept and not bits for all."""

SCATTERED = 4
"""Where less than one in so many whole numbers has a bit, only those are looked at."""

FEW = 256
"""Where fewer than one entry in so many has a word, its bits are set one by one."""

AT_ONCE = 16_000
"""So many whole numbers are worked on at once, as the processor keeps near."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Values:
    """Of one facet in one segment: the values most entries have with their bits, row by row, and those of few entries
    with these entries, one value's after the other's from `starts` on.
    """

    dense: tuple[str, ...]
    rows: Bits
    sparse: tuple[str, ...]
    docs: NDArray[np.int64]
    starts: NDArray[np.int64]

    def counted(self, found: Bits, where: NDArray[np.int64] | None, into: dict[str, int]) -> None:
        """`where` are the places of `found` that are not 0, None where most are."""
        bits = found if where is None else found[where]
        step = max(1, AT_ONCE // max(1, bits.size))
        for first in range(0, len(self.dense), step):
            rows = self.rows[first : first + step]
            numbers = np.bitwise_count((rows if where is None else rows[:, where]) & bits)
            _add(into, self.dense[first : first + step], numbers.sum(axis=1, dtype=np.int64))
        if self.sparse:
            _add(into, self.sparse, np.add.reduceat(_tested(found, self.docs), self.starts))


def _add(into: dict[str, int], values: Sequence[str], numbers: NDArray[np.int64]) -> None:
    for value, number in zip(values, numbers.tolist(), strict=True):
        if number:
            into[value] = into.get(value, 0) + number


def _tested(found: Bits, docs: NDArray[np.int64]) -> NDArray[np.int64]:
    """1 where the entry is found, else 0."""
    tested: NDArray[np.int64] = (found[docs >> 6] >> (docs & 63).astype(np.uint64) & np.uint64(1)).astype(
        np.int64
    )
    return tested


@dataclass(frozen=True)
class Counting:
    """A committed state of the index. Bits of each segment begin at a whole number of 64 of them."""

    state: Committed
    _facets: dict[str, dict[str, _Values]] = field(default_factory=dict)
    """By segment and facet, worked out when first asked for. Segments never change, so the next commit's begins with
    those of the last."""

    # What is found

    @cached_property
    def _starts(self) -> list[int]:
        """Of each segment, in whole numbers of 64 bits, and the end of all."""
        starts = [0]
        for segment in self.state.segments:
            starts.append(starts[-1] + (segment.entries + 63) // 64)
        return starts

    @cached_property
    def everything(self) -> Bits:
        """All entries that were not removed."""
        bits = np.zeros(self._starts[-1], np.uint64)
        for segment, start, left in zip(self.state.segments, self._starts, self.state.left, strict=False):
            if left is not None:
                bits[start : start + left.size] = left
            else:
                ones = np.zeros(-(-segment.entries // 64) * 64, np.uint8)
                ones[: segment.entries] = 1
                bits[start : start + ones.size // 64] = _packed(ones)
        return bits

    def found(self, having: Having) -> Bits:
        """Removed ones included: to be narrowed by `everything`."""
        if isinstance(having, Has):
            return self._word(having.field, having.word)
        return self._asked_last.get(having, lambda: self._combined(having))

    @cached_property
    def _asked_last(self) -> Kept[Having, Bits]:
        """What one question asks for several times: to be found, to be counted, to be corrected."""
        return Kept(16)

    def _combined(self, having: AtLeast | Without) -> Bits:
        if isinstance(having, Without):
            return self.found(having.having) & ~self.found(having.without)
        if having.number > len(having.parts):
            return np.zeros_like(self.everything)
        if having.number == len(having.parts):
            return reduce(np.bitwise_and, map(self.found, having.parts))
        if having.number == 1:
            return reduce(np.bitwise_or, map(self.found, having.parts))
        return self.levels(having.parts)[having.number - 1]

    def levels(self, parts: Sequence[Having]) -> list[Bits]:
        """Who has at least one of the parts, at least two, and so on."""
        levels: list[Bits] = []
        for bits in map(self.found, parts):
            further = bits
            for place, level in enumerate(levels):
                levels[place], further = level | further, level & further
            levels.append(further)
        return levels

    def _word(self, of_field: str, word: str) -> Bits:
        return self._words.get((of_field, word), lambda: self._read(of_field, word))

    @cached_property
    def _words(self) -> Kept[tuple[str, str], Bits]:
        """Who asks for a word asks for it several times, and for some words many ask."""
        return Kept(max(32, REMEMBERED_BYTES // max(1, self.everything.nbytes)))

    def _read(self, of_field: str, word: str) -> Bits:
        with as_known():
            pieces = [
                segment.packed(of_field, stretch, start * 64)
                for segment, start in zip(self.state.segments, self._starts, strict=False)
                if (stretch := segment.find(of_field, word))
            ]
            if not pieces:
                return np.zeros_like(self.everything)
            docs = unpacked(pieces, self.state.segments[0].skip_bytes(of_field))
            few = sum(piece.entries for piece in pieces) * FEW < self.everything.size * 64
            bits = _bits(docs, self.everything.size * 64, few=few)
        bits.flags.writeable = False
        return bits

    def number(self, bits: Bits) -> int:
        return int(np.bitwise_count(bits).sum(dtype=np.int64))

    def have(self, bits: Bits, places: Sequence[tuple[int, int]]) -> list[bool]:
        """Whether the bits of these entries are set, each by the number of its segment and its own in it."""
        numbers = (self._starts[segment] * 64 + entry for segment, entry in places)
        tested = _tested(bits, np.fromiter(numbers, np.int64, len(places)))
        return [bool(bit) for bit in tested.tolist()]

    # Facets

    def facets(self, found: Bits, facets: Iterable[str]) -> dict[str, dict[str, int]]:
        """Of each facet the values that entries found have, with how many have them."""
        counts: dict[str, dict[str, int]] = {facet: {} for facet in facets}
        for place, segment in enumerate(self.state.segments):
            bits = found[self._starts[place] : self._starts[place + 1]]
            where = np.flatnonzero(bits)
            values = self._values(segment) if where.size else {}
            for facet, into in counts.items():
                if facet in values:
                    values[facet].counted(bits, where if where.size * SCATTERED < bits.size else None, into)
        return counts

    def _values(self, segment: Segment) -> dict[str, _Values]:
        if segment.key not in self._facets:
            with as_known():
                self._facets[segment.key] = _read_values(segment)
        return self._facets[segment.key]

    def chosen(self, facet: str, values: Collection[str]) -> Bits:
        """Who has one of the values."""
        bits = np.zeros_like(self.everything)
        for value in values:
            bits |= self._word(schema.FACETS, facet_term(facet, value))
        return bits


@dataclass(frozen=True)
class Narrowed:
    """What is found in scope, and what each facet with a choice leaves of all entries."""

    counting: Counting
    found: Bits
    choices: Mapping[str, Bits]

    def bits(self, left_out: str = "") -> Bits:
        """What is found within all choices but that of the facet left out."""
        bits = self.found
        for facet, chosen in self.choices.items():
            if facet != left_out:
                bits = bits & chosen
        return bits

    @cached_property
    def before(self) -> int:
        """How many are found whatever is chosen."""
        return self.counting.number(self.found)

    @cached_property
    def total(self) -> int:
        return self.counting.number(self.bits())

    def facets(self, wanted: Collection[str]) -> dict[str, dict[str, int]]:
        """Counted without its own choice is each facet that has one."""
        counts = self.counting.facets(self.bits(), [facet for facet in wanted if facet not in self.choices])
        for facet in self.choices.keys() & set(wanted):
            counts |= self.counting.facets(self.bits(left_out=facet), [facet])
        return counts


def _packed(ones: NDArray[np.uint8]) -> Bits:
    return np.packbits(ones, bitorder="little").view("<u8")


def _bits(docs: Iterable[NDArray[np.int64]], total: int, *, few: bool) -> Bits:
    if few:
        bits = np.zeros(total // 64, np.uint64)
        for some in docs:
            np.bitwise_or.at(bits, some >> 6, np.uint64(1) << (some & 63).astype(np.uint64))
        return bits
    ones = np.zeros(total, np.uint8)
    for some in docs:
        ones[some] = 1
    return _packed(ones)


def _read_values(segment: Segment) -> dict[str, _Values]:
    words = segment.termlist(schema.FACETS)
    total = -(-segment.entries // 64) * 64
    found: dict[str, tuple[dict[str, Bits], dict[str, NDArray[np.int64]]]] = {}
    for term, stretch in words.all() if words else ():
        facet, _, value = term.decode().partition("=")
        dense, sparse = found.setdefault(facet, ({}, {}))
        docs = unpacked([segment.packed(schema.FACETS, stretch, 0)], segment.skip_bytes(schema.FACETS))
        if stretch.entries * SPARSE > segment.entries:
            dense[value] = _bits(docs, total, few=False)
        else:
            sparse[value] = np.concatenate(list(docs))
    return {facet: _joined(dense, sparse, total // 64) for facet, (dense, sparse) in found.items()}


def _joined(dense: Mapping[str, Bits], sparse: Mapping[str, NDArray[np.int64]], words: int) -> _Values:
    rows = np.array(list(dense.values()), np.uint64).reshape(len(dense), words)
    ends = np.cumsum([docs.size for docs in sparse.values()], dtype=np.int64)
    return _Values(
        tuple(dense),
        rows,
        tuple(sparse),
        np.concatenate(list(sparse.values())) if sparse else np.zeros(0, np.int64),
        np.concatenate([[0], ends[:-1]]).astype(np.int64) if sparse else ends,
    )


def counting(directory: Path, meta: bytes, entries: int, before: "Counting | None") -> "Counting | None":
    """None where the files are not as we know them: then the engine counts. `before` is what is open of an earlier
    commit, `entries` how many there must be."""
    known = {segment.key: segment for segment in before.state.segments} if before else {}
    try:
        with as_known():
            state = committed(directory, meta, known)
        kept = {segment.key for segment in state.segments}
        facets = {key: values for key, values in before._facets.items() if key in kept} if before else {}
        counted = Counting(state, facets)
        if counted.number(counted.everything) == entries:
            return counted
        log.warning("The engine counts, as the index in %s was changed while it was opened", directory)
    except UnknownLayout as error:
        log.warning("The engine counts, as its files in %s cannot be read here: %s", directory, error)
    return None
