"""The piece of a text that shows why it was found, with the asked words marked.

`words` are index words as in `Result.marked`: those asked for, their parts and those of synonyms. A word of the text is
marked whole if it is one of them or has one of them as a part: "Baugenehmigungsverfahren" for "Genehmigung", and
"Genehmigung" for "Baugenehmigung".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice, takewhile

from allmende.retrieval.protocol import Fragment
from allmende.retrieval.text import Token, tokens

SNIPPET_LENGTH = 220
EXAMINED_LENGTH = 2_500
"""Characters looked at for each field: twenty hits are cut in a few milliseconds however long their texts are."""


def highlight(text: str, words: Collection[str]) -> tuple[Fragment, ...]:
    """The whole text in fragments; `words` as above."""
    return _fragments(text, 0, len(text), _asked(text, words))


def snippet(texts: Mapping[str, str], fields: Sequence[str], words: Collection[str]) -> tuple[Fragment, ...]:
    """About `SNIPPET_LENGTH` characters of the field that shows most asked words, else the first field's beginning."""
    words = frozenset(words)
    best: tuple[str, list[Token]] = "", []
    for field in fields:
        if not (text := texts.get(field, "")):
            continue
        asked = _asked(text[:EXAMINED_LENGTH], words)
        if not best[0] or _different(asked, words) > _different(best[1], words):
            best = text, asked
        if _different(asked, words) == len(words):
            break
    text, asked = best
    start, end = _window(text, _densest(asked, words))
    return _fragments(text, start, end, asked)


def _asked(text: str, words: Collection[str]) -> list[Token]:
    return list(tokens(text, frozenset(words))) if words else []


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
