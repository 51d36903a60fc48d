"""Who comes first among hits of equal score: a rule that anybody can work out again, and that favours nobody for long.

The digest is SHA-256 of the question, a blank and the first ten letters of the id, in UTF-8; the lower one comes first.
The question is taken in small letters, each run of blanks as one. In a shell:

    printf 'baum kataster 0k3v9w2c7d' | sha256sum

Ids alone would put the same entry first for ever; with the question in it, who comes first changes from one question
to the next and is the same on every page and on every day.
"""

import hashlib
import unicodedata

from allmende.retrieval.text import MAX_QUERY_LENGTH, clean

LETTERS = 10
"""So many letters of an id the engine has at hand in a number; those of the catalogue have no more."""


def question(text: str) -> str:
    """What is the same question, for this."""
    return " ".join(unicodedata.normalize("NFC", clean(text, MAX_QUERY_LENGTH)).lower().split())


def tie(asked: str, identity: str) -> tuple[str, str]:
    """A key that ascends as equal hits follow each other; `asked` is a `question`."""
    return digest(asked, identity[:LETTERS]), identity


def digest(asked: str, letters: str) -> str:
    """64 hexadecimal digits; `letters` are the first `LETTERS` of an id."""
    return hashlib.sha256(f"{asked} {letters}".encode("utf-8", "replace")).hexdigest()
