"""Where bytes lie: `MEDIA_ROOT/<kind>/<first two of the digest>/<digest>-<public id>`, written whole or not at all."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from allmende.files.models import KINDS, StoredFile


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def place_of(file: StoredFile) -> Path:
    """Each row has a file of its own, so that removing one never takes another's."""
    folder = Path(settings.MEDIA_ROOT) / file.kind / file.digest[:2]
    return folder / f"{file.digest}-{file.public_id}"


def keep(file: StoredFile, data: bytes) -> None:
    """On the disk before the row says so: a crash in between leaves a file without a row, which is tidied up."""
    place = place_of(file)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_suffix(".part")
    with fresh.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(place)


def discard(file: StoredFile) -> None:
    """Gone, also if it was gone before."""
    place_of(file).unlink(missing_ok=True)


def everything() -> Iterator[Path]:
    """All files that lie where ours lie, half-written ones as well."""
    for kind, _ in KINDS:
        yield from (path for path in (Path(settings.MEDIA_ROOT) / kind).glob("*/*") if path.is_file())


def owner_of(path: Path) -> str:
    """The public id in a file's name."""
    return path.stem.rpartition("-")[2]
