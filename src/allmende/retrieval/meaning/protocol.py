"""What callers say to an embedder and to a store of vectors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""Of length 1, not centred; shape (dimensions,)."""


class MeaningUnavailable(Exception):
    """No vector can be had now; the message (English, for logs) says why. Search goes on by words alone."""


class Embedder(Protocol):
    """Turns texts into vectors. Safe to share between threads."""

    name: str
    """Changes with anything that changes a vector: vectors of different names are never compared."""
    dimensions: int

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for each text, in order; shape (texts, dimensions). Raises `MeaningUnavailable`."""

    def query(self, text: str) -> Vector:
        """The vector of something asked. Raises `MeaningUnavailable`."""


@runtime_checkable
class Reading(Protocol):
    """An embedder that can tell language from letters that nobody puts together. A vector it has for both, and to that
    of the latter something is near, too."""

    def reads(self, text: str) -> bool: ...


@dataclass(frozen=True)
class Placed:
    """The vectors of one entry, a row for each of its chunks, not centred; shape (chunks, dimensions)."""

    id: str
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Near:
    """An entry near in meaning: `similarity` (-1 to 1) of its nearest chunk, whose number (from 0) is `chunk`."""

    id: str
    similarity: float
    chunk: int


class Vectors(Protocol):
    """A store of vectors in a directory: one process at a time writes, all read. Writers and readers may raise
    `MeaningUnavailable`; a rebuild repairs."""

    def put(self, entries: Iterable[Placed]) -> None:
        """Add or replace entries; visible to every reader when this returns."""

    def remove(self, ids: Iterable[str]) -> None:
        """Take out what is there; unknown ids are ignored."""

    def rebuild(self, entries: Iterable[Placed]) -> None:
        """Make the store anew beside the old one, centred on the mean of what it gets, and swap."""

    def nearest(self, vector: Vector, limit: int) -> Sequence[Near]:
        """The entries with the nearest chunk, the nearest first, each once; empty where there is nothing."""

    def needs_rebuild(self) -> str:
        """Why it should be made anew (another model, broken, too many changes since its mean was taken), or ""."""

    def contents(self) -> dict[str, int]:
        """How many chunks there are by id."""

    def differing(self, entries: Iterable[Placed]) -> list[str]:
        """Ids of those that do not lie here with these vectors, byte for byte."""
