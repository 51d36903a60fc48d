"""The words of one field in one segment of the embedded engine, read from its own file: where each one's entries stand.

The engine tells which entries have a word only one by one, as objects of Python. Counting needs them by the million,
so this reads what the engine wrote: a finite state transducer from the bytes of a word to its number in the order of
words, and a table from that number to the stretch of the file of entries. The layout is that of `postings.LAYOUT`.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TABLE_BESIDE_STATES, STATES_VERSION = [1, 1], 2
_END = struct.Struct("<QII")
"""The size of the table, and of what kind all this is."""

ONE_TO_NEXT, ONE = 0b11, 0b10
FINAL, LOW_BITS = 0b01_000000, 0b00_111111
INDEXED_FROM = 32
"""A state with more than so many transitions has a table of 256 bytes beside them."""

COMMON = b"te/oasripcnw.hlm-du012g=:bf3y5&_4v9678k%?xCDASFIBEjPTzRNM+LOqHG"
"""Letters that a state with one transition has in itself, by number less one; others stand before it."""

BLOCK = 256
_HEAD = struct.Struct("<QIQIQI3B")
"""Of a block of the table: where its packed rest begins, its first word in full, and the widths in bits."""


class UnknownLayout(Exception):
    """A file of the engine is not laid out as we know it."""


@contextmanager
def as_known() -> Iterator[None]:
    """What goes wrong where a file is laid out in another way, or is cut short, as an error that callers know."""
    try:
        yield
    except (ValueError, LookupError, TypeError, OSError, struct.error) as error:
        raise UnknownLayout(str(error)) from error


def vint(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the last with its highest bit set, and where it ends."""
    number = shift = 0
    while not data[at] & 128:
        number |= data[at] << shift
        at, shift = at + 1, shift + 7
    return number | (data[at] & 127) << shift, at + 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """How many entries have a word (those removed since included), and where they stand in the field's entries."""

    entries: int
    start: int
    stop: int


class Termlist:
    """`data` is the field's part of the file of words."""

    def __init__(self, data: memoryview) -> None:
        end = len(data) - _END.size
        size, *kind = _END.unpack_from(data, end)
        if kind != TABLE_BESIDE_STATES or not 16 < size < end:
            raise UnknownLayout(f"words as {kind}")
        self._states, self._table = data[: end - size], data[end - size : end]
        if struct.unpack_from("<Q", self._states) != (STATES_VERSION,):
            raise UnknownLayout("states of words")
        _, self._root = struct.unpack_from("<QQ", self._states, len(self._states) - 16)
        heads, self.words = struct.unpack_from("<QQ", self._table)
        self._packed = self._table[16 + heads :]

    def find(self, word: bytes) -> Stretch | None:
        address, number = self._root, 0
        for letter in word:
            if (step := self._step(address, letter)) is None:
                return None
            address, more = step
            number += more
        final, more = self._final(address)
        return self.stretch(number + more) if final else None

    def all(self) -> Iterator[tuple[bytes, Stretch]]:
        """In the order of words."""
        return ((word, self.stretch(number)) for number, word in enumerate(self._spelt(self._root, b"")))

    def _spelt(self, address: int, so_far: bytes) -> Iterator[bytes]:
        if self._final(address)[0]:
            yield so_far
        for letter in self._letters(address):
            if step := self._step(address, letter):
                yield from self._spelt(step[0], so_far + bytes([letter]))

    def stretch(self, number: int) -> Stretch:
        block, inner = divmod(number, BLOCK)
        packed, entries, start, length, _, _, of_entries, of_start, of_positions = _HEAD.unpack_from(
            self._table, 16 + block * _HEAD.size
        )
        if not inner:
            return Stretch(entries, start, start + length)
        width = of_entries + of_start + of_positions
        bit = packed * 8 + (inner - 1) * width
        return Stretch(
            self._bits(bit + of_start + of_positions, of_entries),
            start + self._bits(bit, of_start),
            start + self._bits(bit + width, of_start),
        )

    def _bits(self, bit: int, width: int) -> int:
        byte, shift = divmod(bit, 8)
        return (int.from_bytes(self._packed[byte : byte + 8], "little") >> shift) & ((1 << width) - 1)

    # States: each is written before the byte at its address, the last written first

    def _step(self, address: int, letter: int) -> tuple[int, int] | None:
        """Where a letter leads, and what it adds to the number of the word."""
        if not address:
            return None
        head = self._states[address]
        if head >> 6 == ONE_TO_NEXT:
            own, at = self._only_letter(address, head)
            return (at - 1, 0) if own == letter else None
        if head >> 6 == ONE:
            own, at = self._only_letter(address, head)
            return self._one(at) if own == letter else None
        return self._among(address, head, letter)

    def _only_letter(self, address: int, head: int) -> tuple[int, int]:
        """The letter, and the address of the byte in which it stands or could stand."""
        common = head & LOW_BITS
        return (COMMON[common - 1], address) if common else (self._states[address - 1], address - 1)

    def _one(self, at: int) -> tuple[int, int]:
        sizes = self._states[at - 1]
        of_step, of_number = sizes >> 4, sizes & 15
        end = at - 1 - of_step - of_number
        return self._target(end + of_number, of_step, end), self._number(end, of_number)

    def _many(self, address: int, head: int) -> tuple[int, int, int, int]:
        """How many transitions, the address below their letters' end, and the sizes of a step and of a number."""
        many, at = head & LOW_BITS, address
        if not many:
            many, at = self._states[address - 1], address - 1
            many = 256 if many == 1 else many
        sizes = self._states[at - 1]
        return many, at - 1 - (256 if many > INDEXED_FROM else 0), sizes >> 4, sizes & 15

    def _among(self, address: int, head: int, letter: int) -> tuple[int, int] | None:
        many, at, of_step, of_number = self._many(address, head)
        place = bytes(self._states[at - many : at]).find(letter)
        if place < 0:
            return None
        which = many - 1 - place
        steps = at - many
        numbers = steps - many * of_step
        end = numbers - many * of_number - (of_number if head & FINAL else 0)
        target = self._target(steps - (which + 1) * of_step, of_step, end)
        return target, self._number(numbers - (which + 1) * of_number, of_number)

    def _letters(self, address: int) -> bytes:
        if not address:
            return b""
        head = self._states[address]
        if head >> 6 in (ONE, ONE_TO_NEXT):
            return bytes([self._only_letter(address, head)[0]])
        many, at, _, _ = self._many(address, head)
        return bytes(self._states[at - many : at])[::-1]

    def _final(self, address: int) -> tuple[bool, int]:
        """Whether a word may end here, and what that adds to its number."""
        if not address:
            return True, 0
        head = self._states[address]
        if head >> 7 or not head & FINAL:
            return False, 0
        many, at, of_step, of_number = self._many(address, head)
        return True, self._number(at - many - many * of_step - (many + 1) * of_number, of_number)

    def _target(self, at: int, size: int, end: int) -> int:
        back = int.from_bytes(self._states[at : at + size], "little")
        return end - back if back else 0

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self._states[at : at + size], "little")
