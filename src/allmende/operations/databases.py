"""Dump and load the whole database, each engine by its own means.

SQLite: its online backup, which takes a consistent state while others write and loads one as a single transaction.
PostgreSQL: `pg_dump` under an exported snapshot, so that the rows we count are the rows it dumps; loaded by `psql` in
one transaction that first throws away everything.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from allmende.lib.refusals import Refused

LOCK_TIMEOUT = "30s"
_HOW_TO_GET_IT = (
    "Installieren Sie die Programme von PostgreSQL, auf Debian: apt-get install postgresql-client"
)


def dump(into: Path) -> dict[str, int]:
    """Write the database to a file; numbers of rows by table, of the very state that was written."""
    return _dump_sqlite(into) if connection.vendor == "sqlite" else _dump_postgresql(into)


def load(dumped: Path) -> None:
    """Replace the whole database by a dump of the same engine: all of it or nothing. Raises `Refused`."""
    if connection.vendor == "sqlite":
        _load_sqlite(dumped)
    else:
        _load_postgresql(dumped)


def row_counts(tables: Iterable[str] | None = None) -> dict[str, int]:
    """Numbers of rows of the connected database, by table."""
    names = connection.introspection.table_names() if tables is None else tables
    with connection.cursor() as cursor:
        return {name: _count(cursor, name) for name in sorted(names)}


def _count(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a name of our own
    return int(cursor.fetchone()[0])


def is_empty() -> bool:
    """Whether nobody has used this database yet: no tables, or no accounts."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return "accounts_user" not in tables or _count(cursor, "accounts_user") == 0


def _dump_sqlite(into: Path) -> dict[str, int]:
    connection.ensure_connection()
    with closing(sqlite3.connect(into)) as copy:
        connection.connection.backup(copy)
        names = [
            row[0]
            for row in copy.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        return {name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in sorted(names)}  # noqa: S608


def _load_sqlite(dumped: Path) -> None:
    with closing(sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)) as source:
        try:
            sound = source.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        except sqlite3.DatabaseError:
            sound = False
        if not sound:
            raise Refused("Die Datenbank in der Sicherung ist beschädigt. Nehmen Sie eine ältere Sicherung.")
        connection.ensure_connection()
        try:
            source.backup(connection.connection)
        except sqlite3.OperationalError as error:
            raise Refused(
                "Die Datenbank ist in Gebrauch. Beenden Sie Webserver und Arbeiter und versuchen Sie es noch einmal."
            ) from error
    connection.close()


def _dump_postgresql(into: Path) -> dict[str, int]:
    program = client("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = row_counts()
        options = ["--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={into}"]
        _run([program, *options], "Die Datenbank konnte nicht gesichert werden")
    return counts


def _load_postgresql(dumped: Path) -> None:
    program = client("psql")
    connection.close()
    first = f"SET lock_timeout = '{LOCK_TIMEOUT}'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run(
        [program, *options, "--output=/dev/null", f"--command={first}", f"--file={dumped}"],
        "Die Datenbank konnte nicht zurückgespielt werden und ist, wie sie war. Beenden Sie Webserver und Arbeiter, "
        "falls sie noch laufen",
    )


def client(name: str) -> str:
    """A program of PostgreSQL: that of the PATH, else the newest that Debian keeps beside it. Raises `Refused`."""
    if found := shutil.which(name):
        return found
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if not kept:
        raise Refused(f"Das Programm „{name}“ fehlt. {_HOW_TO_GET_IT}")
    return str(kept[-1])


def _run(command: list[str], trouble: str) -> None:
    # The password goes by the environment: a command line is seen by everybody on the machine.
    named = connection.settings_dict
    given = {
        "PGHOST": named["HOST"],
        "PGPORT": named["PORT"],
        "PGUSER": named["USER"],
        "PGPASSWORD": named["PASSWORD"],
    }
    given |= {"PGDATABASE": named["NAME"]}
    options = named.get("OPTIONS", {})
    given |= {"PGSSLMODE": options.get("sslmode"), "PGSSLROOTCERT": options.get("sslrootcert")}
    # Nothing of our own environment: it holds more than these programs need to know.
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(Path.home())}
    environment |= {name: str(value) for name, value in given.items() if value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{trouble}. PostgreSQL sagt: {done.stderr.strip()[-500:]}")
