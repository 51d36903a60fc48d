"""Texts as an engine gets them: index words joined by blanks, looked up by each word as it is written.

Texts repeat their words, so the words met last are kept and a text costs one pass of a regular expression and two looks
for each of its words: this is what makes indexing quick.
"""

from collections.abc import Iterable

from allmende.retrieval.dictionary import when_forgotten
from allmende.retrieval.text import LONGEST_KEPT, read_anew

KEPT = 100_000
"""Words; twice as many for a while. About 300 bytes each."""


class _Kept:
    """Word as it is written → its index words, and its parts, each joined by blanks.

    When full, all that is kept becomes old, and of the old what is met again becomes new: frequent words stay.
    """

    def __init__(self) -> None:
        self.words = _Joined(self, 0)
        self.parts = _Joined(self, 1)
        self._old: tuple[dict[str, str], dict[str, str]] = {}, {}

    def look(self, surface: str) -> tuple[str, str]:
        """Of a word that is not kept, or old."""
        words, parts = self._old[0].get(surface), self._old[1].get(surface)
        if words is None or parts is None:
            words, parts = _joined(surface)
        if len(surface) <= LONGEST_KEPT:
            if len(self.words) >= KEPT:
                self._old = dict(self.words), dict(self.parts)
                self.words.clear()
                self.parts.clear()
            self.words[surface], self.parts[surface] = words, parts
        return words, parts

    def forget(self) -> None:
        self.words.clear()
        self.parts.clear()
        self._old = {}, {}


class _Joined(dict[str, str]):
    def __init__(self, kept: _Kept, which: int) -> None:
        super().__init__()
        self._kept, self._which = kept, which

    def __missing__(self, surface: str) -> str:
        return self._kept.look(surface)[self._which]


def _joined(surface: str) -> tuple[str, str]:
    readings = read_anew(surface)
    if len(readings) == 1 and not readings[0].parts:
        return readings[0].word, readings[0].word
    words = " ".join(reading.word for reading in readings)
    # The whole word, too: one that is taken apart may be asked for in a form that is not (decision 0061).
    return words, " ".join(part for reading in readings for part in (reading.word, *reading.parts))


_kept = _Kept()
when_forgotten(_kept.forget)


def words(surfaces: Iterable[str]) -> str:
    """As `text.document_words`, of a text's `text.surfaces`; stop words leave blanks."""
    return " ".join(map(_kept.words.__getitem__, surfaces))


def parts(surfaces: Iterable[str]) -> str:
    """As `text.document_parts`."""
    return " ".join(map(_kept.parts.__getitem__, surfaces))
