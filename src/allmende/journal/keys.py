"""The key that signs seals: made once, kept in `settings.JOURNAL_KEYS_DIR`, so that whoever can write to the database
alone cannot make seals. How such a folder works stands in `lib.signing`.
"""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from allmende.lib.signing import PRIVATE, KeyFolder, Signer, is_signed, name_of

__all__ = ["PRIVATE", "Signer", "directory", "is_signed", "known_keys", "name_of", "signer"]


def directory() -> Path:
    place: Path = settings.JOURNAL_KEYS_DIR
    return place


def signer() -> Signer:
    """The key of this installation; made where there is none."""
    return KeyFolder(directory()).signer()


def known_keys() -> Mapping[str, str]:
    """Public keys by name, of all keys ever used here."""
    return KeyFolder(directory()).known()
