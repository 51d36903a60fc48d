"""Vectors of pieces of text as the table keeps them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.meaning.chunks import chunks
from allmende.retrieval.meaning.protocol import Placed
from allmende.retrieval.protocol import Document
from allmende.search.models import Embedding

Row = NDArray[np.float32]
"""One vector, not centred; shape (dimensions,)."""

_STORED = np.dtype("<f2")


def content_of(text: str) -> str:
    """The name of a text in the table: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Pieces:
    """An entry and the texts that get a vector each, by their names, in order."""

    id: str
    kind: str
    name: str
    texts: Mapping[str, str]

    @classmethod
    def of(cls, document: Document) -> "Pieces":
        texts = {content_of(text): text for text in chunks(document)}
        return cls(document.id, document.kind, document.name, texts)

    def placed(self, known: Mapping[str, Row]) -> Placed | None:
        """With its vectors; None where one is not known yet, or where there is nothing to embed."""
        if not self.texts or any(content not in known for content in self.texts):
            return None
        return Placed(self.id, np.stack([known[content] for content in self.texts]))


def packed(vector: Row) -> bytes:
    return vector.astype(_STORED).tobytes()


def unpacked(stored: bytes | memoryview) -> Row:
    return np.frombuffer(bytes(stored), _STORED).astype(np.float32)


def known_vectors(model: str, contents: Collection[str]) -> dict[str, Row]:
    """What the table has of these, by content. One query."""
    rows = Embedding.objects.filter(model=model, content__in=contents).values_list("content", "vector")
    return {content: unpacked(vector) for content, vector in rows}


def known_contents(model: str, contents: Collection[str]) -> set[str]:
    """Which of these the table has. One query."""
    return set(Embedding.objects.filter(model=model, content__in=contents).values_list("content", flat=True))


def missing_texts(pieces: Sequence[Pieces], known: Collection[str]) -> dict[str, str]:
    """Texts without a vector, each once, by content."""
    return {content: text for one in pieces for content, text in one.texts.items() if content not in known}
