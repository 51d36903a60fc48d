"""What of a name is kept so that it can be suggested: its words, what they consist of, how it begins."""

from allmende.retrieval.compounds import all_parts
from allmende.retrieval.documents import number_key
from allmende.retrieval.text import clean, fold, normalise, prefix_words

LONGEST = 1_000


def words(name: str) -> list[str]:
    return prefix_words(clean(name, LONGEST))


def first_word(name: str) -> str:
    return next(iter(words(name)), "")


def parts(name: str) -> list[str]:
    """What the words of a name consist of, and words with hyphens in one piece: "eakte" for "E-Akte"."""
    surfaces = clean(name, LONGEST).split()
    inner = [part for surface in surfaces for word in _letters(surface) for part in all_parts(word)]
    glued = ["".join(prefix_words(surface)) for surface in surfaces if "-" in surface]
    return list(dict.fromkeys([*map(fold, inner), *filter(None, glued)]))


def _letters(surface: str) -> list[str]:
    return "".join(letter if letter.isalpha() else " " for letter in normalise(surface)).split()


def brevity(name: str, identity: str) -> int:
    """Ascends with the length of the name, and with the id among names of one length."""
    return number_key(min(len(name), LONGEST), identity, descending=False)
