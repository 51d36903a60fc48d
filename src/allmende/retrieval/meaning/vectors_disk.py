"""One generation of a store of vectors on disk: rows of int8 that only grow, and a log that says whose they are.

    about.json      format, model, dimensions, the mean that all rows are centred with, what the rebuild wrote
    rows.i8         one row for each chunk
    entries.log     a line for each change: checksum, first row, entries with their number of rows (0: removed)
    graph.usearch   above a size: neighbours of the first rows, so that not all need to be looked at

A change counts from the moment its line is complete: rows are written before it, behind those that count. What a
killed writer leaves, rows without a line or half a line, is written over by the next one.
"""

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.meaning.protocol import MeaningUnavailable

FORMAT = 1
ABOUT, ROWS, LOG, GRAPH = "about.json", "rows.i8", "entries.log", "graph.usearch"
LARGEST = 127
NOTHING = 1e-5
"""What is left of a vector that is the mean but for rounding: no direction."""

Rows = NDArray[np.int8]
Entry = tuple[str, int]
"""An id and its number of rows; none means that it was removed."""


@dataclass(frozen=True)
class About:
    """What a generation says about itself. `mean_of` counts the rows its mean was taken of; `log_bytes` is the length
    of its log when it was made: less means damage.
    """

    model: str
    dimensions: int
    mean: tuple[float, ...]
    mean_of: int = 0
    log_bytes: int = 0
    graph_rows: int = 0
    graph_crc: int = 0
    format: int = FORMAT


@dataclass(frozen=True)
class Line:
    """A change that counts, and where its line ends in the log."""

    at: int
    entries: tuple[Entry, ...]
    crc: int
    end: int

    @property
    def rows(self) -> int:
        return sum(rows for _, rows in self.entries)


def quantised(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> Rows:
    """Centred and each stretched to the full range of a byte: only directions are compared, lengths do not count."""
    centred = vectors - mean
    largest = np.abs(centred).max(axis=1, keepdims=True, initial=0.0)
    stretch = np.where(largest > NOTHING, LARGEST / np.maximum(largest, NOTHING), 0.0)
    rows: Rows = np.rint(centred * stretch).astype(np.int8)
    return rows


def write_about(directory: Path, about: About) -> None:
    with (directory / ABOUT).open("w", encoding="utf-8") as file:
        json.dump(asdict(about), file)
        _settle(file.fileno())


def read_about(directory: Path) -> About:
    """Raises `MeaningUnavailable` where it is not what this version writes."""
    try:
        said: dict[str, Any] = json.loads((directory / ABOUT).read_text("utf-8"))
        about = About(**{**said, "mean": tuple(float(number) for number in said["mean"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise MeaningUnavailable(f"{directory} does not say what its vectors are: {error}") from error
    if about.format != FORMAT or len(about.mean) != about.dimensions:
        raise MeaningUnavailable(f"{directory} holds vectors in another format")
    return about


def append(directory: Path, entries: Sequence[Entry], rows: Rows, *, at: int, log_end: int) -> int:
    """Write rows from row `at` on and then the line that makes them count, at `log_end`; returns its new end.

    Whatever lies behind these two places belongs to nobody. OSError leaves all as it was.
    """
    content = rows.tobytes()
    _write(directory / ROWS, content, at * rows.shape[1])
    said = json.dumps(
        {"at": at, "entries": entries, "crc": zlib.crc32(content)}, separators=(",", ":")
    ).encode()
    line = b"%08x %s\n" % (zlib.crc32(said), said)
    _write(directory / LOG, line, log_end)
    return log_end + len(line)


def _write(path: Path, content: bytes, place: int) -> None:
    """Settled on disk when this returns: after a power cut no line may count whose rows are not there."""
    if not content:
        return
    with path.open("r+b") as file:
        file.truncate(place)
        file.seek(place)
        file.write(content)
        _settle(file.fileno())


def _settle(handle: int) -> None:
    os.fsync(handle)


def lines(directory: Path, start: int = 0) -> Iterator[Line]:
    """The changes that count from byte `start` of the log on. An unfinished last line is none (yet)."""
    with (directory / LOG).open("rb") as file:
        file.seek(start)
        content = file.read()
    *whole, _ = content.split(b"\n")
    end = start
    for number, text in enumerate(whole):
        end += len(text) + 1
        line = _line(text, end)
        if line is None and number == len(whole) - 1:
            return
        if line is None:
            raise MeaningUnavailable(f"{directory / LOG} is damaged before byte {end}")
        yield line


def _line(text: bytes, end: int) -> Line | None:
    checksum, _, said = text.partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(said):
            return None
        content = json.loads(said)
    except ValueError:
        return None
    return Line(content["at"], tuple((one, rows) for one, rows in content["entries"]), content["crc"], end)


def mapped(directory: Path, rows: int, dimensions: int) -> Rows:
    """The first rows, shared with all processes that read them."""
    path = directory / ROWS
    if not rows:
        return np.zeros((0, dimensions), np.int8)
    try:
        if path.stat().st_size < rows * dimensions:
            raise MeaningUnavailable(f"{path} is shorter than its log says")
        return np.memmap(path, np.int8, "r", shape=(rows, dimensions))
    except (OSError, ValueError) as error:
        raise MeaningUnavailable(f"{path} cannot be read: {error}") from error


def checked(rows: Rows, line: Line) -> Rows:
    """The rows of a line, if they are those that were written."""
    own = rows[line.at : line.at + line.rows]
    if zlib.crc32(own.tobytes()) != line.crc:
        raise MeaningUnavailable(f"rows {line.at} to {line.at + line.rows} are not what was written")
    return own


def file_crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 24):
            crc = zlib.crc32(block, crc)
    return crc
