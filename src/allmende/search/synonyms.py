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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from allmende.retrieval.compounds import split
from allmende.retrieval.protocol import Alternative
from allmende.retrieval.text import MAX_QUERY_LENGTH, clean, query_tokens
from allmende.search.labels import Known
from allmende.search.phrases import Phrases, kept_for_the_last, words_of
from allmende.vocabulary.models import Term
from allmende.vocabulary.queries import Vocabulary

EQUALS = "search_words"
NAMED = ("solution_type",)
MOST = 12
MOST_OF_A_NAME = 6
MOST_OF_A_PART = 2


def alternatives(text: str, known: Known) -> tuple[Alternative, ...]:
    """At most twelve, first those of whole words; each with the label of the term that says so as its source."""
    words = _words(known.vocabulary)
    found: dict[tuple[str, tuple[str, ...]], Alternative] = {}
    for typed, said in (*_of_whole_words(text, words), *_of_parts(text, words)):
        # The same to the index is nothing else.
        if said.words != words_of(typed):
            found.setdefault((typed, said.words), Alternative(typed, said.instead, said.source))
    return tuple(found.values())[:MOST]


@dataclass(frozen=True)
class Said:
    """What the vocabulary says instead, and the label of the term that says it."""

    instead: str
    source: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words_of(self.instead)


@dataclass(frozen=True)
class _Words:
    """`inside`: what means the same as a piece of a compound, by the parts of the piece."""

    whole: Phrases[Said]
    inside: Mapping[tuple[str, ...], Sequence[Said]]


@kept_for_the_last
def _words(vocabulary: Vocabulary) -> _Words:
    equals = [pair for term in vocabulary.terms(EQUALS) for pair in _equals(term)]
    named: list[tuple[str, Said]] = []
    for scheme in NAMED:
        terms = vocabulary.terms(scheme)
        named += [pair for term in terms for pair in _named(term, terms)]
    inside: dict[tuple[str, ...], list[Said]] = {}
    for word, said in equals:
        if parts := _as_parts(word):
            inside.setdefault(parts, []).append(said)
    return _Words(Phrases.of([*named, *equals]), inside)


def _of_whole_words(text: str, words: _Words) -> Iterator[tuple[str, Said]]:
    for phrase in words.whole.found_in(text):
        for said in phrase.meant:
            yield phrase.typed, said


def _of_parts(text: str, words: _Words) -> Iterator[tuple[str, Said]]:
    """ "Kitaplatz" is also a "Kindertagesstätte Platz": in a compound one piece gives way, the others stay."""
    text = clean(text, MAX_QUERY_LENGTH)
    for token in query_tokens(text):
        typed = text[token.start : token.end]
        if (token.word,) not in words.whole.by_words:
            for instead, source in _one_piece_less(split(typed), token.parts, words.inside):
                yield typed, Said(instead, source)


def _one_piece_less(
    written: Sequence[str], parts: Sequence[str], inside: Mapping[tuple[str, ...], Sequence[Said]]
) -> Iterator[tuple[str, str]]:
    """The longest piece that the vocabulary knows gives way, to the first few that mean the same."""
    for length in range(len(parts) - 1, 0, -1):
        for start in range(len(parts) - length + 1):
            for said in inside.get(tuple(parts[start : start + length]), ())[:MOST_OF_A_PART]:
                yield " ".join([*written[:start], said.instead, *written[start + length :]]), said.source
            if tuple(parts[start : start + length]) in inside:
                return


def _as_parts(word: str) -> tuple[str, ...]:
    """A single word as it stands in a compound; () for several."""
    read = query_tokens(word)
    return (read[0].parts or (read[0].word,)) if len(read) == 1 else ()


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
