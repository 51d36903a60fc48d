"""An index on disk: which of the directories counts, who may write, and what a killed process leaves behind.

    root/current         name of the directory that counts; replaced in one step
    root/g-…/            one index each, with about.json beside the engine's files
    root/damaged         the directory that could not be read, and why; until another one counts
    root/pending.jsonl   while a rebuild runs: what was put or removed meanwhile
    root/write.lock      held while documents are written or directories swapped
    root/rebuild.lock    held while a rebuild runs

Locks belong to open files: the system releases them when a process dies, however it dies.
"""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from allmende.retrieval.protocol import IndexBusy, IndexCorrupt, IndexMissing

GRACE = 60.0
"""Seconds a replaced directory stays: a reader may have read the old name and not opened the files yet."""

LONGEST_REASON = 300


class Home:
    """The directory that holds all generations of one index."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def _pointer(self) -> Path:
        return self.root / "current"

    @property
    def _damaged(self) -> Path:
        return self.root / "damaged"

    @property
    def pending(self) -> Path:
        return self.root / "pending.jsonl"

    def current(self) -> Path:
        """The directory that counts. Raises `IndexMissing`, or `IndexCorrupt` where the pointer leads nowhere."""
        try:
            name = self._pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            raise IndexMissing(f"no index in {self.root}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexCorrupt(f"{self._pointer} cannot be read: {error}") from error
        if not name.startswith("g-") or "/" in name or not (self.root / name).is_dir():
            raise IndexCorrupt(f"{self._pointer} names no index")
        return self.root / name

    @contextmanager
    def begun(self) -> Iterator[Path]:
        """A new, empty directory that does not count yet. What fails before it counts goes, it may fill the disk."""
        directory = self.root / f"g-{time.strftime('%Y%m%d')}-{secrets.token_hex(4)}"
        directory.mkdir(parents=True)
        try:
            yield directory
        except BaseException:
            if not self._counts(directory):
                shutil.rmtree(directory, ignore_errors=True)
            raise

    def _counts(self, directory: Path) -> bool:
        """Where that cannot be read it might."""
        try:
            return self.current() == directory
        except IndexMissing:
            return False
        except IndexCorrupt:
            return True

    def switch(self, directory: Path) -> None:
        """From now on this one counts."""
        beside = self.root / "current.new"
        with beside.open("w", encoding="utf-8") as file:
            file.write(directory.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._pointer)
        handle = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        with suppress(OSError):
            self._damaged.unlink(missing_ok=True)

    def mark_damaged(self, reason: str) -> None:
        """Leave word that the directory that counts could not be read, once, and where that can be written."""
        with suppress(OSError, IndexMissing, IndexCorrupt):
            if not self.damage():
                said = json.dumps([self.current().name, reason[:LONGEST_REASON]])
                self._damaged.write_text(said, "utf-8")

    def damage(self) -> str:
        """Why a search could not read the directory that counts, or ""."""
        try:
            name, reason = json.loads(self._damaged.read_text("utf-8"))
            return str(reason) if name == self.current().name else ""
        except (OSError, ValueError, TypeError, IndexMissing, IndexCorrupt):
            return ""

    def sweep(self) -> None:
        """Remove what no longer counts, except what was replaced a moment ago. Only with both locks held."""
        self.pending.unlink(missing_ok=True)
        try:
            kept = self.current().name
            replaced_at = self._pointer.stat().st_mtime
        except (IndexMissing, IndexCorrupt):
            kept, replaced_at = "", 0.0
        if time.time() - replaced_at < GRACE:
            return
        for directory in self.root.glob("g-*"):
            if directory.name != kept:
                shutil.rmtree(directory, ignore_errors=True)

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        with self._locked("write.lock", patience):
            yield

    @contextmanager
    def rebuilding(self, patience: float = 0.5) -> Iterator[None]:
        """A moment's patience: writers hold this lock for an instant to learn whether a rebuild runs."""
        with self._locked("rebuild.lock", patience):
            yield

    def rebuild_runs(self) -> bool:
        try:
            with self.rebuilding(patience=0.0):
                return False
        except IndexBusy:
            return True

    @contextmanager
    def _locked(self, name: str, patience: float) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / name).open("a", encoding="utf-8") as file:
            _acquire(file.fileno(), patience, name)
            yield


def _acquire(handle: int, patience: float, name: str) -> None:
    """Try until `patience` seconds have passed; closing the file releases."""
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise IndexBusy(f"{name} is held by somebody else") from None
            time.sleep(0.02)


def write_about(directory: Path, about: dict[str, Any]) -> None:
    (directory / "about.json").write_text(json.dumps(about, indent=1, sort_keys=True), "utf-8")


def read_about(directory: Path) -> dict[str, Any]:
    """What the index says about itself; raises `IndexCorrupt` where it says nothing."""
    try:
        about = json.loads((directory / "about.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise IndexCorrupt(f"{directory} does not say what it is: {error}") from error
    if not isinstance(about, dict):
        raise IndexCorrupt(f"{directory} does not say what it is")
    return about
