"""The piece of a text that shows why it was found, with the asked words marked.

`words` are index words as in `Result.marked`: those asked for, their parts and those of synonyms. A word of the text is
marked whole if it is one of them or has one of them as a part: "Baugenehmigungsverfahren" for "Genehmigung", and
"Genehmigung" for "Baugenehmigung".
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice, takewhile

from allmende.retrieval.protocol import Fragment
from allmende.retrieval.text import Token, tokens

SNIPPET_LENGTH = 220
EXAMINED_LENGTH = 2_500
"""Characters looked at for each field: twenty hits are cut in a few milliseconds however long their texts are."""

_LETTERS = (3, 6)
"""Of an index word: without its last two, which plurals change ("Virus", "Viren"), at least and at most so many."""

_WRITTEN = {"a": "[aä]e?", "o": "[oö]e?", "u": "[uü]e?", "e": "[eéèê]", "s": "[sß]+"}


def highlight(text: str, words: Collection[str]) -> tuple[Fragment, ...]:
    """The whole text in fragments; `words` as above."""
    return _fragments(text, 0, len(text), _asked(text, words))


def snippet(texts: Mapping[str, str], fields: Sequence[str], words: Collection[str]) -> tuple[Fragment, ...]:
    """About `SNIPPET_LENGTH` characters of the field that shows most asked words, else the first field's beginning.

    Looked at are only words that hold the first letters of one that is asked for: most words of a text are met for the
    first time, and taking all apart for 20 hits takes 10 ms. What is lost are forms unlike their word ("Fachleute" for
    "Mann"), which `highlight` marks.
    """
    words = frozenset(words)
    text, asked = _best(texts, fields, words)
    start, end = _window(text, _densest(asked, words))
    return _fragments(text, start, end, asked)


def _best(texts: Mapping[str, str], fields: Sequence[str], words: frozenset[str]) -> tuple[str, list[Token]]:
    """The field's text, and its asked words in order."""
    best: tuple[str, list[Token]] = "", []
    for field in fields:
        if not (text := texts.get(field, "")):
            continue
        asked = _likely(text[:EXAMINED_LENGTH], words)
        if not best[0] or _different(asked, words) > _different(best[1], words):
            best = text, asked
        if _different(asked, words) == len(words):
            break
    return best


def _asked(text: str, words: Collection[str]) -> list[Token]:
    return list(tokens(text, frozenset(words))) if words else []


def _likely(text: str, words: Collection[str]) -> list[Token]:
    """The asked words as far as they can be told by their first letters."""
    if not words:
        return []
    lowered = text.lower()
    found: list[Token] = []
    done = 0
    for place in _beginnings_in(lowered if len(lowered) == len(text) else text, frozenset(words)):
        if place < done:
            continue
        start = text.rfind(" ", 0, place) + 1
        blank = text.find(" ", place)
        done = blank if blank >= 0 else len(text)
        found += _shifted(text[start:done], start, words)
    return found


def _beginnings_in(text: str, words: frozenset[str]) -> list[int]:
    """Where the first letters of a word stand. Word by word: one expression for all of them takes three times as long
    to look for and, for words not asked for before, some milliseconds to make."""
    return sorted(
        match.start() for letters in _beginnings(words) for match in _written(letters).finditer(text)
    )


def _shifted(text: str, by: int, words: Collection[str]) -> list[Token]:
    return [
        Token(token.word, token.start + by, token.end + by, token.extra, token.parts)
        for token in _asked(text, words)
    ]


@lru_cache(maxsize=256)
def _beginnings(words: frozenset[str]) -> tuple[str, ...]:
    """The first letters of index words, without those that begin with others."""
    least, most = _LETTERS
    letters = {word[: max(least, min(len(word) - 2, most))] for word in words}
    return tuple(one for one in letters if not any(one[:size] in letters for size in range(1, len(one))))


@lru_cache(maxsize=10_000)
def _written(letters: str) -> re.Pattern[str]:
    """As they may stand in texts: umlauts in either spelling, ß, the E of "E-Akte"."""
    written = [_WRITTEN.get(letter) or re.escape(letter) for letter in re.sub("s+", "s", letters)]
    return re.compile("-?".join([written[0], "".join(written[1:])]))


def _ends_before(place: int, token: Token) -> bool:
    return token.end <= place


def _different(asked: Iterable[Token], words: Collection[str]) -> int:
    return len({word for token in asked for word in (token.word, *token.parts) if word in words})


def _densest(asked: Sequence[Token], words: Collection[str]) -> int:
    """Where the stretch of snippet length begins that holds most different words; the earliest of equals."""
    best, most = 0, 0
    for place, first in enumerate(asked[:50]):
        near = takewhile(partial(_ends_before, first.start + SNIPPET_LENGTH), islice(asked, place, None))
        held = _different(near, words)
        if held > most:
            best, most = first.start, held
    return best


def _window(text: str, first: int) -> tuple[int, int]:
    """Start and end around the first asked word, moved to blanks so that no word is cut."""
    if len(text) <= SNIPPET_LENGTH:
        return 0, len(text)
    start = max(0, min(first - SNIPPET_LENGTH // 4, len(text) - SNIPPET_LENGTH))
    if start > 0:
        blank = text.find(" ", start, first + 1)
        start = blank + 1 if blank >= 0 else first
    end = min(len(text), start + SNIPPET_LENGTH)
    if end < len(text):
        blank = text.rfind(" ", start + SNIPPET_LENGTH // 2, end)
        end = blank if blank >= 0 else end
    return start, end


def _fragments(text: str, start: int, end: int, asked: Sequence[Token]) -> tuple[Fragment, ...]:
    pieces: list[Fragment] = []
    place = start
    for token in asked:
        if token.start < place or token.end > end:
            continue
        pieces += [Fragment(text[place : token.start]), Fragment(text[token.start : token.end], True)]
        place = token.end
    pieces.append(Fragment(text[place:end]))
    if start > 0:
        pieces.insert(0, Fragment("… "))
    if end < len(text):
        pieces.append(Fragment(" …"))
    return tuple(piece for piece in pieces if piece.text)
