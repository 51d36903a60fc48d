"""Persons that a page lists. Nothing here says that they agreed to be named in another catalogue: their names go."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from allmende.federation.formats.publiccode.lenient import texts_of
from allmende.federation.formats.yaml_source import Node

HIDDEN_NAME = "(Name bei der Quelle)"

_MOST_NAMES = 100


def names_of(root: Node, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The names under these keys. Single words are left: they are rather words of the text, or a body's short name."""
    found = chain.from_iterable(_names(root.get(key)) for key in keys)
    return tuple(dict.fromkeys(islice(found, _MOST_NAMES)))


def _names(node: Node | None) -> Iterator[str]:
    return (name for name in texts_of(node) if " " in name)


def without_names(text: str, names: tuple[str, ...]) -> str:
    """The text with each of the names replaced, however its words are spaced."""
    if not names:
        return text
    # The longest first, so that of two names that begin alike the whole one goes.
    patterns = (r"\s+".join(map(re.escape, name.split())) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", HIDDEN_NAME, text)
