"""The key that signs seals: made once, kept beside the database and not in it, so that whoever can write to the
database alone cannot make seals.

`settings.JOURNAL_KEYS_DIR` holds `private.pem` (readable by the owner alone) and one `<name>.pub` for each key ever
used. Take `private.pem` away and the next seal makes another key; seals of the earlier one stay provable.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

PRIVATE = "private.pem"


@dataclass(frozen=True)
class Signer:
    """`public` is the raw public key as 64 hexadecimal digits, `name` its short name in seals."""

    private: Ed25519PrivateKey
    public: str

    @property
    def name(self) -> str:
        return name_of(self.public)

    def sign(self, message: str) -> str:
        """The signature as 128 hexadecimal digits."""
        return self.private.sign(message.encode()).hex()


def name_of(public: str) -> str:
    """16 hexadecimal digits that stand for a public key."""
    return hashlib.sha256(public.encode()).hexdigest()[:16]


def directory() -> Path:
    place: Path = settings.JOURNAL_KEYS_DIR
    return place


def signer() -> Signer:
    """The key of this installation; made where there is none."""
    file = directory() / PRIVATE
    if not file.exists():
        _make(file)
    private = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError(f"{file} holds no Ed25519 key")
    found = Signer(private, _raw(private.public_key()))
    _remember(found)
    return found


def known_keys() -> Mapping[str, str]:
    """Public keys by name, of all keys ever used here."""
    texts = [file.read_text(encoding="ascii").strip() for file in sorted(directory().glob("*.pub"))]
    return {name_of(public): public for public in texts}


def is_signed(message: str, signature: str, public: str) -> bool:
    """Whether the owner of the public key signed the message; False for anything that is no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(signature), message.encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(file: Path) -> None:
    """Written whole and then given its name: two workers that start together end up with one key."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, name = tempfile.mkstemp(dir=file.parent)  # 0600 from the beginning
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(text)
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def _remember(found: Signer) -> None:
    file = directory() / f"{found.name}.pub"
    if not file.exists():
        file.write_text(found.public + "\n", encoding="ascii")


def _raw(public: Ed25519PublicKey) -> str:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()
