"""What an entry must have to be found, said once for both who decide it: the engine, and the counting in bits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import tantivy

MUST, MUST_NOT, SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should

MOST_COMBINATIONS = 36
"""Up to so many ways to have as many words as required are asked for one by one: each is as quick as its rarest word,
while the engine goes through all entries of all words for "at least four of six" (0.5 and 2.4 ms of 100,000)."""


@dataclass(frozen=True, slots=True)
class Has:
    """A word in a field of the index."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of `parts`: all, or any of them, too. Of no parts at least one is what no entry has."""

    number: int
    parts: tuple["Having", ...]


@dataclass(frozen=True, slots=True)
class Without:
    having: "Having"
    without: "Having"


Having = Has | AtLeast | Without


def all_of(parts: Iterable[Having]) -> Having:
    """What is asked for twice is asked for once."""
    said = tuple(dict.fromkeys(_flat(parts)))
    return said[0] if len(said) == 1 else AtLeast(len(said), said)


def _flat(parts: Iterable[Having]) -> Iterator[Having]:
    for part in parts:
        if isinstance(part, AtLeast) and part.number == len(part.parts):
            yield from _flat(part.parts)
        else:
            yield part


def any_of(parts: Sequence[Having]) -> Having:
    return parts[0] if len(parts) == 1 else AtLeast(1, tuple(parts))


def as_query(having: Having, fields: tantivy.Schema) -> tantivy.Query:
    """For the engine, scoring nothing: counting takes half the time where it knows that nobody asks for scores."""
    return tantivy.Query.const_score_query(as_scored(having, fields), 0.0)


def as_scored(having: Having, fields: tantivy.Schema) -> tantivy.Query:
    """For the engine; each word that an entry has scores once, however often it stands there."""
    if isinstance(having, Has):
        return tantivy.Query.term_query(fields, having.field, having.word, "basic")
    if isinstance(having, Without):
        return tantivy.Query.boolean_query(
            [(MUST, as_scored(having.having, fields)), (MUST_NOT, as_scored(having.without, fields))]
        )
    return _at_least(having.number, [as_scored(part, fields) for part in having.parts])


def _at_least(number: int, ways: Sequence[tantivy.Query]) -> tantivy.Query:
    if number > len(ways):
        return tantivy.Query.empty_query()
    if number == len(ways):
        return _joined(MUST, ways)
    if number == 1:
        return _joined(SHOULD, ways)
    if comb(len(ways), number) <= MOST_COMBINATIONS:
        return _joined(SHOULD, [_joined(MUST, together) for together in combinations(ways, number)])
    return tantivy.Query.boolean_query([(SHOULD, way) for way in ways], minimum_number_should_match=number)


def _joined(how: tantivy.Occur, ways: Sequence[tantivy.Query]) -> tantivy.Query:
    return ways[0] if len(ways) == 1 else tantivy.Query.boolean_query([(how, way) for way in ways])
