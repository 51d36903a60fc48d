"""In which language is this page? Only German and English are told apart, by their small words."""

import re

_WORD = re.compile(r"[a-zäöüß]+")
_GERMAN = frozenset(
    (
        *(
            "der",
            "die",
            "das",
            "und",
            "ist",
            "ein",
            "eine",
            "für",
            "mit",
            "von",
            "zu",
            "auf",
            "den",
            "dem",
            "des",
        ),
        *("wird", "werden", "nicht", "auch", "sich", "im", "an", "als", "bei", "oder"),
    )
)
_ENGLISH = frozenset(
    (
        *(
            "the",
            "and",
            "is",
            "a",
            "an",
            "for",
            "with",
            "of",
            "to",
            "on",
            "by",
            "this",
            "that",
            "are",
            "be",
            "not",
        ),
        *("also", "it", "in", "as", "at", "or", "from", "was", "has"),
    )
)
# So many small words of one language have to stand there, and three times as many as of the other.
_ENOUGH = 6
_CLEARLY = 3
_LOOKED_AT = 4000


def guess_language(text: str) -> str | None:
    """`de`, `en`, or None where the text is too short or too mixed to tell."""
    words = _WORD.findall(text[:_LOOKED_AT].lower())
    german = sum(word in _GERMAN for word in words)
    english = sum(word in _ENGLISH for word in words)
    if english >= _ENOUGH and english > german * _CLEARLY:
        return "en"
    if german >= _ENOUGH and german > english * _CLEARLY:
        return "de"
    return None
