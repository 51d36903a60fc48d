"""Searches in vain on their way to the database: a line in a file each, counted later by a job.

A page that finds nothing must not wait for a write, and must work where the database takes none. A line holds the
normalised question, the facets filtered by, whether something lay near, and the day. What looks as if it spoke of a
person never gets here.

    directory/lock       shared by those who write a line, exclusive for the moment of taking the file away
    directory/open       lines since the last counting
    directory/taken-…    lines that are being counted
"""

import fcntl
import json
import logging
import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

logger = logging.getLogger(__name__)

LONGEST = 80
# Bytes; a flood of questions is cut off here until they are counted.
LARGEST = 1_000_000
# Mail addresses, and addresses of pages, which may carry anything.
_ADDRESS = re.compile(r"@|\(at\)|\[at\]|https?:|www\.", re.IGNORECASE)
_WRITTEN_OUT = re.compile(r"\sat\s+\S+\.[a-z]{2,}", re.IGNORECASE)
_BIRTH = re.compile(r"\bgeb(?:\.|oren\b)", re.IGNORECASE)
_SHORT_DATE = re.compile(r"(?<!\d)\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*\d{2,4}(?!\d)")
# A telephone number, a day of birth, an account, a file number: six digits with what is written between them.
_LONG_NUMBER = re.compile(r"\d(?:[\s./()+\-\u2010-\u2015]*\d){5}")


@dataclass(frozen=True)
class Line:
    text: str
    facets: tuple[str, ...]
    near: bool
    day: date


def normalised(text: str) -> str:
    """Lower case, blanks collapsed, no signs around: what counts as the same question."""
    return " ".join(text.lower().split()).strip(" .,;:!?\"'„“”‚‘()[]{}<>*+-/\\")


def looks_personal(text: str) -> bool:
    """Whether it may speak of a person, or is too long to be a few words; such a question is never kept."""
    # Wide letters and digits are the same to a reader, and here.
    text = unicodedata.normalize("NFKC", text)
    signs = (_ADDRESS, _WRITTEN_OUT, _BIRTH, _SHORT_DATE, _LONG_NUMBER)
    return len(text) > LONGEST or any(sign.search(text) for sign in signs)


class Spool:
    """The lines in one directory. Several processes write; one takes at a time."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def add(self, text: str, facets: Sequence[str], *, near: bool, day: date) -> bool:
        """Note a search; False where it is not noted, because it looks personal or cannot be written now."""
        words = normalised(text)
        if not words or looks_personal(text):
            return False
        line = json.dumps([words, sorted(set(facets)), near, day.isoformat()], ensure_ascii=False)
        try:
            return self._write(line + "\n")
        except (OSError, UnicodeEncodeError) as error:
            logger.warning("a search without hits could not be noted: %s", error)
            return False

    def _write(self, line: str) -> bool:
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._locked(fcntl.LOCK_SH), (self.directory / "open").open("ab") as file:
            if file.tell() > LARGEST:
                return False
            file.write(line.encode())
        return True

    @contextmanager
    def taken(self) -> Iterator[list[Line]]:
        """All lines so far; they are gone when the block ends well, and come again where it fails."""
        if self._take_away() or any(self.directory.glob("taken-*")):
            files = sorted(self.directory.glob("taken-*"))
            yield [line for file in files for line in _lines(file)]
            for file in files:
                file.unlink()
        else:
            yield []

    def _take_away(self) -> bool:
        if not (self.directory / "open").exists():
            return False
        with self._locked(fcntl.LOCK_EX):
            (self.directory / "open").rename(self.directory / f"taken-{secrets.token_hex(8)}")
        return True

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with (self.directory / "lock").open("a") as file:
            fcntl.flock(file.fileno(), how)
            yield


def _lines(file: Path) -> Iterator[Line]:
    """What can be read: a line cut off by a full disk is left out."""
    for written in file.read_bytes().split(b"\n"):
        try:
            text, facets, near, day = json.loads(written)
            yield Line(str(text)[:LONGEST], tuple(map(str, facets)), bool(near), date.fromisoformat(day))
        except (ValueError, TypeError):
            continue
