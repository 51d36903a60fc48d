"""A store of vectors in a directory beside the index: every process reads it, one at a time writes.

Generations, locks and the swap are those of the index (`retrieval.directory`): a rebuild makes a new directory and
switches, a change is appended to the one in force. Readers notice either by two looks at the file system, and of a
change they read only what is new. Nothing here is worth a backup: whatever is lost, a rebuild makes again.
"""

import base64
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.directory import Home
from allmende.retrieval.meaning import vectors_disk as disk
from allmende.retrieval.meaning.protocol import MeaningUnavailable, Near, Placed, Vector
from allmende.retrieval.meaning.vectors_disk import About, Entry
from allmende.retrieval.meaning.vectors_near import Shelf, empty, make_graph
from allmende.retrieval.protocol import IndexBusy, IndexUnavailable

PATIENCE = 20.0
"""Seconds a writer waits for another one."""

FLAT_UP_TO = 200_000
"""Rows that are all looked at for each question (4 ms); with more of them a rebuild makes a graph."""

BLOCK = 4_096
"""Rows written at once by a rebuild."""

FEW = 1_000
"""Removed rows that are not worth a thought."""

Change = tuple[str, NDArray[np.float32]]
"""An id and its vectors, none where it is removed."""


class VectorStore:
    """`meaning.protocol.Vectors`. Safe to share between threads; cheap to make in every process.

    `model` and `dimensions` are those of the embedder: a store of another one is not searched but made anew.
    An entry without chunks is not there.
    """

    def __init__(self, root: Path, model: str, dimensions: int, *, flat_up_to: int = FLAT_UP_TO) -> None:
        self.root = root
        self._home = Home(root)
        self._model = model
        self._dimensions = dimensions
        self._flat_up_to = flat_up_to
        self._lock = threading.Lock()
        self._open: tuple[Path, tuple[int, int], Shelf] | None = None

    # Reading

    def nearest(self, vector: Vector, limit: int) -> Sequence[Near]:
        if vector.shape != (self._dimensions,) or not np.isfinite(vector).all():
            raise MeaningUnavailable(f"asked with a vector of {vector.shape} and not ({self._dimensions},)")
        with _files():
            shelf = self._shelf()
        if limit <= 0 or not shelf.about.mean_of:
            return ()
        return shelf.nearest(vector.astype(np.float32), limit)

    def contents(self) -> dict[str, int]:
        with _files():
            places = dict(self._shelf().places)
        return {identity: count for identity, (_, count) in places.items()}

    def differing(self, entries: Iterable[Placed]) -> list[str]:
        with _files():
            shelf = self._shelf()
        mean = np.array(shelf.about.mean, np.float32)
        return [
            entry.id
            for entry in entries
            if not np.array_equal(_rows(shelf, entry.id), disk.quantised(self._fit(entry), mean))
        ]

    def needs_rebuild(self) -> str:
        try:
            with _files():
                shelf = self._shelf()
        except MeaningUnavailable as error:
            return str(error)
        if shelf.living > 2 * shelf.about.mean_of:
            return "most vectors came after the mean was taken"
        if shelf.graph is not None and len(shelf.rows) - shelf.about.graph_rows > self._flat_up_to // 2:
            return "too many vectors came after the graph was made"
        if shelf.graph is None and shelf.living > self._flat_up_to:
            return "too many vectors to look at each: a graph is needed"
        return ""

    def _shelf(self) -> Shelf:
        """What is in force now; a change since the last look is read from where that one ended."""
        directory = self._home.current()
        seen = _seen(directory)
        opened = self._open
        if opened and opened[:2] == (directory, seen):
            return opened[2]
        with self._lock:
            opened, self._open = self._open, None
            same = opened is not None and opened[0] == directory and _seen(directory)[0] >= opened[2].end
            before = opened[2] if opened and same else self._first(directory)
            self._open = (directory, seen, self._newer(directory, before))
            return self._open[2]

    def _first(self, directory: Path) -> Shelf:
        about = disk.read_about(directory)
        if (about.model, about.dimensions) != (self._model, self._dimensions):
            raise MeaningUnavailable(f"made with another model: {about.model}")
        return empty(about, directory)

    def _newer(self, directory: Path, shelf: Shelf) -> Shelf:
        lines = list(disk.lines(directory, shelf.end))
        about = shelf.about
        end = lines[-1].end if lines else shelf.end
        if end < about.log_bytes:
            raise MeaningUnavailable(f"{directory / disk.LOG} is shorter than it was when it was made")
        count = len(shelf.rows) + sum(line.rows for line in lines)
        return shelf.followed_by(lines, disk.mapped(directory, count, about.dimensions))

    # Writing

    def put(self, entries: Iterable[Placed]) -> None:
        self._change([(entry.id, self._fit(entry)) for entry in entries])

    def remove(self, ids: Iterable[str]) -> None:
        nothing = np.zeros((0, self._dimensions), np.float32)
        self._change([(identity, nothing) for identity in ids])

    def _fit(self, entry: Placed) -> NDArray[np.float32]:
        if entry.vectors.ndim != 2 or entry.vectors.shape[1] != self._dimensions:
            raise ValueError(f"{entry.id}: {entry.vectors.shape} and not (chunks, {self._dimensions})")
        if not np.isfinite(entry.vectors).all():
            raise ValueError(f"{entry.id}: a vector holds what is no number")
        return entry.vectors.astype(np.float32)

    def _change(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        with _files(), self._home.writing(PATIENCE):
            self._note_for_rebuild(changes)
            self._write(self._home.current(), self._shelf(), changes)
            shelf = self._shelf()
            if shelf.graph is None and len(shelf.gone) > max(FEW, shelf.living):
                self._compact(shelf)

    def _write(self, directory: Path, shelf: Shelf, changes: Sequence[Change]) -> None:
        """All changes in one line; unknown ids that are to be removed are left out."""
        latest = dict(changes)
        kept = [
            (identity, vectors)
            for identity, vectors in latest.items()
            if len(vectors) or identity in shelf.places
        ]
        if not kept:
            return
        mean = np.array(shelf.about.mean, np.float32)
        rows = disk.quantised(np.concatenate([vectors for _, vectors in kept]), mean)
        entries = [(identity, len(vectors)) for identity, vectors in kept]
        disk.append(directory, entries, rows, at=len(shelf.rows), log_end=shelf.end)

    def _compact(self, shelf: Shelf) -> None:
        """The living rows alone in a new directory. Not while a rebuild runs, which makes one anyway."""
        try:
            with self._home.rebuilding(patience=0.0):
                self._home.sweep()
                with self._home.begun() as directory:
                    _start(directory)
                    log_end = _copy(shelf, directory)
                    disk.write_about(directory, replace(shelf.about, log_bytes=log_end))
                    self._home.switch(directory)
        except IndexBusy:
            return

    def _note_for_rebuild(self, changes: Sequence[Change]) -> None:
        """Noted before it is written: noted twice does no harm, not noted would be lost with the swap."""
        if not self._home.pending.exists() or not self._home.rebuild_runs():
            return
        with self._home.pending.open("a", encoding="utf-8") as file:
            for identity, vectors in changes:
                noted = json.dumps([identity, base64.b64encode(vectors.tobytes()).decode()])
                file.write(f"\n{noted}\n")

    def _pending(self) -> Iterator[Change]:
        """Half a line is left by a writer that was killed before it reported anything."""
        with self._home.pending.open(encoding="utf-8") as file:
            for line in file:
                with suppress(ValueError):
                    identity, content = json.loads(line)
                    vectors = np.frombuffer(base64.b64decode(content), np.float32)
                    yield identity, vectors.reshape(-1, self._dimensions)

    def rebuild(self, entries: Iterable[Placed]) -> None:
        """`entries` is read once, after changes have begun to be noted: a lazy one misses nothing."""
        with _files(), self._home.rebuilding():
            with self._home.writing(PATIENCE):
                self._home.sweep()
                self._home.pending.touch()
            with self._home.begun() as directory:
                shelf = self._made(directory, entries)
                with self._home.writing(PATIENCE):
                    self._write(directory, shelf, list(self._pending()))
                    self._home.switch(directory)
                    self._home.pending.unlink(missing_ok=True)

    def _made(self, directory: Path, entries: Iterable[Placed]) -> Shelf:
        """Twice over the vectors, by way of a file: the first time for their mean."""
        raw = directory / "raw.f32"
        mean, sizes = self._collected(raw, entries)
        _start(directory)
        log_end = _quantise(directory, raw, mean, sizes)
        raw.unlink()
        rows = sum(count for _, count in sizes)
        about = About(self._model, self._dimensions, tuple(mean.tolist()), rows, log_end)
        if rows > self._flat_up_to:
            crc = make_graph(directory, disk.mapped(directory, rows, self._dimensions))
            about = replace(about, graph_rows=rows, graph_crc=crc)
        disk.write_about(directory, about)
        return self._newer(directory, self._first(directory))

    def _collected(self, raw: Path, entries: Iterable[Placed]) -> tuple[NDArray[np.float32], list[Entry]]:
        total = np.zeros(self._dimensions, np.float64)
        sizes: list[Entry] = []
        with raw.open("wb") as file:
            for entry in entries:
                vectors = self._fit(entry)
                total += vectors.sum(axis=0, dtype=np.float64)
                sizes.append((entry.id, len(vectors)))
                file.write(vectors.tobytes())
        rows = sum(count for _, count in sizes)
        return (total / max(rows, 1)).astype(np.float32), sizes


def _rows(shelf: Shelf, identity: str) -> disk.Rows:
    start, count = shelf.places.get(identity, (0, 0))
    return shelf.rows[start : start + count]


def _start(directory: Path) -> None:
    (directory / disk.ROWS).touch()
    (directory / disk.LOG).touch()


def _quantise(directory: Path, raw: Path, mean: NDArray[np.float32], sizes: Sequence[Entry]) -> int:
    """The collected vectors as rows with their lines; returns where the log ends."""
    at = log_end = 0
    with raw.open("rb") as file:
        for batch in _batches(sizes):
            count = sum(rows for _, rows in batch)
            vectors = np.frombuffer(file.read(count * mean.nbytes), np.float32).reshape(-1, len(mean))
            rows = disk.quantised(vectors, mean)
            log_end = disk.append(directory, batch, rows, at=at, log_end=log_end)
            at += count
    return log_end


def _copy(shelf: Shelf, directory: Path) -> int:
    """The living rows with their lines; returns where the log ends."""
    at = log_end = 0
    for batch in _batches([(identity, count) for identity, (_, count) in shelf.places.items()]):
        starts = [shelf.places[identity][0] for identity, _ in batch]
        rows = np.concatenate(
            [shelf.rows[start : start + n] for start, (_, n) in zip(starts, batch, strict=True)]
        )
        log_end = disk.append(directory, batch, rows, at=at, log_end=log_end)
        at += len(rows)
    return log_end


def _batches(sizes: Sequence[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    held = 0
    for entry in sizes:
        batch.append(entry)
        held += entry[1]
        if held >= BLOCK:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _seen(directory: Path) -> tuple[int, int]:
    """What tells one state of a generation from the next: its log only grows."""
    log = (directory / disk.LOG).stat()
    return log.st_size, log.st_mtime_ns


@contextmanager
def _files() -> Iterator[None]:
    """What the file system and other writers bring, as the one error that callers know."""
    try:
        yield
    except (IndexUnavailable, IndexBusy) as error:
        raise MeaningUnavailable(str(error)) from error
    except OSError as error:
        raise MeaningUnavailable(f"the store of vectors cannot be read or written: {error}") from error
