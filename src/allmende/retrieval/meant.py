"""What is near a question in meaning, in a committed state of the index: what it adds to the entries found, and how
words and meaning together rank.

Ranked are all entries found, each by its own score. Those handed in as near (some hundreds) are looked up one by one:
their places and lexical scores cost two searches that look at nothing else. All other entries have one and the same
similarity (`Weighing.floor`), so they follow each other as their words rank them, and the whole order is two sorted
lists merged: exact on every page, however deep.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.asking import Asked, Group
from allmende.retrieval.counting import Narrowed
from allmende.retrieval.fusion import Fused, Weighing, reach, weighing
from allmende.retrieval.having import MUST, SHOULD, Has, Having, any_of, as_query
from allmende.retrieval.protocol import How, Query
from allmende.retrieval.ranking import RANKING, rarity
from allmende.retrieval.segments import Places, Segments

HIGHEST_TERM = 2.2
"""What BM25 gives at most for a word, in units of its rarity: k1 + 1."""

LOOKED_UP = 1_000
"""More than so many near entries are not looked up: the furthest are left out."""

BY_WORDS, NARROWED = 4_096, 8_192
"""Marks on the number of an entry, which comes back as its score: exact for whole numbers to 16 million."""


@dataclass(frozen=True)
class Ranked:
    """An entry in the order of both. `id` is known of those that are near in meaning."""

    place: tantivy.DocAddress
    fused: Fused
    lexical: float
    id: str = ""


@dataclass(frozen=True)
class _Near:
    """An entry in scope that is near; whether its words alone find it, and whether it is within the filters."""

    id: str
    place: tantivy.DocAddress
    by_words: bool
    narrowed: bool


@dataclass(frozen=True)
class Meant:
    """A question with words in it and what is near it; `asked` as its words alone are understood."""

    segments: Segments
    asked: Asked
    query: Query
    _bests: list[float] = field(default_factory=list)

    # What is found

    @cached_property
    def widened(self) -> Asked:
        """As asked, and what is near enough is found as well."""
        if not self.added:
            return self.asked
        ways: list[Having] = [Has(schema.ID, one) for one in self.added]
        if self.asked.found is not None:
            ways.append(self.asked.found)
        return replace(self.asked, found=any_of(ways))

    @cached_property
    def added(self) -> tuple[str, ...]:
        """Ids of the entries that count as found and have not the words asked for, the nearest first.

        Decided within the scope, whatever the filters are: so a count predicts what a click shows.
        """
        without = [one.id for one in self._here if not one.by_words]
        if not without:
            return ()
        nearest = self.query.meaning[self._here[0].id]
        found = 0 if self.query.any_word else self._by_words
        within = reach(nearest, any_word=self.query.any_word, found=found)
        return tuple(one for one in without[: within.at_most] if self.query.meaning[one] >= within.least)

    @cached_property
    def total(self) -> int:
        """How many are found, within the filters."""
        if self.is_narrowed:
            return self.segments.number(self.widened.found, self.query)
        return self._by_words + len(self.added)

    @cached_property
    def found_by_words(self) -> int:
        """How many of `total` the words alone find."""
        added = set(self.added)
        return self.total - sum(one.narrowed for one in self._here if one.id in added)

    @cached_property
    def _by_words(self) -> int:
        """How many the words alone find in scope."""
        return self.segments.number(self.asked.found, Query(scope=self.query.scope))

    @property
    def is_narrowed(self) -> bool:
        """Whether there are filters or ranges."""
        return bool(self.query.ranges) or any(self.query.filters.values())

    @cached_property
    def near(self) -> list[str]:
        """Ids, the nearest first."""
        return sorted(self.query.meaning, key=lambda one: (-self.query.meaning[one], one))[:LOOKED_UP]

    @cached_property
    def _here(self) -> list[_Near]:
        """Those in scope, the nearest first."""
        numbered = [
            (SHOULD, _marked(self.segments.term(schema.ID, identity), number))
            for number, identity in enumerate(self.near, start=1)
        ]
        near = tantivy.Query.boolean_query(numbered)
        within = self.segments.narrowed(None, self.query)
        here = self._told_by_bits(near, within) if within else self._told_by_the_engine(near)
        return sorted(here, key=lambda one: self._rank_of[one.id])

    def _told_by_bits(self, near: tantivy.Query, within: Narrowed) -> list[_Near]:
        """The engine says where they are and nothing else: a third of the time."""
        places = self.segments.first(near, len(self.near))
        counting, found = within.counting, self.asked.found
        ways = (within.found, within.found if found is None else counting.found(found), within.bits())
        numbers = [(place.segment_ord, place.doc) for _, place in places]
        told = zip(places, *(counting.have(bits, numbers) for bits in ways), strict=True)
        return [
            _Near(self.near[round(score) - 1], place, by_words and found is not None, narrowed)
            for (score, place), in_scope, by_words, narrowed in told
            if in_scope
        ]

    def _told_by_the_engine(self, near: tantivy.Query) -> list[_Near]:
        """One search says where they are, and by marks on their numbers in which way they are found."""
        clauses = [(MUST, near), (MUST, _marked(self._in_scope(None), 0))]
        if self.asked.found is not None:
            found = as_query(self.asked.found, self.segments.fields)
            clauses.append((SHOULD, _marked(found, BY_WORDS)))
        if self.is_narrowed:
            clauses.append((SHOULD, _marked(self.segments.combined(None, self.query), NARROWED)))
        places = self.segments.first(tantivy.Query.boolean_query(clauses), len(self.near))
        return [self._read(score, place) for score, place in places]

    @cached_property
    def _rank_of(self) -> dict[str, int]:
        return {identity: rank for rank, identity in enumerate(self.near)}

    def _read(self, score: float, place: tantivy.DocAddress) -> _Near:
        number = round(score)
        identity = self.near[number % BY_WORDS - 1]
        narrowed = bool(number & NARROWED) or not self.is_narrowed
        return _Near(identity, place, bool(number & BY_WORDS), narrowed)

    def _in_scope(self, text: tantivy.Query | None) -> tantivy.Query:
        return self.segments.combined(text, Query(scope=self.query.scope))

    # How it ranks

    @cached_property
    def weighing(self) -> Weighing:
        """By the best there is in scope, so that a filter changes no weight."""
        best = max([self._best_by_words, *self._lexical.values()])
        return weighing(best, self._ideal, self.query.meaning.values())

    @property
    def _best_by_words(self) -> float:
        if not self._bests:
            self.saw(self.segments.first(self._in_scope(self.asked.text), 1))
        return self._bests[0]

    def saw(self, best_in_scope: Places) -> None:
        """The best that the words find in scope, by who has looked for them anyway: saves a search."""
        self._bests.append(max((float(score) for score, _ in best_in_scope), default=0.0))

    @cached_property
    def candidates(self) -> list[Ranked]:
        """All that are near and found, best first, equals by id. Their words count even where too few were found."""
        added = set(self.added)
        ranked = []
        for one in self._here:
            if one.narrowed and (one.by_words or one.id in added):
                lexical = self.words_give(one.place)
                fused = self.weighing.fused(lexical, self.query.meaning[one.id])
                ranked.append(Ranked(one.place, fused, lexical, one.id))
        return sorted(ranked, key=lambda one: (-one.fused.score, one.id))

    def merged(self, by_words: Places) -> list[Ranked]:
        """The candidates and those found by words (best first, equals by id) in the order of both.

        Equal scores stand side by side; ids decide between them, and of `by_words` the caller has to look them up.
        """
        near = {_key(one.place) for one in self.candidates}
        others = [
            Ranked(place, self.weighing.fused(float(score), None), float(score))
            for score, place in by_words
            if _key(place) not in near
        ]
        return sorted([*self.candidates, *others], key=lambda one: -one.fused.score)

    def words_give(self, place: tantivy.DocAddress) -> float:
        """The lexical score of an entry that is near; 0.0 for others, too."""
        return self._lexical.get(_key(place), 0.0)

    @cached_property
    def _lexical(self) -> dict[tuple[int, int], float]:
        """What the words give to those near, by place.

        Clause by clause around those near: so each is asked about these entries only. All of them in one would be
        worked through for all entries there are, which took twice as long.
        """
        if not self._here:
            return {}
        scored = _marked(self.segments.any_of([one.id for one in self._here]), 0)
        for group in (*self.asked.groups, *self.asked.neighbours):
            for clause in group.clauses:
                scored = tantivy.Query.boolean_query([(MUST, scored), (SHOULD, clause.query)])
        return {_key(place): float(score) for score, place in self.segments.first(scored, len(self._here))}

    @cached_property
    def _ideal(self) -> float:
        """About the lexical score of an entry that has every word asked for, as often and as densely as counts."""
        return sum(self._ideal_of(group) for group in self.asked.groups)

    def _ideal_of(self, group: Group) -> float:
        """A word that no entry has is as rare as can be: what the best entry says of the question is less by it."""
        words = [clause.words[0] for clause in group.clauses if clause.how is How.WORD]
        parts = [clause.words[0] for clause in group.clauses if clause.how is How.PART]
        rarity = self._rarity(schema.WORDS, words[:1] or [""])
        return HIGHEST_TERM * (rarity + RANKING.part * self._rarity(schema.PARTS, parts))

    def _rarity(self, field: str, words: Iterable[str]) -> float:
        """Inverse document frequency as BM25 has it, of all together."""
        searcher = self.segments.searcher
        return sum(rarity(searcher.num_docs, searcher.doc_freq(field, word)) for word in words)


def _marked(query: tantivy.Query, score: float) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, float(score))


def _key(place: tantivy.DocAddress) -> tuple[int, int]:
    """The engine's own addresses are no keys of a dictionary."""
    return place.segment_ord, place.doc
