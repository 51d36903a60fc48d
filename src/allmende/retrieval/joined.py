"""Texts as an engine gets them: index words joined by blanks, looked up by what stands between two blanks of the text.

Texts repeat their words, so what was met last is kept, and a text costs one cut at its blanks and one look for each
stretch between them ("Verwaltung," with its comma): this is what makes indexing quick. Words never reach over a blank,
and what they are does not depend on what stands beyond one.
"""

from collections.abc import Iterable

from allmende.retrieval.dictionary import when_forgotten
from allmende.retrieval.text import LONGEST_KEPT, read_anew, surfaces

KEPT = 100_000
"""Stretches; twice as many for a while. About 300 bytes each."""


Joined = tuple[str, str]
"""Index words, and these with their parts (`text.document_words`, `text.document_parts`), joined by blanks; more blanks
stand where there is nothing to index. A plain pair, as there are many: the collector of garbage passes over those.
"""


class _Kept(dict[str, Joined]):
    """Stretch of a text → what it says to the index.

    When full, all that is kept becomes old, and of the old what is met again becomes new: what is frequent stays.
    """

    def __init__(self) -> None:
        super().__init__()
        self._old: dict[str, Joined] = {}

    def __missing__(self, stretch: str) -> Joined:
        said = self._old.get(stretch) or self._read(stretch)
        if len(stretch) <= LONGEST_KEPT:
            if len(self) >= KEPT:
                self._old = dict(self)
                self.clear()
            self[stretch] = said
        return said

    def _read(self, stretch: str) -> Joined:
        if stretch.isalnum():
            return _joined(stretch)
        found = [self[word] if word.isalnum() else _joined(word) for word in surfaces(stretch)]
        return found[0] if len(found) == 1 else _all(found)

    def forget(self) -> None:
        self.clear()
        self._old = {}


def _all(said: Iterable[Joined]) -> Joined:
    words, parts = tuple(zip(*said, strict=True)) or ((), ())
    return " ".join(words), " ".join(parts)


def _joined(word: str) -> Joined:
    readings = read_anew(word)
    if len(readings) == 1:
        stem, _, parts = readings[0]
        # The whole word, too: one that is taken apart may be asked for in a form that is not (decision 0061).
        return stem, " ".join((stem, *parts)) if parts else stem
    words = " ".join([reading.word for reading in readings])
    return words, " ".join([part for reading in readings for part in (reading.word, *reading.parts)])


_kept = _Kept()
when_forgotten(_kept.forget)


def joined(stretches: Iterable[str]) -> Joined:
    """Of a text's `text.stretches`, or of words alone."""
    return _all(map(_kept.__getitem__, stretches))
