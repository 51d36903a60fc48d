"""A small, real embedder: words of like meaning point the same way, all others somewhere of their own."""

import zlib
from collections.abc import Sequence

import numpy as np

from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.retrieval.text import document_words

DIMENSIONS = 64
# Words that mean the same, as index words.
SAME = {
    "loch": "schaden",
    "schlagloch": "schaden",
    "gehsteig": "strass",
    "fahrbahn": "strass",
    "hund": "tier",
}


def direction(word: str) -> np.ndarray:
    chance = np.random.default_rng(zlib.crc32(SAME.get(word, word).encode()))
    return chance.standard_normal(DIMENSIONS).astype(np.float32)


class Thesaurus:
    """`meaning.protocol.Embedder`. `asked` holds all it was asked; with `fault` set it fails."""

    dimensions = DIMENSIONS

    def __init__(self, name: str = "thesaurus-1") -> None:
        self.name = name
        self.asked: list[str] = []
        self.fault: Exception | None = None
        self.poison = "\x00"

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> np.ndarray:
        self.asked.append(text)
        if self.fault:
            raise self.fault
        if self.poison in text:
            raise ValueError("a text that this model cannot bear")
        words = [direction(word) for word in document_words(text)] or [direction("")]
        total = np.sum(words, axis=0)
        return (total / np.linalg.norm(total)).astype(np.float32)


def away() -> MeaningUnavailable:
    return MeaningUnavailable("nobody answers at http://localhost:9")
