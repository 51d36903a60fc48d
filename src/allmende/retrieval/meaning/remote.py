"""An embedder behind an address: whatever speaks OpenAI's embeddings protocol on the operator's own premises.

The address is the operator's own word, so it may lie in a private network. Nothing it answers is believed unchecked,
and nobody waits for it: an answer that does not come in time, or is none, means that search goes on by words.
"""

import base64
import binascii
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.meaning.protocol import MeaningUnavailable, Vector

CONNECT_SECONDS = 0.3
QUERY_SECONDS = 1.0
PASSAGES_SECONDS = 60.0

BATCH = 32
"""Passages of one request."""

LONGEST_QUERY, LONGEST_PASSAGE = 2_000, 8_000
"""Characters that are sent."""

MOST_DIMENSIONS = 8_192
_BYTES_A_NUMBER = 32
"""More than a decimal number with its comma and blank needs; base64 needs six."""

_BYTES_AROUND = 65_536
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 120.0


@dataclass(frozen=True)
class Prefixes:
    """What the model wants in front. multilingual-e5 and its kin: these two; many others: nothing."""

    query: str = "query: "
    passage: str = "passage: "


NO_PREFIXES = Prefixes("", "")


class RemoteEmbedder:
    """`meaning.protocol.Embedder`. Making one asks nothing; what is not known about the model (`dimensions`) is asked
    for when it is needed, and fixed from then on."""

    def __init__(
        self,
        address: str,
        *,
        model: str = "",
        key: str = "",
        prefixes: Prefixes | None = None,
        query_seconds: float = QUERY_SECONDS,
    ) -> None:
        """`address` up to "/v1", as the servers' own manuals give it. Raises `ValueError` where it is none.

        Without `prefixes` they follow from the name of the model: E5 in it means those of E5.
        """
        self._address = _checked(address)
        self._model = model
        self._prefixes = prefixes or (Prefixes() if "e5" in model.lower() else NO_PREFIXES)
        told = f"{self._address}\n{model}\n{self._prefixes.query}\n{self._prefixes.passage}"
        self.name = f"{model[:60] or 'remote'}@{hashlib.sha256(told.encode()).hexdigest()[:12]}"
        self._query_seconds = query_seconds
        self._dimensions = 0
        self._pauses = {"query": _Pause(), "passages": _Pause()}
        self._http = httpx.Client(
            # Unpacked: a small packed answer could fill the memory.
            headers={"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {}),
            follow_redirects=False,
            trust_env=False,
        )

    @property
    def dimensions(self) -> int:
        """Raises `MeaningUnavailable` where no answer has ever come and none comes now."""
        if not self._dimensions:
            self.query("Stadt")
        return self._dimensions

    def query(self, text: str) -> Vector:
        texts = [self._prefixes.query + _sendable(text, LONGEST_QUERY)]
        vector: Vector = self._asked("query", texts, self._query_seconds)[0]
        return vector

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        whole = [self._prefixes.passage + _sendable(text, LONGEST_PASSAGE) for text in texts]
        batches = [whole[start : start + BATCH] for start in range(0, len(whole), BATCH)]
        rows = [self._asked("passages", batch, PASSAGES_SECONDS) for batch in batches]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimensions), np.float32)

    def _asked(self, purpose: str, texts: Sequence[str], seconds: float) -> NDArray[np.float32]:
        with self._pauses[purpose].unless_it_fails():
            vectors = _vectors(self._answer(texts, seconds), len(texts))
            if self._dimensions and vectors.shape[1] != self._dimensions:
                raise MeaningUnavailable(
                    f"{vectors.shape[1]} dimensions and not {self._dimensions} as before"
                )
            self._dimensions = vectors.shape[1]
            return vectors

    def _answer(self, texts: Sequence[str], seconds: float) -> bytes:
        """The body of the answer, all of it within `seconds`."""
        ends = time.monotonic() + seconds
        most = _BYTES_AROUND + len(texts) * MOST_DIMENSIONS * _BYTES_A_NUMBER
        wish = {"input": list(texts), "model": self._model, "encoding_format": "float"}
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        try:
            with self._http.stream(
                "POST", f"{self._address}/embeddings", json=wish, timeout=timeout
            ) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise MeaningUnavailable(f"the address answers with status {answer.status_code}")
                return _body(answer, most, ends)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise MeaningUnavailable(f"the address does not answer: {type(error).__name__}") from error


class _Pause:
    """After a failure nobody is asked for a while, each time twice as long: a dead address costs nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._why = ""

    @contextmanager
    def unless_it_fails(self) -> Iterator[None]:
        left = self._until - time.monotonic()
        if left > 0:
            raise MeaningUnavailable(f"not asked for another {left:.0f} s: {self._why}")
        try:
            yield
        except MeaningUnavailable as error:
            with self._lock:
                self._until = time.monotonic() + min(FIRST_PAUSE * 2**self._failures, LONGEST_PAUSE)
                self._failures = min(self._failures + 1, 10)
                self._why = str(error)
            raise
        self._failures = 0


def _checked(address: str) -> str:
    """What is refused is not repeated: it may hold a password, or be one, and the message goes into a log."""
    try:
        parsed = httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError):
        # Without its cause, which quotes.
        raise ValueError("it cannot be read as an address") from None
    if parsed.userinfo:
        raise ValueError("an address with a name or a password in it; the key is a setting of its own")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError("no address that begins with http:// or https:// and names a host")
    return str(parsed.copy_with(query=None, fragment=None)).rstrip("/")


def _body(answer: httpx.Response, most: int, ends: float) -> bytes:
    """A host that sends a byte now and then is not waited for, and one that sends without end is not read."""
    content = bytearray()
    for piece in answer.iter_raw():
        content += piece
        if len(content) > most:
            raise MeaningUnavailable(f"the answer is longer than {most:,} bytes")
        if time.monotonic() > ends:
            raise MeaningUnavailable("the answer did not come in time")
    return bytes(content)


def _vectors(body: bytes, count: int) -> NDArray[np.float32]:
    """The vectors in the order of what was asked, each of length 1; shape (count, dimensions)."""
    try:
        entries = json.loads(body)["data"]
        by_place = {
            entry.get("index", place): _numbers(entry["embedding"]) for place, entry in enumerate(entries)
        }
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise MeaningUnavailable("the answer is not what an embeddings address answers") from error
    if len(entries) != count or set(by_place) != set(range(count)):
        raise MeaningUnavailable(f"{len(entries)} vectors for {count} texts, or not in their order")
    rows = [by_place[place] for place in range(count)]
    lengths = {len(row) for row in rows}
    if len(lengths) != 1 or not 1 < min(lengths) <= MOST_DIMENSIONS:
        raise MeaningUnavailable(f"vectors of {sorted(lengths)} dimensions")
    return _of_length_one(np.stack(rows))


def _numbers(embedding: Any) -> NDArray[np.float64]:
    """A list, or the bytes of little-endian float32 in base64, which some servers send unasked."""
    if isinstance(embedding, str):
        try:
            return np.frombuffer(base64.b64decode(embedding, validate=True), "<f4").astype(np.float64)
        except binascii.Error as error:
            raise ValueError("no base64") from error
    if not isinstance(embedding, list) or not all(type(number) in (int, float) for number in embedding):
        raise ValueError("no numbers")
    return np.array(embedding, np.float64)


def _of_length_one(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not (lengths > 0).all():
        raise MeaningUnavailable("a vector that has no direction")
    shortened: NDArray[np.float64] = vectors / lengths
    return shortened.astype(np.float32)


def _sendable(text: str, most: int) -> str:
    """Without halves of letters, which no protocol carries."""
    return text[:most].encode("utf-8", "replace").decode()
