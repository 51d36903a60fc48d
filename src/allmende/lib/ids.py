"""Opaque public ids: short enough to read out on the phone, free of letters that look alike."""

import secrets

# Crockford's base 32, lower case: no i, l, o, u.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10


def new_public_id() -> str:
    """Ten random letters, 50 bits: a collision is improbable below a hundred thousand objects, and the
    column is unique, so that one would be refused and not overwritten."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_public_id(text: str) -> bool:
    """Whether the text has the shape of a public id."""
    return len(text) == LENGTH and all(letter in ALPHABET for letter in text)
