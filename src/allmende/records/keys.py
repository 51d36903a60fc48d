"""The keys that sign documents: `settings.RECORD_KEYS_DIR`, beside the database.

Beside each public key lies `<name>.json` with the days on which it was in use, so that the published list tells them;
it says nothing that a proof rests on.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from allmende.lib.signing import KeyFolder, Signer, fingerprint_of, name_of, pem_of, public_from


@dataclass(frozen=True)
class PublishedKey:
    """A public key as everybody may read it. `until` is None for the one in use; `since` where nobody noted it."""

    name: str
    public: str
    since: datetime | None
    until: datetime | None

    @property
    def pem(self) -> str:
        return pem_of(self.public)

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public)


def folder() -> KeyFolder:
    place: Path = settings.RECORD_KEYS_DIR
    return KeyFolder(place)


def signer(*, now: datetime) -> Signer:
    """The key in use; made, and its first day noted, where there is none."""
    found = folder().signer()
    if not _note(found.name).exists():
        _write(found.name, since=now)
    return found


def known_keys() -> Mapping[str, str]:
    """Public keys by name, of all keys ever used here."""
    return folder().known()


def published() -> Sequence[PublishedKey]:
    """Every key ever used here, the one in use first, then the latest."""
    found = [_published(name, public) for name, public in known_keys().items()]
    return sorted(found, key=lambda key: (key.until is not None, -_moment(key.since), key.name))


def renew(*, now: datetime) -> tuple[str, Signer]:
    """Another key takes the place of the one in use: name of the old one, and the new signer."""
    old = signer(now=now)
    new = folder().renew()
    _write(new.name, since=now)
    _write(old.name, since=_read(old.name, "since"), until=now)
    return old.name, new


def keys_from(path: Path) -> Mapping[str, str]:
    """Public keys by name, from a file or from all files of a folder: hexadecimal digits, PEM, or the JSON that
    `/schluessel.json` gives out. `ValueError` where one holds no key, `OSError` where it cannot be read."""
    files = (
        [file for file in sorted(path.iterdir()) if file.suffix in (".pub", ".pem") and _is_public(file)]
        if path.is_dir()
        else [path]
    )
    found = [public for file in files for public in _publics(file.read_text(encoding="utf-8"))]
    if not found:
        raise ValueError(f"{path} holds no public key")
    return {name_of(public): public for public in found}


def _is_public(file: Path) -> bool:
    return "PRIVATE KEY" not in file.read_text(encoding="utf-8", errors="replace")


def _publics(text: str) -> list[str]:
    if not text.lstrip().startswith("{"):
        return [public_from(text)]
    try:
        return [public_from(key["public"]) for key in json.loads(text)["keys"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no list of keys") from error


def _published(name: str, public: str) -> PublishedKey:
    return PublishedKey(name, public, _read(name, "since"), _read(name, "until"))


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _note(name: str) -> Path:
    return folder().path / f"{name}.json"


def _read(name: str, what: str) -> datetime | None:
    try:
        said = json.loads(_note(name).read_text(encoding="ascii")).get(what)
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(said) if said else None


def _write(name: str, *, since: datetime | None, until: datetime | None = None) -> None:
    said = {"since": since.isoformat() if since else None, "until": until.isoformat() if until else None}
    file = _note(name)
    fresh = file.with_suffix(".part")
    fresh.write_text(json.dumps(said) + "\n", encoding="ascii")
    fresh.replace(file)
