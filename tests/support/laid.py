"""What many tests begin with is made once in a process, and from then on laid in again row by row.

Making the market takes a third of a second through the actions, laying its rows a small part of that. The rows are
those that making wrote: the actions have run, once, and when they change, what is laid changes. Where the database is
not as it was when they were made, or where a test commits, things are made anew.
"""

import pickle
import shutil
import tempfile
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.apps import apps
from django.db import connection

T = TypeVar("T")
Rows = dict[Any, Any]
"""The rows of a table by key, in whatever form compares and can be put in again."""


class Dialect(Protocol):
    """How one database gives rows away and takes them back, to the bit."""

    def rows(self, table: str, key: str) -> Rows:
        """Every row."""

    def take_out(self, table: str, key: str, keys: list[Any]) -> None:
        """Delete these."""

    def put_in(self, table: str, rows: list[Any]) -> None:
        """Insert what `rows` gave."""


class Sqlite:
    def rows(self, table: str, key: str) -> Rows:
        # A sign before a column hides its declared type: what is stored comes as it is, without Django's converters.
        columns = ", ".join(f'+"{column[1]}"' for column in self._run(f'PRAGMA table_info("{table}")'))
        return {row[0]: row[1:] for row in self._run(f'SELECT +"{key}", {columns} FROM "{table}"')}

    def take_out(self, table: str, key: str, keys: list[Any]) -> None:
        connection.connection.executemany(
            f'DELETE FROM "{table}" WHERE "{key}" = ?', [(each,) for each in keys]
        )

    def put_in(self, table: str, rows: list[Any]) -> None:
        places = ", ".join("?" * len(rows[0]))
        connection.connection.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)

    def _run(self, statement: str) -> Any:
        return connection.connection.execute(statement)


class Postgres:
    def rows(self, table: str, key: str) -> Rows:
        with connection.connection.cursor() as cursor:
            keys = [row[0] for row in cursor.execute(f'SELECT "{key}"::text FROM "{table}" ORDER BY "{key}"')]
            with cursor.copy(f'COPY (SELECT * FROM "{table}" ORDER BY "{key}") TO STDOUT') as copy:
                lines = b"".join(bytes(block) for block in copy).splitlines(keepends=True)
        return dict(zip(keys, lines, strict=True))

    def take_out(self, table: str, key: str, keys: list[Any]) -> None:
        with connection.connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table}" WHERE "{key}"::text = ANY(%s)', [keys])

    def put_in(self, table: str, rows: list[Any]) -> None:
        with connection.connection.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
            copy.write(b"".join(rows))


@dataclass
class Made:
    """`counts`: rows of each table before; `gone` and `fresh`: what left and what came, by table."""

    counts: tuple[int, ...]
    gone: dict[str, list[Any]]
    fresh: dict[str, list[Any]]
    result: bytes
    folder: Path | None


_shelf: dict[Hashable, Made] = {}
_keys: dict[str, str] = {}
"""Table → column of its key."""


def laid(key: Hashable, make: Callable[[], T], *, folder: Path | None = None) -> T:
    """What `make` returns, in a database (and a folder) that holds what `make` writes there.

    `key` tells apart whatever `make` depends on; two packages may call different things by the same name, so where
    `make` is written belongs to it. The result has to be of a kind that pickle can copy.
    """
    if not connection.in_atomic_block or (folder is not None and folder.exists()):
        return make()
    dialect: Dialect = Sqlite() if connection.vendor == "sqlite" else Postgres()
    written = make.__code__
    key = (written.co_filename, written.co_firstlineno, key)
    counts = _counts()
    if known := _shelf.get(key):
        return _lay(known, dialect, folder) if known.counts == counts else make()
    before = {table: dialect.rows(table, column) for table, column in _keys.items()}
    result = make()
    _shelf[key] = _remember(counts, before, dialect, result, folder)
    return result


def _counts() -> tuple[int, ...]:
    if not _keys:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                _keys[model._meta.db_table] = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT count(*) FROM "{table}")' for table in _keys))
        return tuple(cursor.fetchone())


def _remember(
    counts: tuple[int, ...], before: dict[str, Rows], dialect: Dialect, result: object, folder: Path | None
) -> Made:
    made = Made(counts, {}, {}, pickle.dumps(result), None)
    for table, column in _keys.items():
        old, new = before[table], dialect.rows(table, column)
        made.gone[table] = [key for key, row in old.items() if new.get(key) != row]
        made.fresh[table] = [row for key, row in new.items() if old.get(key) != row]
    if folder is not None and folder.exists():
        made.folder = Path(tempfile.mkdtemp(prefix="laid-")) / "folder"
        shutil.copytree(folder, made.folder)
    return made


def _lay(made: Made, dialect: Dialect, folder: Path | None) -> Any:
    for table, keys in made.gone.items():
        if keys:
            dialect.take_out(table, _keys[table], keys)
    for table, rows in made.fresh.items():
        if rows:
            dialect.put_in(table, rows)
    if folder is not None and made.folder is not None:
        shutil.copytree(made.folder, folder, dirs_exist_ok=True)
    return pickle.loads(made.result)
