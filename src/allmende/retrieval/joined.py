"""Texts as an engine gets them: index words joined by blanks, looked up by each word as it is written.

Texts repeat their words, so the words met last are kept and a text costs one pass of a regular expression and one look
for each of its words: this is what makes indexing quick.
"""

from collections.abc import Callable, Iterable, Sequence

from allmende.retrieval.dictionary import when_forgotten
from allmende.retrieval.text import LONGEST_KEPT, Reading, readings

KEPT = 50_000
"""Words, with about 200 bytes each."""


class _Joined(dict[str, str]):
    """Word as it is written → what `form` makes of it, joined by blanks."""

    def __init__(self, form: Callable[[str], Iterable[str]]) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, surface: str) -> str:
        joined = " ".join(self._form(surface))
        if len(surface) <= LONGEST_KEPT:
            if len(self) >= KEPT:
                self.clear()
            self[surface] = joined
        return joined


def _words(surface: str) -> Iterable[str]:
    return (reading.word for reading in readings(surface))


def _parts(surface: str) -> Iterable[str]:
    return (part for reading in readings(surface) for part in _parts_of(reading))


def _parts_of(reading: Reading) -> Sequence[str]:
    """The word as a whole, too: a word that a query asks for whole may be taken apart in another form."""
    return (reading.word, *reading.parts)


_WORDS, _PARTS = _Joined(_words), _Joined(_parts)


def words(surfaces: Iterable[str]) -> str:
    """As `text.document_words`, of a text's `text.surfaces`; stop words leave blanks."""
    return " ".join(map(_WORDS.__getitem__, surfaces))


def parts(surfaces: Iterable[str]) -> str:
    """As `text.document_parts`."""
    return " ".join(map(_PARTS.__getitem__, surfaces))


def forget() -> None:
    for kept in (_WORDS, _PARTS):
        kept.clear()


when_forgotten(forget)
