"""Which letters the fonts of documents have. A letter that they lack would stop the typesetter, since PDF/UA asks for
every one to be readable; so it is written as what it is: [U+1F600].
"""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

LETTERS_FILE = "letters.json"


def readable(text: str) -> str:
    """The text in letters that the fonts have: composed, without control and direction marks."""
    return "".join(_letter(each) for each in unicodedata.normalize("NFC", text))


def without_controls(text: str) -> str:
    """For documents whose reader brings its own fonts: everything but what XML cannot hold and marks of direction,
    with which a text could show another order than it has."""
    return "".join(
        each
        for each in text
        if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Cn", "Co")
    )


def readable_in(data: Any) -> Any:
    """The same for every text in plain data."""
    if isinstance(data, str):
        return readable(data)
    if isinstance(data, list):
        return [readable_in(each) for each in data]
    if isinstance(data, dict):
        return {key: readable_in(value) for key, value in data.items()}
    return data


def _letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter == "\n":
        return letter
    if letter == "\t" or (category == "Zs" and ord(letter) not in _known()):
        return " "
    if category in ("Cc", "Cf"):
        return ""
    # Fonts draw pictures of their own at places that belong to nobody ("Co").
    return letter if ord(letter) in _known() and category != "Co" else f"[U+{ord(letter):04X}]"


@cache
def _known() -> frozenset[int]:
    place: Path = settings.RECORD_FONTS_DIR
    spans = json.loads((place / LETTERS_FILE).read_text(encoding="ascii"))
    return frozenset(code for first, last in spans for code in range(first, last + 1))
