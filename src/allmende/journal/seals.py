"""What a seal is made of: pure, so that sealing and proving compute the same from the same.

A seal covers some rows of the journal, named by their ids. It holds a mark of each row, the hash of them all, and the
hash of the seal before. `upto` and `gaps` say what else can still come: ids above, and ids below that were not there
yet, because PostgreSQL hands out ids before transactions commit. Anything else that turns up was put in afterwards.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allmende.lib.canonical import canonical_json, digest

SCHEMA = 1
# What of a row is sealed, by schema. A column that comes later makes schema 2; what is sealed stays as it was.
COLUMNS: Mapping[int, tuple[str, ...]] = {
    1: ("id", "kind", "subject_type", "subject_id", "actor_kind", "actor_id", "organisation", "at", "data"),
}
# Enough of a row's hash to name the row that was altered; the proof is the hash of all of them.
MARK = 16
NOTHING_BEFORE = "0" * 64


def row_digest(row: Mapping[str, Any], schema: int = SCHEMA) -> str:
    """Hash of one entry, given with its columns by name."""
    return digest({name: row[name] for name in COLUMNS[schema]})


def words_digest(text: str, salt: str) -> str:
    """What an entry holds of a text that may have to be erased (see `models.Words`)."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def rows_digest(digests: Iterable[str]) -> str:
    """Hash of the hashes of rows in the order of their ids."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def marks(digests: Iterable[str]) -> str:
    return "".join(each[:MARK] for each in digests)


def split_marks(text: str) -> list[str]:
    return [text[at : at + MARK] for at in range(0, len(text), MARK)]


@dataclass(frozen=True)
class SealContent:
    """Everything that a seal's hash is of. `ids` and `gaps` as `ranges` writes them; `horizon` is a number
    that every transaction open at that time is below (PostgreSQL; 0 elsewhere).
    """

    number: int
    schema: int
    ids: str
    marks: str
    rows: str
    upto: int
    gaps: str
    horizon: int
    previous: str
    sealed_at: datetime

    @property
    def digest(self) -> str:
        return digest(vars(self))


def seal_message(seal_digest: str) -> str:
    """What is signed: never a bare hash, so that no signature of ours can pass for one of another kind."""
    return f"allmende journal seal {SCHEMA}\n{seal_digest}"


@dataclass(frozen=True)
class Checkpoint:
    """What an operator keeps elsewhere: up to this seal and this hash the journal was whole at that time.

    `public` is the public key, `entries` how many entries are sealed so far.
    """

    seal: int
    digest: str
    entries: int
    at: str
    public: str
    signature: str = ""

    @property
    def message(self) -> str:
        said = {name: value for name, value in vars(self).items() if name != "signature"}
        return f"allmende journal checkpoint {SCHEMA}\n{canonical_json(said)}"

    def to_text(self) -> str:
        return canonical_json({"version": SCHEMA, **vars(self)}) + "\n"


_TYPES: Mapping[str, type] = {
    "seal": int,
    "digest": str,
    "entries": int,
    "at": str,
    "public": str,
    "signature": str,
}


def checkpoint_from(content: Any) -> Checkpoint:
    """Read back what `to_text` wrote, once parsed as JSON. `ValueError` for anything else."""
    if not isinstance(content, dict) or set(content) != {"version", *_TYPES} or content["version"] != SCHEMA:
        raise ValueError("no checkpoint of a journal")
    if not all(type(content[name]) is kind for name, kind in _TYPES.items()):
        raise ValueError("no checkpoint of a journal")
    return Checkpoint(**{name: content[name] for name in _TYPES})


def digests_of(rows: Sequence[Mapping[str, Any]], schema: int = SCHEMA) -> list[str]:
    return [row_digest(row, schema) for row in rows]
