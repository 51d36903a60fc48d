"""The passage of an entry that lies nearest to a question, to be quoted."""

from collections.abc import Mapping

from allmende.retrieval.protocol import Document
from allmende.search.embeddings import Pieces
from allmende.search.kinds_of_entries import sources

QUOTED_WORDS = 25


def nearest_passage(public_id: str, numbers: Mapping[str, int]) -> str:
    """The beginning of the piece with this number (by id) of a solution; "" where it is not known, or where the texts
    have changed since and have no such piece."""
    number = numbers.get(public_id)
    if number is None:
        return ""
    return next((beginning(one, number) for one in sources()["solution"].documents([public_id])), "")


def beginning(document: Document, number: int) -> str:
    """The first words of a piece, without the title that every piece begins with."""
    texts = list(Pieces.of(document).texts.values())
    if number >= len(texts):
        return ""
    words = _without_title(document.name, texts[number]).split()
    return " ".join(words[:QUOTED_WORDS]) + (" …" if len(words) > QUOTED_WORDS else "")


def _without_title(title: str, text: str) -> str:
    left = text.removeprefix(title)
    # A text of its own may go on from its title; what was put in front ends with a sign.
    return left[1:].strip() if title and left[:1] in (".", "!", "?", ":") and left[1:].strip() else text
