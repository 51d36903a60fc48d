"""Archives from strangers: what is in them comes one record at a time and never makes us work or store without end."""

import bz2
import gzip
import io
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from allmende.federation.fetching.base import Fetched, Known, Limits, SourceProblem, safe_key, too_large
from allmende.federation.fetching.web import Client, is_web

Wants = Callable[[str], bool]

# An archive may hold more than it weighs, but not without end.
MAX_ARCHIVE_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 1_000_000_000
# A header of a tape archive tells its own length and is read at once.
MAX_READ_AT_ONCE = 8_000_000
# What the list of contents at the end of a ZIP may weigh: it is held in memory.
MAX_CONTENTS_BYTES = 40_000_000

_BROKEN = "Das Archiv ist beschädigt oder kein ZIP-, TAR-, TAR.GZ- oder TAR.BZ2-Archiv."
_DEFECTS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError)


def from_archive(location: str, wants: Wants, limits: Limits, known: Known) -> Iterator[Fetched]:
    """Records of an archive, in a file or at an address."""
    with tempfile.TemporaryFile() as file:
        _copy(location, file, limits)
        file.seek(0)
        try:
            if _is_zip(file):
                yield from _from_zip(file, wants, limits)
            else:
                yield from _from_tar(file, wants, limits)
        except (
            zipfile.BadZipFile,
            tarfile.TarError,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
        ) as error:
            raise SourceProblem(_BROKEN) from error


def _copy(location: str, file: IO[bytes], limits: Limits) -> None:
    if is_web(location):
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


def _is_zip(file: IO[bytes]) -> bool:
    """Python's own look would take a tape archive that holds a ZIP for one."""
    start = file.read(4)
    file.seek(0)
    return start in (b"PK\x03\x04", b"PK\x05\x06")


def _from_zip(file: IO[bytes], wants: Wants, limits: Limits) -> Iterator[Fetched]:
    _contents_are_bounded(file)
    unpacked, last = 0, None
    with zipfile.ZipFile(file) as archive:
        for member in sorted(archive.infolist(), key=lambda each: each.filename):
            name = name_in_archive(member.filename)
            if member.is_dir() or name is None or name == last or not wants(name):
                continue
            last = name
            fetched = _unpacked(archive, member, safe_key(name), limits)
            unpacked += len(fetched.content or b"") or limits.max_bytes
            _not_without_end(unpacked)
            yield fetched


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, key: str, limits: Limits) -> Fetched:
    try:
        with archive.open(member) as entry:
            return bounded(key, entry, limits)
    except _DEFECTS:
        problem = "Die Datei ist im Archiv beschädigt oder verschlüsselt; packen Sie das Archiv neu."
        return Fetched(key=key, problem=problem, is_defect=True)


def _contents_are_bounded(file: IO[bytes]) -> None:
    """Look at the end record before Python reads the whole list of contents into memory."""
    size = file.seek(0, io.SEEK_END)
    start = file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22 or start < 0:
        raise SourceProblem(_BROKEN)
    (contents,) = struct.unpack("<L", tail[at + 12 : at + 16])
    if contents > MAX_CONTENTS_BYTES:
        raise SourceProblem("Das Archiv enthält zu viele Dateien. Teilen Sie es auf.")
    file.seek(0)


class _Sips:
    """A file of which nobody takes more than a mouthful: an archive's header may claim any length."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most = file, most

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._most:
            raise SourceProblem(_BROKEN)
        return self._file.read(size)

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(position, whence)

    def tell(self) -> int:
        return self._file.tell()


def _from_tar(file: IO[bytes], wants: Wants, limits: Limits) -> Iterator[Fetched]:
    most = max(MAX_READ_AT_ONCE, limits.max_bytes + 1)
    seen: set[str] = set()
    entries, unpacked = 0, 0
    with tarfile.open(fileobj=_Sips(_plain(file), most), mode="r:") as archive:  # type: ignore[call-overload]
        while (member := archive.next()) is not None:
            archive.members.clear()  # else all headers are kept until the end
            entries += 1
            unpacked += member.size + tarfile.BLOCKSIZE
            _not_without_end(unpacked)
            if entries > 2 * limits.max_records:
                raise SourceProblem("Das Archiv enthält zu viele Dateien. Teilen Sie es auf.")
            name = name_in_archive(member.name)
            if not member.isreg() or name is None or name in seen or not wants(name):
                continue
            seen.add(name)
            yield bounded(safe_key(name), archive.extractfile(member) or io.BytesIO(), limits)
        _has_come_to_its_end(archive)


def _has_come_to_its_end(archive: tarfile.TarFile) -> None:
    """A block of zeros ends a tape archive. Python takes one that is cut off for one that is over, and we would take
    what was behind for missing."""
    sips: Any = archive.fileobj
    sips.seek(archive.offset)
    if sips.read(tarfile.BLOCKSIZE) != b"\0" * tarfile.BLOCKSIZE:
        raise SourceProblem("Das Archiv ist unvollständig; es bricht in der Mitte ab.")


def _plain(file: IO[bytes]) -> IO[bytes]:
    start = file.read(3)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]  # as good as IO
    if start == b"BZh":
        return bz2.BZ2File(file)
    return file


def bounded(key: str, file: IO[bytes], limits: Limits) -> Fetched:
    """A whole file, or what is wrong with its size."""
    content = file.read(limits.max_bytes + 1)
    if len(content) > limits.max_bytes:
        return Fetched(key=key, problem=too_large(limits), is_defect=True)
    return Fetched(key=key, content=content)


def _not_without_end(unpacked: int) -> None:
    if unpacked > MAX_UNPACKED_BYTES:
        raise SourceProblem("Das Archiv enthält ausgepackt mehr als 1 GB.")


def name_in_archive(name: str) -> str | None:
    """The path inside the archive; None for one that leads out of it."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts or path.parts[0].endswith(":"):
        return None
    return str(path)
