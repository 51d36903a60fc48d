"""Ed25519 keys that lie in a folder beside the database and not in it: whoever can write to the database alone cannot
sign.

A folder holds `private.pem` (readable by the owner alone) and one `<name>.pub` for each key ever used. Take
`private.pem` away and the next use makes another key; what the earlier one signed stays provable.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PRIVATE = "private.pem"
_SIGNATURE = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True)
class Signer:
    """`public` is the raw public key as 64 hexadecimal digits, `name` its short name in what it signs."""

    private: Ed25519PrivateKey
    public: str

    @property
    def name(self) -> str:
        return name_of(self.public)

    def sign(self, message: str | bytes) -> str:
        """The signature as 128 hexadecimal digits; of a text as UTF-8."""
        return self.private.sign(_bytes(message)).hex()


@dataclass(frozen=True)
class KeyFolder:
    """A folder with the key of this installation and the public halves of all that it ever used."""

    path: Path

    def signer(self) -> Signer:
        """The key in use; made where there is none. `TypeError` where the file holds a key of another sort."""
        file = self.path / PRIVATE
        if not file.exists():
            self.make()
        private = serialization.load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise TypeError(f"{file} holds no Ed25519 key")
        found = Signer(private, _raw(private.public_key()))
        self._remember(found)
        return found

    def make(self) -> None:
        """Written whole and then given its name: two workers that start together end up with one key."""
        new = self._write_new()
        try:
            os.link(new, self.path / PRIVATE)
        except FileExistsError:
            pass
        finally:
            new.unlink()

    def renew(self) -> Signer:
        """Put another key in the place of the one in use, whose private half is gone from then on."""
        self.signer()  # what there was is remembered as a public key, even if nobody has signed with it
        self._write_new().replace(self.path / PRIVATE)
        return self.signer()

    def known(self) -> Mapping[str, str]:
        """Public keys by name, of all keys ever used here."""
        texts = [file.read_text(encoding="ascii").strip() for file in sorted(self.path.glob("*.pub"))]
        return {name_of(public): public for public in texts}

    def _write_new(self) -> Path:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        handle, name = tempfile.mkstemp(dir=self.path)  # 0600 from the beginning
        with os.fdopen(handle, "wb") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        return Path(name)

    def _remember(self, found: Signer) -> None:
        file = self.path / f"{found.name}.pub"
        if not file.exists():
            file.write_text(found.public + "\n", encoding="ascii")


def name_of(public: str) -> str:
    """16 hexadecimal digits that stand for a public key."""
    return hashlib.sha256(public.encode()).hexdigest()[:16]


def is_signed(message: str | bytes, signature: str, public: str) -> bool:
    """Whether the owner of the public key signed the message; False for anything that is no signature.

    Only small letters count: the same signature written in another way would be a byte that changes unseen.
    """
    if not _SIGNATURE.fullmatch(signature):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(signature), _bytes(message)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def public_from(text: str) -> str:
    """A public key as 64 hexadecimal digits, from such digits or from PEM; `ValueError` for anything else."""
    text = text.strip()
    if re.fullmatch(r"[0-9a-f]{64}", text):
        return text
    found = serialization.load_pem_public_key(text.encode())
    if not isinstance(found, Ed25519PublicKey):
        raise ValueError("no Ed25519 key")  # whoever reads files asks for one kind of error
    return _raw(found)


def pem_of(public: str) -> str:
    """The public key as PEM, which other programs read."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def fingerprint_of(public: str) -> str:
    """SHA-256 of the raw key in groups of four digits, to be compared by eye or read out on the telephone."""
    digits = hashlib.sha256(bytes.fromhex(public)).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, 64, 4))


def _raw(public: Ed25519PublicKey) -> str:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def _bytes(message: str | bytes) -> bytes:
    return message.encode() if isinstance(message, str) else message
