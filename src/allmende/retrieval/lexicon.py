"""What compounds are taken apart into: forms of words, and how one level of parts is found among them.

Compiled (`lexicon_making`) to about 2 MB of bytes that are loaded in milliseconds.
"""

import hashlib
import json
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import marisa_trie

NONE = -1
RAREST = 40
"""What a form costs that begins or ends no other word; the commonest cost nothing."""

_PART, _SHORT = 100, 10
_SHORT_LENGTH = 3
_IMPOSSIBLE = 1 << 30
_NO_NOUN = re.compile("(?:ieren|isch(?:e[mnrs]?)?)$")
"""Verbs and adjectives that end like an animal, a kidney, a table or a fish."""


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
    not stand there; `_rare_before[number]` and `_rare_last[number]` say how seldom it does, up to `RAREST`. `fixed`
    are words with parts laid down, `whole` those never taken apart, both as `spelled`.
    """

    def __init__(self, content: bytes) -> None:
        """ValueError or KeyError where the content is not what `Packing` makes."""
        header, _, rest = content.partition(b"\n")
        about = json.loads(header)
        if hashlib.sha256(rest).hexdigest() != about["sha256"]:
            raise ValueError("a compiled lexicon is damaged")
        forms, words, before, last, self._rare_before, self._rare_last = _pieces(rest, about["sizes"])
        self._forms, self._words = marisa_trie.Trie(), marisa_trie.Trie()
        self._forms.frombytes(forms)
        self._words.frombytes(words)
        self._before, self._last = array("i", before), array("i", last)
        self.fixed: Mapping[str, tuple[str, ...]] = {
            word: tuple(parts) for word, parts in about["fixed"].items()
        }
        self.whole: frozenset[str] = frozenset(about["whole"])

    def known_as(self, form: str) -> str | None:
        """The word that a whole form, as `spelled`, is one of; None for what is no noun or adjective known here."""
        number = self._forms.get(form, NONE)
        meant = self._last[number] if number != NONE else NONE
        return None if meant == NONE else str(self._words.restore_key(meant))

    def apart(self, form: str) -> tuple[str, ...]:
        """The words of one level that a word, as `spelled`, consists of, or ()."""
        if form in self.whole:
            return ()
        word = self.known_as(form)
        if word is None and _NO_NOUN.search(form):
            return ()
        form = form if word is None else spelled(word)
        if form in self.whole:
            return ()
        return self.fixed.get(form) or tuple(piece.word for piece in self.pieces(form))

    def pieces(self, form: str) -> list[Piece]:
        """The cheapest row of pieces that covers the form, or []: few, and common rather than rare ones."""
        length = len(form)
        before, last, rare_before, rare_last = self._before, self._last, self._rare_before, self._rare_last
        prefixes = self._forms.iter_prefixes_with_ids
        cost = [0] + [_IMPOSSIBLE] * length
        came = [(0, 0)] * (length + 1)
        for start in range(length - 1):
            spent = cost[start] + _PART
            if spent >= _IMPOSSIBLE:
                continue
            for piece, number in prefixes(form[start:]):
                end = start + len(piece)
                if end < length:
                    word, price = before[number], spent + rare_before[number]
                elif start:
                    word, price = last[number], spent + rare_last[number]
                else:
                    continue
                if word == NONE:
                    continue
                if end - start <= _SHORT_LENGTH:
                    price += _SHORT
                if price < cost[end]:
                    cost[end], came[end] = price, (start, word)
        return self._row(form, came) if cost[length] < _IMPOSSIBLE else []

    def _row(self, form: str, came: Sequence[tuple[int, int]]) -> list[Piece]:
        row: list[Piece] = []
        end = len(form)
        while end:
            start, word = came[end]
            row.append(Piece(form[start:end], str(self._words.restore_key(word))))
            end = start
        return row[::-1]


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
        numbers = dict(words.items())
        columns = [
            array("i", [numbers[held[form]] if form in held else NONE for form in self._order])
            for held in (before, last)
        ]
        self._pieces = [forms.tobytes(), words.tobytes(), *(column.tobytes() for column in columns)]

    def content(
        self,
        rare: tuple[Mapping[str, int], Mapping[str, int]],
        fixed: Mapping[str, Sequence[str]],
        whole: Sequence[str],
    ) -> bytes:
        """`rare`: form → 0 to `RAREST`, before others and last; what is not in there is as rare as can be."""
        pieces = [*self._pieces, *(bytes([held.get(form, RAREST) for form in self._order]) for held in rare)]
        rest = b"".join(pieces)
        about = {
            "sizes": [len(piece) for piece in pieces],
            "sha256": hashlib.sha256(rest).hexdigest(),
            "fixed": fixed,
            "whole": whole,
        }
        return json.dumps(about).encode() + b"\n" + rest
