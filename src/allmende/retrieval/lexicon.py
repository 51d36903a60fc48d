"""What compounds are taken apart into: forms of words, and how one level of parts is found among them.

Compiled (`lexicon_making`) to about 5 MB of bytes that are loaded in milliseconds.
"""

import hashlib
import json
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import marisa_trie

PACKED = 2
"""Raised whenever the bytes are laid out otherwise."""

NONE = -1
RAREST = 40
"""What a form costs that begins or ends no other word; the commonest cost nothing."""

_PART, _SHORT_PART = 100, 110
_SHORT_LENGTH = 3
_KEPT = 20_000
"""Ends of words."""

_NO_NOUN = re.compile("(?:ieren|isch(?:e[mnrs]?)?)$")
"""Verbs and adjectives that end like an animal, a kidney, a table or a fish."""

_Row = tuple[int, tuple[int, ...], tuple[str, ...]]
"""What a row of pieces costs, their lengths from the last to the first, each less than nothing, and their words from
the first to the last: of two rows the lesser one is better."""


class Piece(NamedTuple):
    """A stretch of a compound, linking letters included, and the word that it is a form of."""

    form: str
    word: str


def spelled(word: str) -> str:
    """Lower case with ss for ß: how forms are looked up."""
    return word.lower().replace("ß", "ss")


class Lexicon:
    """Forms of words and the word that each belongs to: before other words, and at the end of a compound.

    Forms are numbered. `_before[number]` and `_last[number]` are the numbers of words, or `NONE` where the form does
    not stand there; `_rare_before[number]` and `_rare_last[number]` say how seldom it does, up to `RAREST`. The parts
    of word `number` are `_parts[_ends[number]:_ends[number + 1]]`, or `_fixed_words[number]`. `fixed` are words with
    parts laid down, `whole` those never taken apart, both as `spelled`.
    """

    def __init__(self, content: bytes) -> None:
        """ValueError or KeyError where the content is not what `Packing` makes."""
        header, _, rest = content.partition(b"\n")
        about = json.loads(header)
        if hashlib.sha256(rest).hexdigest() != about["sha256"]:
            raise ValueError("a compiled lexicon is damaged")
        forms, words, before, last, ends, parts, self._rare_before, self._rare_last = _pieces(
            rest, about["sizes"]
        )
        self._forms, self._words = marisa_trie.Trie(), marisa_trie.Trie()
        self._forms.frombytes(forms)
        self._words.frombytes(words)
        self._before, self._last = array("i", before), array("i", last)
        self._ends, self._parts = array("i", [0]) + array("i", ends), array("i", parts)
        self.fixed: Mapping[str, tuple[str, ...]] = {
            word: tuple(parts) for word, parts in about["fixed"].items()
        }
        self._fixed_words = {int(number): tuple(parts) for number, parts in about["fixed words"].items()}
        self.whole: frozenset[str] = frozenset(about["whole"])
        self._rest = lru_cache(_KEPT)(self._cheapest)
        self._names = _Names(self._words)

    def known_as(self, form: str) -> str | None:
        """The word that a whole form, as `spelled`, is one of; None for what is no noun or adjective known here."""
        return self.named(self.number(form))

    def number(self, form: str) -> int:
        """Of that word, or `NONE`."""
        number = self._forms.get(form, NONE)
        return NONE if number == NONE else self._last[number]

    def named(self, number: int) -> str | None:
        """The word with a number."""
        return None if number == NONE else self._names[number]

    def apart(self, form: str, number: int) -> tuple[str, ...]:
        """The words of one level that a word, as `spelled` and with its number or `NONE`, consists of, or ()."""
        if form in self.whole:
            return ()
        if number != NONE:
            parts = self._parts[self._ends[number] : self._ends[number + 1]]
            return self._fixed_words.get(number) or tuple([self._names[part] for part in parts])
        return () if _NO_NOUN.search(form) else self.fixed.get(form) or self._row_words(form)

    def _row_words(self, form: str) -> tuple[str, ...]:
        row = self._cheapest(form, whole=True)
        return row[2] if row else ()

    def pieces(self, form: str) -> list[Piece]:
        """The cheapest row of pieces that covers the form, or []: few, and common rather than rare ones.

        Of rows that cost the same the one whose last piece is longest, then the one before it, and so on.
        """
        row = self._cheapest(form, whole=True)
        pieces: list[Piece] = []
        start = 0
        for length, word in zip(reversed(row[1]), row[2], strict=True) if row else ():
            pieces.append(Piece(form[start : start - length], word))
            start -= length
        return pieces

    def _cheapest(self, form: str, whole: bool = False) -> _Row | None:
        """The best row for what is left of a word, or for all of it, which is then no piece itself.

        Words share their ends: `_rest`, which keeps what it found, makes this twice as quick as looking from the front.
        """
        before, last, rest_of = self._before, self._last, self._rest
        best: _Row | None = None
        length = len(form)
        for piece, number in self._forms.iter_prefixes_with_ids(form):
            size = len(piece)
            if size < length:
                if (word := before[number]) == NONE or (rest := rest_of(form[size:])) is None:
                    continue
                price = rest[0] + self._rare_before[number] + (_PART if size > _SHORT_LENGTH else _SHORT_PART)
                if best is None or price <= best[0]:
                    row = price, (*rest[1], -size), (self._names[word], *rest[2])
                    best = row if best is None else min(row, best)
            elif size > 1 and not whole and (word := last[number]) != NONE:
                price = self._rare_last[number] + (_PART if size > _SHORT_LENGTH else _SHORT_PART)
                if best is None or price <= best[0]:
                    best = price, (-size,), (self._names[word],)
        return best


class _Names(dict[int, str]):
    """Number → word, of those that were met."""

    def __init__(self, words: marisa_trie.Trie) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, number: int) -> str:
        word = self[number] = str(self._words.restore_key(number))
        return word


def _pieces(content: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    place = 0
    for size in sizes:
        yield content[place : place + size]
        place += size


class Packing:
    """Makes the content of a `Lexicon`: of form → word, before others and last, and how rare each form is there."""

    def __init__(self, before: Mapping[str, str], last: Mapping[str, str]) -> None:
        forms = marisa_trie.Trie(sorted({*before, *last}))
        words = marisa_trie.Trie(sorted({*before.values(), *last.values()}))
        self._order = [forms.restore_key(number) for number in range(len(forms))]
        self._numbers: dict[str, int] = dict(words.items())
        columns = [
            array("i", [self._numbers[held[form]] if form in held else NONE for form in self._order])
            for held in (before, last)
        ]
        self._pieces = [forms.tobytes(), words.tobytes(), *(column.tobytes() for column in columns)]

    def parts(self, lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
        """What each word consists of by a lexicon of the same forms, unless it is never taken apart."""
        apart = [word for word in self._numbers if spelled(word) not in lexicon.whole]
        return {word: tuple(piece.word for piece in lexicon.pieces(spelled(word))) for word in apart}

    def content(
        self,
        rare: tuple[Mapping[str, int], Mapping[str, int]],
        fixed: Mapping[str, Sequence[str]],
        whole: Sequence[str],
        parts: Mapping[str, Sequence[str]],
    ) -> bytes:
        """`rare`: form → 0 to `RAREST`, before others and last; what is not in there is as rare as can be. `parts`:
        see `Packing.parts`; without them `Lexicon.pieces` alone can be asked.
        """
        rarities = (bytes([held.get(form, RAREST) for form in self._order]) for held in rare)
        pieces = [*self._pieces, *self._packed(parts), *rarities]
        rest = b"".join(pieces)
        words = {
            number: fixed[form] for word, number in self._numbers.items() if (form := spelled(word)) in fixed
        }
        about = {
            "sizes": [len(piece) for piece in pieces],
            "sha256": hashlib.sha256(rest).hexdigest(),
            "fixed": fixed,
            "fixed words": words,
            "whole": whole,
        }
        return json.dumps(about).encode() + b"\n" + rest

    def _packed(self, parts: Mapping[str, Sequence[str]]) -> Iterator[bytes]:
        """Where the parts of each word end, and the numbers of all of them, one word after the other."""
        ends, numbers = array("i"), array("i")
        for word in sorted(self._numbers, key=self._numbers.__getitem__):
            numbers.extend([self._numbers[part] for part in parts.get(word, ())])
            ends.append(len(numbers))
        return iter((ends.tobytes(), numbers.tobytes()))
