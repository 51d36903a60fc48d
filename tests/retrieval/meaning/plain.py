"""The rules of a store of vectors once more, as plainly as numpy can say them: floats, no files, no speed."""

from collections.abc import Iterable

import numpy as np

from allmende.retrieval.meaning.protocol import Near, Placed, Vector


class PlainVectors:
    def __init__(self) -> None:
        self.entries: dict[str, np.ndarray] = {}
        self.mean: np.ndarray | None = None

    def put(self, entries: Iterable[Placed]) -> None:
        for entry in entries:
            self.entries.pop(entry.id, None)
            if len(entry.vectors):
                self.entries[entry.id] = entry.vectors

    def remove(self, ids: Iterable[str]) -> None:
        for identity in ids:
            self.entries.pop(identity, None)

    def rebuild(self, entries: Iterable[Placed]) -> None:
        entries = list(entries)
        self.entries = {}
        self.put(entries)
        rows = [entry.vectors for entry in entries if len(entry.vectors)]
        self.mean = np.concatenate(rows).mean(axis=0) if rows else None

    def contents(self) -> dict[str, int]:
        return {identity: len(vectors) for identity, vectors in self.entries.items()}

    def nearest(self, vector: Vector, limit: int) -> list[Near]:
        if self.mean is None:
            return []
        found = []
        for identity, vectors in self.entries.items():
            similarities = [cosine(vector - self.mean, one - self.mean) for one in vectors]
            chunk = int(np.argmax(similarities))
            found.append(Near(identity, similarities[chunk], chunk))
        return sorted(found, key=lambda near: (-near.similarity, near.id))[: max(0, limit)]


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths > 1e-6 else 0.0
