"""German compounds taken apart: "Baugenehmigungsverfahren" into Bau, Genehmigung, Verfahren.

A compound is a row of words of the lexicon that covers it whole; before the last, words may carry linking letters or
have lost an e ("Genehmigungs-", "Schul-"). Of several ways the one with the fewest parts is taken, so "Baumangel" is
settled by the lists and not by chance; then each part is taken apart in turn (`all_parts`).
"""

import re
from functools import lru_cache

from allmende.retrieval.lexicon import NONE, Lexicon, lexicon, spelled

SHORTEST_COMPOUND, LONGEST_COMPOUND = 6, 100
"""Letters. A longer word is no German word and is not looked at."""

_PART, _SHORT = 100, 25
_TWO_LETTER_UMLAUT = re.compile(r"(?<=[^aeq])ue|ae|oe")
_UMLAUT = {"ae": "ä", "oe": "ö", "ue": "ü"}


def split(word: str) -> tuple[str, ...]:
    """The smallest parts in order, each a normal word in lower case; () for what is no compound."""
    return analysis(word)[0]


def all_parts(word: str) -> tuple[str, ...]:
    """The parts of every level, larger ones before what they consist of, without the word itself."""
    return analysis(word)[1]


def analysis(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`split` and `all_parts` of a word in one go."""
    if not SHORTEST_COMPOUND <= len(word) <= LONGEST_COMPOUND:
        return (), ()
    form = spelled(word)
    found = _taken_apart(lexicon(), form)
    if not found[0] and (umlauts := _TWO_LETTER_UMLAUT.sub(lambda two: _UMLAUT[two.group()], form)) != form:
        found = _taken_apart(lexicon(), umlauts)
    return found


def _taken_apart(words: Lexicon, form: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    smallest: list[str] = []
    every: list[str] = []
    for part in _parts(words, form):
        inner, levels = _inner(words, part)
        smallest += inner or (part,)
        every += (part, *levels)
    return tuple(smallest), tuple(every)


@lru_cache(maxsize=20_000)
def _inner(words: Lexicon, part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parts recur: each is taken apart once."""
    return _taken_apart(words, spelled(part)) if len(part) >= SHORTEST_COMPOUND else ((), ())


def _parts(words: Lexicon, form: str) -> tuple[str, ...]:
    """One level of parts, or ()."""
    number = words.forms.get(form, NONE)
    if number != NONE and (meant := words.last[number]) != NONE:
        known = spelled(words.word(meant))
        if known in words.whole:
            return ()
        if known in words.fixed:
            return words.fixed[known]
    return _cheapest(words, form)


def _cheapest(words: Lexicon, form: str) -> tuple[str, ...]:
    """The way of least cost from the first letter to the last, over words that may stand where they stand."""
    length = len(form)
    before, last, trie = words.before, words.last, words.forms
    cost: list[int] = [0] + [1 << 30] * length
    came: list[tuple[int, int]] = [(0, 0)] * (length + 1)
    for start in range(length - 2):
        if (spent := cost[start]) >= 1 << 30:
            continue
        for piece, number in trie.iter_prefixes_with_ids(form[start:]):
            end = start + len(piece)
            if end == length:
                if not start:
                    continue
                meant = last[number]
            else:
                meant = before[number]
            if meant == NONE:
                continue
            price = spent + _PART + (_SHORT if len(piece) < 5 else 0)
            if price < cost[end]:
                cost[end], came[end] = price, (start, meant)
    if cost[length] >= 1 << 30:
        return ()
    parts: list[str] = []
    place = length
    while place:
        place, meant = came[place]
        parts.append(words.word(meant))
    return tuple(reversed(parts))
