"""The network once more, as plainly as numpy can say it: every number in float, no speed."""

import math

import numpy as np

from allmende.retrieval.meaning.packed import Packed


def mean_of(packed: Packed, embedded: np.ndarray) -> np.ndarray:
    """What the network makes of the rows of a text's tokens: the mean of its last layer."""
    state = _normed(packed, embedded, "emb.ln")
    for number in range(packed.layers):
        name = f"l{number}"
        attended = _attention(packed, state, name)
        state = _normed(packed, state + _times(packed, attended, f"{name}.ao"), f"{name}.aln")
        bent = _gelu(_times(packed, state, f"{name}.fi"))
        state = _normed(packed, state + _times(packed, bent, f"{name}.fo"), f"{name}.oln")
    return state.mean(axis=0)


def _times(packed: Packed, state: np.ndarray, name: str) -> np.ndarray:
    return state @ packed.matrices[f"{name}.w"].unpacked().T + packed.floats[f"{name}.b"]


def _attention(packed: Packed, state: np.ndarray, name: str) -> np.ndarray:
    size = packed.hidden // packed.heads
    queries, keys, values = (_times(packed, state, f"{name}.{letter}") for letter in "qkv")
    heads = []
    for start in range(0, packed.hidden, size):
        part = slice(start, start + size)
        scores = queries[:, part] @ keys[:, part].T / math.sqrt(size)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        heads.append(shares / shares.sum(axis=1, keepdims=True) @ values[:, part])
    return np.concatenate(heads, axis=1)


def _normed(packed: Packed, state: np.ndarray, name: str) -> np.ndarray:
    centred = state - state.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + packed.epsilon)
    return centred / spread * packed.floats[f"{name}.w"] + packed.floats[f"{name}.b"]


def _gelu(values: np.ndarray) -> np.ndarray:
    return values * 0.5 * (1 + np.vectorize(math.erf)(values / math.sqrt(2)))
