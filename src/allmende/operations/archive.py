"""The file that a backup is: a tar archive with a manifest that names every part and its digest.

The manifest comes last, so that a file that was cut off has none. Nothing in here knows a database.
"""

import gzip
import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

from allmende.lib.refusals import Refused

FORMAT = "allmende-backup/1"
MANIFEST = "manifest.json"
# Parts are named by what they are; everything below a folder is a file of that folder.
DATABASE = "database"
_PIECE = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: `tables` are numbers of rows, `migrations` pairs of app and name."""

    made_at: str
    program: str
    engine: str
    migrations: list[list[str]]
    tables: dict[str, int]
    left_out: list[str]
    parts: dict[str, str] = field(default_factory=dict)
    """Name of the part → SHA-256 of its bytes, hexadecimal."""


def write(target: Path, parts: Mapping[str, Path], told: Manifest) -> Manifest:
    """Write the archive beside its final place and move it there when it is whole; readable by its owner alone.

    Raises `Refused` where the file exists already or the disk is full.
    """
    if target.exists():
        raise Refused(f"„{target}“ gibt es schon. Nennen Sie eine Datei, die es noch nicht gibt.")
    unfinished = target.with_name(f".{target.name}.unfertig")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as raw:
            manifest = _write_parts(raw, parts, told)
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise Refused(
            f"Die Sicherung konnte nicht geschrieben werden ({error.strerror}). Ist noch Platz auf der Platte?"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write_parts(raw: object, parts: Mapping[str, Path], told: Manifest) -> Manifest:
    digests: dict[str, str] = {}
    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:  # type: ignore[call-overload]  # any writable
        for name, path in sorted(parts.items()):
            digests[name] = digest_of(path)
            archive.add(path, arcname=name, recursive=False)
        manifest = Manifest(**{**asdict(told), "parts": digests})
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1).encode()
        last = tarfile.TarInfo(MANIFEST)
        last.size, last.mode = len(text), 0o600
        archive.addfile(last, BytesIO(text))
    return manifest


def unpack(source: Path, into: Path) -> Manifest:
    """Unpack into an empty folder and prove every part; `Refused` says what is wrong with the file.

    Nothing but plain files with harmless names is unpacked, whoever made the archive.
    """
    try:
        found = {name: digest_of(path) for name, path in _unpacked(source, into)}
    except FileNotFoundError as error:
        raise Refused(f"„{source}“ gibt es nicht. Prüfen Sie Name und Ordner der Sicherung.") from error
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, OSError) as error:
        raise Refused(
            f"„{source.name}“ lässt sich nicht lesen: Die Datei ist beschädigt oder keine Sicherung."
        ) from error
    manifest = _manifest(into / MANIFEST, source)
    found.pop(MANIFEST, None)
    if found != manifest.parts:
        names = sorted(
            set(found) ^ set(manifest.parts) or {n for n in found if found[n] != manifest.parts[n]}
        )
        raise Refused(
            f"„{source.name}“ ist verändert oder unvollständig. Es stimmen nicht: {', '.join(names[:5])}."
        )
    return manifest


def _unpacked(source: Path, into: Path) -> Iterator[tuple[str, Path]]:
    with tarfile.open(source, mode="r:gz") as archive:
        for member in archive:
            name = PurePosixPath(member.name)
            if not member.isfile() or name.is_absolute() or ".." in name.parts:
                raise Refused(
                    f"„{source.name}“ enthält etwas, das nicht in eine Sicherung gehört: {member.name[:80]}"
                )
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            content = archive.extractfile(member)
            assert content is not None  # noqa: S101  # plain files have content
            with target.open("wb") as file:
                while piece := content.read(_PIECE):
                    file.write(piece)
            yield str(name), target


def _manifest(path: Path, source: Path) -> Manifest:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise Refused(f"„{source.name}“ hat ein Format, das dieses Programm nicht kennt.")
        return Manifest(**told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(
            f"„{source.name}“ hat kein Verzeichnis ihrer Teile: Sie wurde abgebrochen oder verändert."
        ) from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
