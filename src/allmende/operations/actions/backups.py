"""Write a backup, and bring one back."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import QuerySet

from allmende.jobs.actions import enqueue
from allmende.journal.actions import record
from allmende.journal.queries import Entry, known_kinds, of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.mail.actions import give_up_waiting
from allmende.operations import archive, databases, rules
from allmende.operations.archive import DATABASE, Manifest
from allmende.operations.queries import is_behind

PLATFORM = ("platform", "allmende")
REBUILD = "allmende.search.tasks.rebuild"


@dataclass(frozen=True)
class Restored:
    """What was brought back. `migrated`: the database had to be brought to the state of this program afterwards."""

    manifest: Manifest
    files: int
    migrated: bool
    erased_since: list[tuple[str, str]]
    """Kind of the journal and subject of everything that was erased after the backup was made, and is back now."""


def back_up(target: Path, *, by: Actor, now: datetime, with_keys: bool = True) -> Manifest:
    """Write database, files and keys to one archive, while everything goes on. Raises `Refused`.

    Whoever has the file has everything: it is readable by its owner alone. Index, vectors and static files are not in
    it, they can be made again.
    """
    require(rules.may_operate(by))
    with transaction.atomic():
        record("operations.backup_written", subject=PLATFORM, by=by, now=now, data={"keys": with_keys})
    with _room(target.parent) as room:
        tables = databases.dump(room / DATABASE)
        told = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            program=version("allmende"),
            engine=connection.vendor,
            migrations=_applied(),
            tables=tables,
            left_out=[] if with_keys else ["keys"],
        )
        parts = {DATABASE: room / DATABASE, **_files()} | (_keys() if with_keys else {})
        return archive.write(target, parts, told)


def restore(source: Path, *, by: Actor, now: datetime, replace: bool = False) -> Restored:
    """Bring back what a backup holds: database, files and keys become what they were. Raises `Refused`.

    The file is proven before anything is touched. The database is replaced in one transaction; then the files, which
    only come to be known by it. Everybody has to sign in again, and the search index is made anew.
    """
    require(rules.may_operate(by))
    if not replace and not databases.is_empty():
        raise Refused(
            "In dieser Datenbank sind schon Konten. Das Zurückspielen würde alles ersetzen. "
            "Wenn Sie das wollen, geben Sie --replace an; sichern Sie vorher."
        )
    with _room(Path(settings.DATA_DIR)) as room:
        manifest = archive.unpack(source, room)
        _require_fits(manifest)
        erased = _erased_since(manifest)
        databases.load(room / DATABASE)
        _compare(manifest)
        files = _put_back(room)
    migrated = is_behind()
    if migrated:
        call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        # Sessions that were ended since would live again.
        Session.objects.all().delete()
        # Letters that waited then have long gone out, or are about something that is over.
        give_up_waiting("Die Sicherung, in der sie wartete, wurde zurückgespielt.", now=now)
        enqueue(REBUILD)
        record(
            "operations.backup_restored", subject=PLATFORM, by=by, now=now, data={"made_at": manifest.made_at}
        )
    return Restored(manifest, files, migrated, erased)


def _erased_since(manifest: Manifest) -> list[tuple[str, str]]:
    """What the journal of the database that is about to be replaced says was erased since."""
    if databases.is_empty():
        return []
    kinds = [kind for kind in known_kinds() if kind.endswith("erased")]
    later = of_kinds(*kinds).filter(at__gt=datetime.fromisoformat(manifest.made_at))
    return [(kind, f"{about}/{subject}") for kind, about, subject in _named(later)]


def _named(entries: QuerySet[Entry]) -> list[tuple[str, str, str]]:
    return list(entries.values_list("kind", "subject_type", "subject_id"))


@contextmanager
def _room(beside: Path) -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix=".allmende-", dir=beside) as name:
            yield Path(name)
    except FileNotFoundError as error:
        raise Refused(f"Den Ordner „{beside}“ gibt es nicht. Legen Sie ihn an.") from error
    except PermissionError as error:
        raise Refused(f"Im Ordner „{beside}“ darf das Programm nicht schreiben.") from error


def _files() -> dict[str, Path]:
    """Archive name → path of everything that people handed in."""
    return _below(settings.BACKUP_FOLDERS)


def _keys() -> dict[str, Path]:
    return _below({f"keys/{name}": path for name, path in settings.BACKUP_KEYS.items()})


def _below(named: Mapping[str, Path]) -> dict[str, Path]:
    """Every file at or below the named places."""
    found = {name: path for name, path in named.items() if path.is_file()}
    for name, folder in named.items():
        paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        found |= {f"{name}/{path.relative_to(folder).as_posix()}": path for path in paths}
    return found


def _applied() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationLoader(connection).applied_migrations)


def _known() -> list[list[str]]:
    # On disk, and not in the graph: it leaves out what a squashed migration stands for.
    return sorted([app, name] for app, name in MigrationLoader(connection).disk_migrations)


def _require_fits(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise Refused(
            f"Die Sicherung stammt aus {manifest.engine}, diese Datenbank ist {connection.vendor}. "
            "Spielen Sie sie in eine Datenbank derselben Art zurück."
        )
    known = _known()
    apps = {app for app, _ in known}
    unknown = [name for app, name in manifest.migrations if app in apps and [app, name] not in known]
    if unknown:
        raise Refused(
            f"Die Sicherung ist neuer als dieses Programm (Fassung {manifest.program}, unbekannt: {unknown[0]}). "
            "Bringen Sie erst das Programm auf ihren Stand."
        )


def _compare(manifest: Manifest) -> None:
    found = databases.row_counts(manifest.tables)
    wrong = sorted(name for name, count in manifest.tables.items() if found[name] != count)
    if wrong:
        raise Refused(
            f"Nach dem Zurückspielen stimmen die Zahlen nicht: {', '.join(wrong[:5])}. Versuchen Sie es noch einmal."
        )


def _refill(folder: Path, source: Path) -> None:
    """Empty a folder and fill it from another. The folder itself stays: it may be a disk of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()
    for new in source.iterdir() if source.is_dir() else ():
        shutil.move(new, folder / new.name)


def _put_back(room: Path) -> int:
    """Put folders in the place of those that are there, and keys beside or over those that are; how many files."""
    for name, folder in settings.BACKUP_FOLDERS.items():
        try:
            _refill(folder, room / name)
        except OSError as error:
            raise Refused(
                f"Die Datenbank ist zurückgespielt, der Ordner „{folder}“ aber nicht ganz ({error.strerror}). "
                "Beheben Sie das und geben Sie den Befehl noch einmal ein, mit --replace."
            ) from error
    for name, path in settings.BACKUP_KEYS.items():
        for kept, file in _below({"": room / "keys" / name}).items():
            target = path / kept.lstrip("/") if kept else path
            target.parent.mkdir(parents=True, exist_ok=True)
            file.chmod(0o600)
            shutil.move(file, target)
    return len(_files())
