"""One migrated database as a template, copied for every process and put back after every test that commits.

Migrating takes twenty seconds, copying a fraction of one. The template is named after what it was made from
(migrations, settings, pinned requirements), so it is made again exactly when one of these changes. Putting the copy
back, instead of emptying every table as Django does, keeps the rows that migrations wrote.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from tests.support.environment import CACHE_DIR, CHECKOUT


class Store(Protocol):
    """The database of one test process."""

    def create(self) -> None:
        """Make it, a copy of the template."""

    def restore(self) -> None:
        """Make it a copy of the template again; open connections stay usable or are opened anew."""

    def remove(self) -> None:
        """Drop it."""


Manifest = dict[str, str]
"""What a migrated database was made from: path of a file → hash of its content."""


def manifest() -> Manifest:
    """Our migrations, and what decides which others run."""
    sources = [*sorted((CHECKOUT / "src" / "allmende").glob("**/migrations/0*.py"))]
    sources += [CHECKOUT / "src/allmende/config/settings.py", CHECKOUT / "requirements/run.txt"]
    return {
        path.relative_to(CHECKOUT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sources
        if path.exists()
    }


def fingerprint(files: Manifest) -> str:
    """Twelve hex digits that stand for a manifest."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:12]


def migrate(database_url: str) -> None:
    """Bring a database to the newest state, in a process of its own."""
    environment = os.environ | {"ALLMENDE_DATABASE_URL": database_url}
    for command in (["migrate", "--verbosity=0", "--skip-checks"], ["createcachetable"]):
        subprocess.run(
            [sys.executable, "-m", "allmende.config.cli", *command], env=environment, check=True, cwd=CHECKOUT
        )


@contextmanager
def locked(path: Path, *, patience_seconds: int = 180) -> Iterator[None]:
    """Hold a lock file; one whose owner died is taken over once it is older than the patience."""
    path.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() - started > patience_seconds:
                path.unlink(missing_ok=True)
            time.sleep(0.2)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


class SqliteStore:
    """A file beside the process' other data, copied from a template file."""

    def __init__(self, url: str) -> None:
        self.path = Path(urlsplit(url).path[1:])
        self.files = manifest()
        self.template = CACHE_DIR / f"template-{fingerprint(self.files)}.sqlite3"

    def create(self) -> None:
        with locked(CACHE_DIR / "template.lock"):
            if not self.template.exists():
                self._make_template()
            self.template.touch()
        shutil.copyfile(self.template, self.path)

    def _make_template(self) -> None:
        _forget_old_templates()
        half_done = self.path.with_name("template.sqlite3")
        if base := _best_base(self.files):
            shutil.copyfile(base, half_done)
        migrate(f"sqlite:///{half_done}")
        with closing(sqlite3.connect(half_done)) as database:
            # One file, with nothing left in its log, is what copyfile needs.
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        arriving = self.template.with_suffix(".part")
        shutil.move(half_done, arriving)
        arriving.rename(self.template)
        self.template.with_suffix(".json").write_text(json.dumps(self.files))

    def restore(self) -> None:
        with (
            closing(sqlite3.connect(self.template)) as source,
            closing(sqlite3.connect(self.path, timeout=20)) as target,
        ):
            source.backup(target)

    def remove(self) -> None:
        for path in self.path.parent.glob(self.path.name + "*"):
            path.unlink()


def _best_base(files: Manifest) -> Path | None:
    """The template with the most of our migrations that are still the same: only what is new has to run."""
    ours = {path: content for path, content in files.items() if "/migrations/" in path}
    best, most = None, 0
    for record in CACHE_DIR.glob("template-*.json"):
        known: Manifest = json.loads(record.read_text())
        known = {path: content for path, content in known.items() if "/migrations/" in path}
        if len(known) > most and known.items() <= ours.items() and record.with_suffix(".sqlite3").exists():
            best, most = record.with_suffix(".sqlite3"), len(known)
    return best


def _forget_old_templates(*, days: int = 2) -> None:
    """Templates that no run has used for a while."""
    for path in CACHE_DIR.glob("template-*.sqlite3"):
        if time.time() - path.stat().st_mtime > days * 86_400:
            path.unlink()
            path.with_suffix(".json").unlink(missing_ok=True)


class PostgresStore:
    """A database of its own on a given server, made by CREATE DATABASE … TEMPLATE."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.name = parts.path.lstrip("/")
        self.template = f"allmende_template_{fingerprint(manifest())}"
        self._parts = parts

    def _url(self, name: str) -> str:
        return urlunsplit(self._parts._replace(path=f"/{name}"))

    def create(self) -> None:
        import psycopg

        with psycopg.connect(self._url("postgres"), autocommit=True) as server:
            server.execute("SELECT pg_advisory_lock(hashtext('allmende test template'))")
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template]).fetchone():
                server.execute(f'CREATE DATABASE "{self.template}"')
                migrate(self._url(self.template))
            server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')

    def restore(self) -> None:
        import psycopg
        from django.db import connections

        connections.close_all()
        with psycopg.connect(self._url("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')

    def remove(self) -> None:
        import psycopg

        with psycopg.connect(self._url("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def store_for(url: str) -> Store:
    """The store behind a database address."""
    return SqliteStore(url) if url.startswith("sqlite:") else PostgresStore(url)
