"""Vectors that were computed once are not computed again: kept under var/bench by embedder and content."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.meaning.protocol import Embedder, Vector
from tools.steps import VAR

AT_ONCE = 32
"""Texts computed before they are written down: what a stopped run has done, the next one has."""


class Remembered:
    """An embedder that asks another one only for what it has not seen."""

    def __init__(self, embedder: Embedder, file: Path = VAR / "bench" / "vectors.sqlite3") -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(file)
        self._file.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        known = {text: self._known("passage", text) for text in texts}
        lacking = [text for text, vector in known.items() if vector is None]
        for start in range(0, len(lacking), AT_ONCE):
            some = lacking[start : start + AT_ONCE]
            for text, vector in zip(some, self._embedder.passages(some), strict=True):
                known[text] = self._keep("passage", text, vector)
            self._file.commit()
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), self.dimensions)

    def query(self, text: str) -> Vector:
        known = self._known("query", text)
        if known is None:
            known = self._keep("query", text, self._embedder.query(text))
            self._file.commit()
        return known

    def _key(self, use: str, text: str) -> str:
        return hashlib.sha256(f"{self.name}\0{use}\0{text}".encode()).hexdigest()

    def _known(self, use: str, text: str) -> Vector | None:
        row = self._file.execute(
            "SELECT vector FROM vectors WHERE key = ?", (self._key(use, text),)
        ).fetchone()
        return np.frombuffer(row[0], np.float32) if row else None

    def _keep(self, use: str, text: str, vector: Vector) -> Vector:
        row = (self._key(use, text), vector.astype(np.float32).tobytes())
        self._file.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", row)
        return vector
