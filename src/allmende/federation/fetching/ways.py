"""The four kinds of source."""

import io
import os
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from allmende.federation.fetching.base import Fetched, Known, Limits, SourceProblem
from allmende.federation.fetching.web import Client

Wants = Callable[[str], bool]

# An archive may hold more than it weighs, but not without end.
MAX_ARCHIVE_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 1_000_000_000


def fetch(kind: str, location: str, *, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    """Records of a source, in the order of their keys where the source has one; raises `SourceProblem`."""
    return WAYS[kind](location, wants, limits, known)


def _is_web(location: str) -> bool:
    return location.startswith(("http://", "https://"))


def _from_directory(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    root = Path(location)
    if not root.is_dir():
        raise SourceProblem(f"Das Verzeichnis „{location}“ gibt es nicht, oder es ist nicht lesbar.")
    for path in _files_below(root):
        key = path.relative_to(root).as_posix()
        if wants(key):
            yield _read_file(path, key, limits)


def _files_below(root: Path) -> Iterator[Path]:
    """Files in the order of their names, without following links: a link may lead anywhere, or in circles."""

    def unreadable(error: OSError) -> None:
        raise SourceProblem(f"Ein Teil des Verzeichnisses ist nicht lesbar ({error.strerror}).") from error

    for folder, folders, names in os.walk(root, followlinks=False, onerror=unreadable):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _read_file(path: Path, key: str, limits: Limits) -> Fetched:
    try:
        with path.open("rb") as file:
            return _bounded(key, file, limits)
    except OSError as error:
        return Fetched(key=key, problem=f"Die Datei ist nicht lesbar ({error.strerror}).")


def _bounded(key: str, file: IO[bytes], limits: Limits) -> Fetched:
    content = file.read(limits.max_bytes + 1)
    if len(content) > limits.max_bytes:
        return Fetched(key=key, problem=too_large(limits), is_defect=True)
    return Fetched(key=key, content=content)


def too_large(limits: Limits) -> str:
    millions = f"{limits.max_bytes / 1_000_000:.1f}".replace(".", ",")
    return f"Die Datei ist größer als {millions} MB. Kürzen Sie sie, oder teilen Sie sie auf."


def _from_file(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    if _is_web(location):
        with Client(limits) as client:
            yield client.get(location, known(location))
        return
    path = Path(location)
    if not path.is_file():
        raise SourceProblem(f"Die Datei „{location}“ gibt es nicht.")
    yield _read_file(path, path.name, limits)


def _from_list(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    with Client(limits) as client:
        for address in _addresses(location, client, limits):
            if _is_web(address):
                yield client.get(address, known(address))
            else:
                yield Fetched(
                    key=address[:1000],
                    problem="Das ist keine Adresse, die mit https:// beginnt.",
                    is_defect=True,
                )


def _addresses(location: str, client: Client, limits: Limits) -> list[str]:
    if _is_web(location):
        answer = client.get(location)
        if answer.content is None:
            raise SourceProblem(f"Die Liste ist nicht erreichbar: {answer.problem}")
        content = answer.content
    else:
        try:
            content = Path(location).read_bytes()
        except OSError as error:
            raise SourceProblem(f"Die Liste „{location}“ ist nicht lesbar ({error.strerror}).") from error
    lines = (line.strip() for line in content.decode("utf-8", errors="replace").splitlines())
    addresses = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if len(addresses) > limits.max_records:
        raise SourceProblem(f"Die Liste hat mehr als {limits.max_records} Adressen.")
    return addresses


def _from_archive(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    with tempfile.TemporaryFile() as file:
        _copy_archive(location, file, limits)
        file.seek(0)
        try:
            if zipfile.is_zipfile(file):
                yield from _from_zip(file, wants, limits)
            else:
                file.seek(0)
                yield from _from_tar(file, wants, limits)
        except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, RuntimeError, ValueError) as error:
            raise SourceProblem("Das Archiv ist beschädigt oder kein ZIP- oder TAR-Archiv.") from error


def _copy_archive(location: str, file: IO[bytes], limits: Limits) -> None:
    if _is_web(location):
        with Client(limits) as client:
            client.download(location, file, MAX_ARCHIVE_BYTES)
        return
    try:
        with Path(location).open("rb") as archive:
            while chunk := archive.read(1 << 20):
                file.write(chunk)
                if file.tell() > MAX_ARCHIVE_BYTES:
                    raise SourceProblem("Das Archiv ist größer als 200 MB.")
    except OSError as error:
        raise SourceProblem(f"Das Archiv „{location}“ ist nicht lesbar ({error.strerror}).") from error


def _from_zip(file: IO[bytes], wants: Wants, limits: Limits) -> Iterator[Fetched]:
    unpacked = 0
    with zipfile.ZipFile(file) as archive:
        for member in sorted(archive.infolist(), key=lambda each: each.filename):
            key = _key_in_archive(member.filename)
            if member.is_dir() or key is None or not wants(key):
                continue
            with archive.open(member) as entry:
                fetched = _bounded(key, entry, limits)
            unpacked += len(fetched.content or b"") or limits.max_bytes
            _not_without_end(unpacked)
            yield fetched


def _from_tar(file: IO[bytes], wants: Wants, limits: Limits) -> Iterator[Fetched]:
    unpacked = 0
    with tarfile.open(fileobj=file, mode="r:*") as archive:
        for member in archive:
            key = _key_in_archive(member.name)
            unpacked += member.size
            _not_without_end(unpacked)
            if not member.isfile() or key is None or not wants(key):
                continue
            entry = archive.extractfile(member)
            yield _bounded(key, entry or io.BytesIO(), limits)


def _not_without_end(unpacked: int) -> None:
    if unpacked > MAX_UNPACKED_BYTES:
        raise SourceProblem("Das Archiv enthält ausgepackt mehr als 1 GB.")


def _key_in_archive(name: str) -> str | None:
    """The path inside the archive; None for one that leads out of it."""
    path = PurePosixPath(name.replace("\\", "/"))
    return None if path.is_absolute() or ".." in path.parts else str(path)


WAYS: dict[str, Callable[[str, Wants, Limits, Known], Iterator[Fetched]]] = {
    "directory": _from_directory,
    "archive": _from_archive,
    "list": _from_list,
    "file": _from_file,
}
