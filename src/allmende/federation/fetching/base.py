import hashlib
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_KEY = 1000


class SourceProblem(Exception):
    """The source as a whole cannot be read; the message is a German sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`max_bytes` for one record, `seconds` for one answer, `max_records` for a source."""

    max_bytes: int = 2_000_000
    seconds: float = 20.0
    max_records: int = 200_000
    private_hosts: tuple[str, ...] = ()
    """Hosts that may lie in a private network, such as a forge in the operator's own."""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What an earlier answer said of itself, to ask again only for something newer."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One record as it came.

    `content` None: not had. Then either `is_unchanged` (the host says so), or `problem` says in German why not;
    `is_defect` tells a fault of the record itself (too large, not a file) from one of the way to it; `is_gone`: the
    host says that there is nothing any more.
    """

    key: str
    content: bytes | None = None
    is_unchanged: bool = False
    problem: str = ""
    is_defect: bool = False
    is_gone: bool = False
    etag: str = ""
    last_modified: str = ""


Known = Callable[[str], Conditions]
"""Asks what is known of an address from last time."""


def safe_key(name: str) -> str:
    """A name that every database takes and that stays the name of one file: text in UTF-8, at most 1000 characters."""
    # A file name that is no UTF-8 comes to us with halves of letters.
    text = name.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    if len(text) <= LONGEST_KEY:
        return text
    mark = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{text[: LONGEST_KEY - 17]}…{mark}"


def too_large(limits: Limits) -> str:
    millions = f"{limits.max_bytes / 1_000_000:.1f}".replace(".", ",")
    return f"Die Datei ist größer als {millions} MB. Kürzen Sie sie, oder teilen Sie sie auf."
