"""Vectors for tests of their store: the same seed gives the same vector."""

from collections.abc import Callable

import numpy as np

from allmende.retrieval.meaning.protocol import Placed
from allmende.retrieval.meaning.vectors import VectorStore

DIMENSIONS = 16
QUANTISED = 0.03
"""How far a similarity of bytes may be from that of floats."""


def placed(identity: str, *seeds: int) -> Placed:
    """An entry with a chunk for each seed; the same seed gives the same vector of length 1, all lean to one side."""
    rows = [np.random.default_rng(seed).normal(0.3, 1.0, DIMENSIONS) for seed in seeds]
    made = np.array(rows, np.float32).reshape(-1, DIMENSIONS)
    return Placed(identity, made / np.linalg.norm(made, axis=1, keepdims=True))


def asked(seed: int) -> np.ndarray:
    return placed("?", seed).vectors[0]


SOME = [placed(f"e{number:02}", number, number + 100) for number in range(20)]

Opened = Callable[[], VectorStore]


def ids(found: object) -> list[str]:
    assert isinstance(found, list | tuple)
    return [near.id for near in found]


def first(store: VectorStore, seed: int) -> str:
    return store.nearest(asked(seed), 1)[0].id
