"""Whose contact data must not come back: known by hashes, so that nothing personal is kept to keep it out."""

import hashlib

from allmende.lib.sorting import folded


def suppression_digests(name: str, email: str) -> set[str]:
    """Hashes by which a person is recognised: of the address, or of the name where there is no address."""
    if email.strip():
        return {_digest(f"email:{email.strip().casefold()}")}
    return {_digest(f"name:{folded(name)}")} if folded(name) else set()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
