"""Keys of second factors at rest: whoever gets hold of the database alone shall not be able to make anybody's codes."""

import base64
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

log = logging.getLogger(__name__)
# How every token of Fernet begins: its version, in base64.
_LOCKED = "gAAAA"


def lock(text: str) -> str:
    """The text, readable only with `SECRET_KEY`."""
    return _vault().encrypt(text.encode()).decode()


def unlock(locked: str) -> str:
    """What was locked under this secret key or a former one; what was never locked comes back as it is.

    Where the secret key is lost, a key that fits nothing: no code is right, and the log says why.
    """
    try:
        return _vault().decrypt(locked.encode()).decode()
    except InvalidToken:
        if not locked.startswith(_LOCKED):
            return locked
    log.error("A second factor cannot be read: ALLMENDE_SECRET_KEYS_BEFORE lacks the secret key of its time.")
    return base64.b32encode(secrets.token_bytes(20)).decode()


def lock_anew(locked: str) -> str:
    """The same, locked under today's secret key, so that a former one can be forgotten."""
    try:
        return _vault().rotate(locked.encode()).decode()
    except InvalidToken:
        return locked


def _vault() -> MultiFernet:
    return MultiFernet([Fernet(_key(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"allmende.second-factor")
    return base64.urlsafe_b64encode(derived.derive(force_bytes(secret)))
