"""Suggestions while somebody types: kinds of solutions, topics, solutions and places in one list.

The order: what the words of the vocabulary call so (kinds of solutions before fields of action), then solutions, then
Länder and places. Within a kind those whose name begins as typed come first. Each kind has a share; what one does
not fill goes to the solutions, and the list never has more than ten lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from allmende.lib.sorting import folded
from allmende.regions import levels
from allmende.regions.queries import look_up
from allmende.retrieval.protocol import UNSTATED, IndexUnavailable
from allmende.search.engine import index
from allmende.search.labels import Known, known
from allmende.search.phrases import kept_for_the_last
from allmende.vocabulary.queries import Vocabulary

SHORTEST, LONGEST = 2, 80
# A place name needs a little more before it means anything: two letters begin hundreds.
SHORTEST_PLACE = 3
MOST = 10
MOST_TERMS, MOST_LAENDER, MOST_PLACES = 3, 1, 2
PLACES = (levels.GEMEINDE, levels.KREIS, levels.GEMEINDEVERBAND)

Kind = Literal["type", "field", "solution", "land", "town"]


@dataclass(frozen=True)
class Suggested:
    """One line. `code` leads on: for "type", "field" and "land" it is a value of the facet of that name, for
    "solution" a public id, for "town" (a Gemeinde, a Kreis or a Verband) the key of its region. `because` is the search
    word that begins as typed, where the text does not."""

    kind: Kind
    text: str
    code: str
    because: str = ""


def suggestions(text: str) -> Sequence[Suggested]:
    """At most ten; none for less than two letters. At most three queries, no error without an index."""
    text = text[:LONGEST].strip()
    typed = folded(text)
    if len(text) < SHORTEST or not typed:
        return ()
    words = known()
    terms = _terms(words, typed)
    places = [*_laender(words, typed), *_towns(text)] if len(text) >= SHORTEST_PLACE else []
    by_name = [one for one in terms if not one.because]
    by_search_word = [one for one in terms if one.because]
    solutions = _solutions(text, MOST - len(terms) - len(places))
    return [*by_name, *solutions, *places, *by_search_word]


def _terms(words: Known, typed: str) -> list[Suggested]:
    """Terms of which the name or a search word begins as typed, those by their names first."""
    found = [one for written in _words(words.vocabulary) if (one := _begun(written, typed))]
    return sorted(found, key=lambda one: bool(one.because))[:MOST_TERMS]


Written = tuple[Suggested, tuple[tuple[str, str], ...]]
"""A term and its words, name first: each folded, and as it is written."""


def _begun(written: Written, typed: str) -> Suggested | None:
    term, words = written
    word = next((word for folded_word, word in words if folded_word.startswith(typed)), None)
    return None if word is None else replace(term, because="" if word == term.text else word)


@kept_for_the_last
def _words(vocabulary: Vocabulary) -> Sequence[Written]:
    """The words of every term that can be suggested; worked out once for each version of the vocabulary."""
    schemes: tuple[tuple[Kind, str], ...] = (("type", "solution_type"), ("field", "field_of_action"))
    return [
        (
            Suggested(kind, term.label, term.code),
            tuple((folded(word), word) for word in (term.label, *term.synonyms)),
        )
        for kind, scheme in schemes
        for term in vocabulary.terms(scheme)
    ]


def _solutions(text: str, limit: int) -> list[Suggested]:
    try:
        found = index().suggest(text, scope={"kind": ("solution",)}, limit=limit)
    except IndexUnavailable:
        return []
    return [Suggested("solution", one.text, one.id) for one in found if one.id]


def _laender(words: Known, typed: str) -> list[Suggested]:
    found = [
        Suggested("land", label, code)
        for code, label in words.labels["land"].items()
        if code != UNSTATED and folded(label).startswith(typed)
    ]
    return found[:MOST_LAENDER]


def _towns(text: str) -> list[Suggested]:
    return [
        Suggested("town", place.label, place.key) for place in look_up(text, only=PLACES, limit=MOST_PLACES)
    ]
