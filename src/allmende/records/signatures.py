"""A detached signature: a small file beside a document, over every byte of it.

It is one line of canonical JSON and read strictly: written in any other way it is none, so that no byte of it can
change unseen either. It names the key and does not carry it: a proof needs the key from somewhere else.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from allmende.lib.canonical import canonical_json
from allmende.lib.signing import Signer, is_signed

ALGORITHM = "Ed25519"
ENDING = ".sig"


@dataclass(frozen=True)
class Signature:
    """`key` is the short name of the key, `digest` the SHA-256 of the bytes, `signature` 128 hexadecimal digits."""

    key: str
    digest: str
    signature: str

    def text(self) -> str:
        """The file as it is kept beside a document."""
        return canonical_json({"algorithm": ALGORITHM, **asdict(self)}) + "\n"


def sign(data: bytes, signer: Signer) -> Signature:
    return Signature(signer.name, hashlib.sha256(data).hexdigest(), signer.sign(data))


def read(data: bytes) -> Signature:
    """`ValueError` for anything but the very text that `Signature.text` gives."""
    try:
        said = json.loads(data.decode())
        found = Signature(said["key"], said["digest"], said["signature"])
    except (UnicodeDecodeError, KeyError, TypeError) as error:
        raise ValueError("no signature") from error
    wanted = (("key", 16), ("digest", 64), ("signature", 128))
    is_one = all(re.fullmatch(rf"[0-9a-f]{{{n}}}", str(getattr(found, field))) for field, n in wanted)
    if not is_one or found.text().encode() != data:
        raise ValueError("no signature")
    return found


def proves(signature: Signature, data: bytes, keys: Mapping[str, str]) -> bool:
    """Whether one of these keys (by name) signed these very bytes; False where the key is not among them."""
    public = keys.get(signature.key)
    if public is None or hashlib.sha256(data).hexdigest() != signature.digest:
        return False
    return is_signed(data, signature.signature, public)
