"""German compounds taken apart: "Baugenehmigungsverfahren" into Bau, Genehmigung, Verfahren.

A compound is a row of words of the lexicon that covers it whole; before the last, words may carry linking letters or
have lost an e ("Genehmigungs-", "Schul-"). Of several ways the one with the fewest and commonest parts is taken; what
the lists lay down ("Staubecken") goes before. Then each part is taken apart in turn.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from allmende.retrieval import dictionary
from allmende.retrieval.lexicon import NONE, Lexicon, spelled

SHORTEST_COMPOUND, LONGEST_COMPOUND = 6, 100
"""Letters. A longer word is no German word and is not looked at."""

DEEPEST = 6
"""Levels of parts; lists may lay down what contains itself."""

_TWO_LETTER_UMLAUT = re.compile(r"(?<=[^aeq])ue|ae|oe")
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}

Parts = tuple[str, ...]


def split(word: str) -> Parts:
    """The smallest parts in order, each a normal word in lower case; () for what is no compound."""
    return analysis(word).smallest


def all_parts(word: str) -> Parts:
    """The parts of every level, larger ones before what they consist of, without the word itself."""
    return analysis(word).every


def base(word: str) -> str | None:
    """The word in lower case that an inflected form stands for ("Häuser": haus); None where it is not known."""
    return named(analysis(word).number)


def named(number: int) -> str | None:
    """The word with the number of an `Analysis`."""
    return dictionary.lexicon().named(number)


class Analysis(NamedTuple):
    """`split` and `all_parts` of a word, and the number in the lexicon of what is its `base`."""

    smallest: Parts
    every: Parts
    number: int


def analysis(word: str) -> Analysis:
    """All in one go; kept for the words met last."""
    return _analysis(word) if len(word) <= LONGEST_COMPOUND else _NOTHING


_NOTHING = Analysis((), (), NONE)


@lru_cache(maxsize=20_000)
def _analysis(word: str) -> Analysis:
    lexicon, form = dictionary.lexicon(), spelled(word)
    number = lexicon.number(form)
    if len(word) < SHORTEST_COMPOUND:
        return Analysis((), (), number)
    parts = lexicon.apart(form, number)
    if not parts and (umlauts := _with_umlauts(form)) != form:
        parts = lexicon.apart(umlauts, lexicon.number(umlauts))
    return Analysis(*_levels(lexicon, parts, 1), number)


def _with_umlauts(form: str) -> str:
    if "ae" in form or "oe" in form or "ue" in form:
        return _TWO_LETTER_UMLAUT.sub(lambda two: _UMLAUTS[two.group()], form)
    return form


def _levels(lexicon: Lexicon, parts: Parts, level: int) -> tuple[Parts, Parts]:
    """The smallest parts of all these, and all parts with themselves."""
    if not parts:
        return (), ()
    smallest: list[str] = []
    every: list[str] = []
    for part in parts:
        inner, levels = _inner(lexicon, part, level + 1)
        smallest += inner or (part,)
        every += (part, *levels)
    return tuple(smallest), tuple(every)


@lru_cache(maxsize=20_000)
def _inner(lexicon: Lexicon, part: str, level: int) -> tuple[Parts, Parts]:
    """Parts recur: each is taken apart once."""
    if len(part) < SHORTEST_COMPOUND or level > DEEPEST:
        return (), ()
    form = spelled(part)
    return _levels(lexicon, lexicon.apart(form, lexicon.number(form)), level)


dictionary.when_forgotten(_inner.cache_clear)
dictionary.when_forgotten(_analysis.cache_clear)
