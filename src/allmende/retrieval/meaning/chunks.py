"""The pieces of an entry that get a vector each: about 120 words, what the model sees best.

Pieces end where sentences do, better still where paragraphs do, and every one begins with the title: a piece from the
middle of a description does not say what it describes.
"""

import math
import re
from collections.abc import Iterator, Sequence

from allmende.retrieval.protocol import Document

WORDS = 120
MOST = 16
"""Pieces of one entry; 1,900 words say what an entry is about."""

CHUNKING = 1
"""Raised whenever the same entry would be divided otherwise."""

_LONGEST_TITLE = 30
_FULL_ENOUGH = 0.75
"""How full a piece is at least that ends with its paragraph, although the next sentence would still fit."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?…:;])[\"“”»)]*\s+(?=[\"„»(–•*-]?\s?[A-ZÄÖÜ0-9])")


def chunks(document: Document) -> list[str]:
    """The pieces of an entry in order; empty where it has no words. A text that only repeats the name is left out."""
    texts = [text for text in document.texts.values() if text.split() != document.name.split()]
    return pieces(document.name, "\n\n".join(texts))


def pieces(title: str, text: str, *, words: int = WORDS, most: int = MOST) -> list[str]:
    """Title and text in pieces of at most `words` words (the title not counted), about equally long."""
    title = " ".join(title.split()[:_LONGEST_TITLE])
    sentences = list(_sentences(text, words))
    bodies = _filled(sentences, words)[:most]
    if not bodies:
        return [title] if title else []
    return [_beneath(title, body) for body in bodies]


def _beneath(title: str, body: str) -> str:
    """Texts often begin with their title already."""
    if not title or body.casefold().startswith(title.casefold()):
        return body
    return f"{title}{'' if title.endswith(('.', '!', '?', ':')) else '.'} {body}"


def _sentences(text: str, words: int) -> Iterator[tuple[list[str], bool]]:
    """The words of each sentence, and whether its paragraph ends with it; longer ones are cut."""
    for paragraph in text.splitlines():
        sentences = [sentence.split() for sentence in _SENTENCE_ENDS.split(paragraph) if sentence.strip()]
        for number, sentence in enumerate(sentences, start=1):
            for start in range(0, len(sentence), words):
                part = sentence[start : start + words]
                yield part, number == len(sentences) and start + words >= len(sentence)


def _filled(sentences: Sequence[tuple[list[str], bool]], words: int) -> list[str]:
    """Sentences put together. All pieces aim at the same length, so that the last is no rest of three words."""
    total = sum(len(sentence) for sentence, _ in sentences)
    aim = total / max(1, math.ceil(total / words))
    filled: list[list[str]] = []
    is_full = True
    for sentence, ends_paragraph in sentences:
        if is_full or len(filled[-1]) + len(sentence) > words:
            filled.append([])
        filled[-1] += sentence
        is_full = len(filled[-1]) >= aim * (_FULL_ENOUGH if ends_paragraph else 1)
    return [" ".join(piece) for piece in filled]
