"""Which entries have a word, read from the engine's own files: all of them at once, as an array.

The engine's interface for Python hands out entries one by one (350 ns each), and its counting cannot share work
between the counts of a page. So this reads the files that the engine wrote. They never change once written, and their
layout is that of one version: `LAYOUT` is checked in each file, and where it is another one, or anything else is not
as we know it, `UnknownLayout` is raised and the engine has to count. `docs/decisions/0069-counting-in-bits.md`.
"""

import json
import mmap
import os
import struct
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.blocks import SKIP_BYTES, Packed
from allmende.retrieval.kept import Kept
from allmende.retrieval.termlist import Stretch, Termlist, UnknownLayout, vint

LAYOUT = {"major": 0, "minor": 27, "index_format_version": 7}
"""Of the engine whose files we know how to read."""


OF_FIELD = 8
"""Bytes before the entries of a field's first word."""

REMEMBERED = 2_000


class Segment:
    """One segment's files. Open as long as it is used: the engine may take them away meanwhile."""

    def __init__(self, directory: Path, said: Any, fields: list[Any]) -> None:
        self.key = _key(said)
        self.entries: int = said["max_doc"]
        self._options = {
            field["name"]: field["options"]["indexing"]["record"]
            for field in fields
            if field["type"] == "text" and field["options"].get("indexing")
        }
        numbers = {field["name"]: number for number, field in enumerate(fields)}
        words, self._postings = _File(directory / f"{self.key}.term"), _File(directory / f"{self.key}.idx")
        of_words, of_postings = words.parts(), self._postings.parts()
        mapped = words.mapped()
        self._words = {
            name: mapped[slice(*of_words[numbers[name]])]
            for name in self._options
            if numbers[name] in of_words
        }
        self._starts = {name: of_postings[numbers[name]][0] for name in self._words}
        self._lists: dict[str, Termlist] = {}
        self._found: Kept[tuple[str, str], Stretch | None] = Kept(REMEMBERED)

    def termlist(self, field: str) -> Termlist | None:
        if field not in self._lists and field in self._words:
            self._lists[field] = Termlist(self._words[field])
        return self._lists.get(field)

    def find(self, field: str, word: str) -> Stretch | None:
        """Where the entries of a word in a field stand; None where none has it."""
        return self._found.get((field, word), lambda: self._find(field, word))

    def _find(self, field: str, word: str) -> Stretch | None:
        words = self.termlist(field)
        return words.find(word.encode()) if words else None

    def skip_bytes(self, field: str) -> int:
        return SKIP_BYTES[self._options[field]]

    def packed(self, field: str, stretch: Stretch, first: int) -> Packed:
        """What stands there, the segment's first entry to have the number `first`."""
        start = self._starts[field] + OF_FIELD
        data = self._postings.read(start + stretch.start, start + stretch.stop)
        return Packed(data, stretch.entries, first, self.entries)


@dataclass(frozen=True)
class Committed:
    """The segments of one commit in the order in which the engine numbers them, with the bits of what is left in each:
    None where nothing was removed.
    """

    segments: tuple[Segment, ...]
    left: tuple[NDArray[np.uint64] | None, ...]


def committed(directory: Path, meta: bytes, known: Mapping[str, Segment]) -> Committed:
    """As the engine's file `meta` says; of segments `known` by key nothing is read again."""
    said = json.loads(meta)
    segments = tuple(
        known.get(_key(one)) or Segment(directory, one, said["schema"]) for one in said["segments"]
    )
    return Committed(segments, tuple(_left(directory, one) for one in said["segments"]))


def _key(said: Any) -> str:
    return str(said["segment_id"]).replace("-", "")


def _left(directory: Path, said: Any) -> NDArray[np.uint64] | None:
    if not said["deletes"]:
        return None
    file = _File(directory / f"{_key(said)}.{said['deletes']['opstamp']}.del")
    return np.frombuffer(file.read(4, file.end), "<u8")


class _File:
    """A file of the engine, whose last lines tell the layout. Read and not mapped: what is read of it is used once."""

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise UnknownLayout(f"{path.name} cannot be opened") from error
        weakref.finalize(self, os.close, self._descriptor)
        self.end = _end(self._descriptor, path.name)

    def read(self, start: int, stop: int) -> bytes:
        return os.pread(self._descriptor, stop - start, start)

    def mapped(self) -> memoryview:
        """For a list of words, of which only some pages are looked at."""
        return memoryview(mmap.mmap(self._descriptor, self.end, access=mmap.ACCESS_READ))

    def parts(self) -> dict[int, tuple[int, int]]:
        """By number of a field, where its part begins and ends."""
        (length,) = struct.unpack("<I", self.read(self.end - 4, self.end))
        stop = self.end - 4 - length
        listed = self.read(stop, self.end - 4)
        many, at = vint(listed, 0)
        starts: list[tuple[int, int]] = []
        start = 0
        for _ in range(many):
            further, at = vint(listed, at)
            start += further
            (number,) = struct.unpack_from("<I", listed, at)
            _, at = vint(listed, at + 4)
            starts.append((start, number))
        stops = [*(start for start, _ in starts[1:]), stop]
        return {number: (start, stop) for (start, number), stop in zip(starts, stops, strict=True)}


def _end(descriptor: int, name: str) -> int:
    """Where the content ends and the engine's note on the layout begins."""
    size = os.fstat(descriptor).st_size
    (length, _) = struct.unpack("<II", os.pread(descriptor, 8, size - 8))
    said = json.loads(os.pread(descriptor, length, size - 8 - length))["version"]
    if {part: said.get(part) for part in LAYOUT} != LAYOUT:
        raise UnknownLayout(f"{name} was written by {said}")
    return size - 8 - int(length)
