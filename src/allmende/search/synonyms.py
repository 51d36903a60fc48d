"""Other words for what somebody typed, from the vocabulary.

Two kinds, because a list of search words is not a list of equals:

* The scheme `search_words` holds words that mean the same ("Kita", "Kindertagesstätte"). Each stands for all others.
* A search word of a kind of solution stands for its name ("Schlaglochmelder" for "Mängelmelder"), and the name for
  the first few of its search words and for the names of its narrower terms; never one search word for another. Only
  words that are precise take part, and only names of one thing. Measured on the tuning halves of the judged sets:
  with all of them the questions concerned got worse (XQuAD-de .983 to .977, by "Sprache" alone).

Fields of action are left out: their search words are what belongs to the field ("Bildung": "Schule", "Forschung"),
and who types one does not mean the others.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from allmende.retrieval.compounds import split
from allmende.retrieval.protocol import Alternative
from allmende.search.labels import Known
from allmende.search.phrases import Phrases, words_of
from allmende.vocabulary.models import Term

EQUALS = "search_words"
NAMED = ("solution_type",)
MOST = 12
MOST_OF_A_NAME = 6


def alternatives(text: str, known: Known) -> tuple[Alternative, ...]:
    """At most twelve, in the order of the words; each with the label of the term that says so as its source."""
    found: dict[tuple[str, tuple[str, ...]], Alternative] = {}
    for phrase in _phrases(known).found_in(text):
        typed = words_of(phrase.typed)
        for said in phrase.meant:
            # The same to the index is nothing else.
            if said.words != typed:
                alternative = Alternative(phrase.typed, said.instead, said.source)
                found.setdefault((phrase.typed, said.words), alternative)
    return tuple(found.values())[:MOST]


@dataclass(frozen=True)
class Said:
    """What the vocabulary says instead, and the label of the term that says it."""

    instead: str
    source: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words_of(self.instead)


@lru_cache(maxsize=2)
def _phrases(known: Known) -> Phrases[Said]:
    vocabulary = known.vocabulary
    pairs = []
    for scheme in NAMED:
        terms = vocabulary.terms(scheme)
        pairs += [pair for term in terms for pair in _named(term, terms)]
    pairs += [pair for term in vocabulary.terms(EQUALS) for pair in _equals(term)]
    return Phrases.of(pairs)


def _equals(term: Term) -> Iterator[tuple[str, Said]]:
    words = _clear((term.label, *term.synonyms))
    for word in words:
        for other in words:
            if other != word:
                yield word, Said(other, term.label)


def _named(term: Term, siblings: list[Term]) -> Iterator[tuple[str, Said]]:
    if _is_list(term):
        return
    narrower = [other.label for other in siblings if _is_below(other, term) and not _is_list(other)]
    precise = [word for word in _clear(term.synonyms) if _is_precise(word)]
    for other in _clear((*narrower, *precise))[:MOST_OF_A_NAME]:
        yield term.label, Said(other, term.label)
    for word in precise:
        yield word, Said(term.label, term.label)


def _is_list(term: Term) -> bool:
    """ "Bauhof, Fuhrpark & Inventar" names a shelf and not a thing: what stands on it is no other word for it."""
    return "&" in term.label or "," in term.label


def _is_precise(word: str) -> bool:
    """A compound, or several words. A simple one means more than a kind of solution: "Karte", "Sprache", "Parken"."""
    return len(words_of(word)) > 1 or bool(split(word))


def _clear(phrases: Iterable[str]) -> list[str]:
    """Each once, without those of which one word of several is left to the index: "Sag's uns" would be any "sagen"."""
    return [one for one in dict.fromkeys(phrases) if len(words_of(one)) > 1 or re.fullmatch(r"[\w-]+", one)]


def _is_below(term: Term, other: Term) -> bool:
    return term.broader is not None and term.broader.code == other.code
