"""German compounds taken apart: "Baugenehmigungsverfahren" into Bau, Genehmigung, Verfahren.

A compound is a row of words of the lexicon that covers it whole; before the last, words may carry linking letters or
have lost an e ("Genehmigungs-", "Schul-"). Of several ways the one with the fewest and commonest parts is taken; what
the lists lay down ("Staubecken") goes before. Then each part is taken apart in turn.
"""

import re
from functools import lru_cache

from allmende.retrieval import dictionary
from allmende.retrieval.lexicon import Lexicon, spelled

SHORTEST_COMPOUND, LONGEST_COMPOUND = 6, 100
"""Letters. A longer word is no German word and is not looked at."""

DEEPEST = 6
"""Levels of parts; lists may lay down what contains itself."""

_TWO_LETTER_UMLAUT = re.compile(r"(?<=[^aeq])ue|ae|oe")
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}

Parts = tuple[str, ...]


def split(word: str) -> Parts:
    """The smallest parts in order, each a normal word in lower case; () for what is no compound."""
    return _both(word)[0]


def all_parts(word: str) -> Parts:
    """The parts of every level, larger ones before what they consist of, without the word itself."""
    return _both(word)[1]


def _both(word: str) -> tuple[Parts, Parts]:
    return analysis(word) if len(word) <= LONGEST_COMPOUND else ((), ())


def base(word: str) -> str | None:
    """The word in lower case that an inflected form stands for ("Häuser": haus); None where it is not known."""
    return dictionary.lexicon().known_as(spelled(word)) if len(word) <= LONGEST_COMPOUND else None


@lru_cache(maxsize=20_000)
def analysis(word: str) -> tuple[Parts, Parts]:
    """`split` and `all_parts` of a word in one go; kept for the words met last."""
    if not SHORTEST_COMPOUND <= len(word) <= LONGEST_COMPOUND:
        return (), ()
    lexicon, form = dictionary.lexicon(), spelled(word)
    found = _taken_apart(lexicon, form, 1)
    if not found[0] and (umlauts := _TWO_LETTER_UMLAUT.sub(lambda two: _UMLAUTS[two.group()], form)) != form:
        found = _taken_apart(lexicon, umlauts, 1)
    return found


def _taken_apart(lexicon: Lexicon, form: str, level: int) -> tuple[Parts, Parts]:
    smallest: list[str] = []
    every: list[str] = []
    for part in lexicon.apart(form):
        inner, levels = _inner(lexicon, part, level + 1)
        smallest += inner or (part,)
        every += (part, *levels)
    return tuple(smallest), tuple(every)


@lru_cache(maxsize=20_000)
def _inner(lexicon: Lexicon, part: str, level: int) -> tuple[Parts, Parts]:
    """Parts recur: each is taken apart once."""
    if len(part) < SHORTEST_COMPOUND or level > DEEPEST:
        return (), ()
    return _taken_apart(lexicon, spelled(part), level)


dictionary.when_forgotten(_inner.cache_clear)
dictionary.when_forgotten(analysis.cache_clear)
