"""In which order the entries found follow each other: by a column, by words, by words and meaning; exact on each page.

The engine orders equals by where they lie on disk. Here they are brought into the order that the protocol promises.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from allmende.retrieval import schema, ties
from allmende.retrieval.asking import Asked
from allmende.retrieval.documents import letters_of
from allmende.retrieval.fusion import Fused, Weighing, weighing
from allmende.retrieval.having import MUST
from allmende.retrieval.meant import Meant, Ranked
from allmende.retrieval.picking import Picking
from allmende.retrieval.protocol import COUNTED, RELEVANCE, Query
from allmende.retrieval.segments import Places, Segments, identity_of, source_of
from allmende.retrieval.text import sort_key

SLACK = 16
FIRST_LOOK = 64
"""So many ranks are gone through at first to find an entry's."""


@dataclass(frozen=True)
class Standing:
    """Where an entry stands by relevance and by what: everything to work out its place again. `rank` counts from 1;
    `equals` counts others with the same score; both None where they are further back than `COUNTED`.
    """

    rank: int | None
    total: int
    equals: int | None
    fused: Fused
    lexical: float
    similarity: float | None
    weighing: Weighing


@dataclass(frozen=True)
class Ordering:
    segments: Segments

    # By a column or by words

    def page(
        self, found: tantivy.Query | Picking, order: str, start: int, stop: int, *, asked: str | None
    ) -> Places:
        """Entries from start to stop in the exact order, those of equal key brought into theirs; key and place.

        `asked` is what they are ranked by, None where a column orders them and nothing is picked.

        A few more than needed are asked for, until the last group of equals is complete, and the groups that touch the
        page are sorted here.
        """
        orders = self.segments.definition.orders
        field = schema.order_field(order) if order in orders else schema.TIE
        asked_for = stop + SLACK
        while True:
            if isinstance(found, Picking):
                places = found.best(asked_for)
            else:
                places = self.segments.first(found, asked_for, None if asked is not None else field)
            if len(places) < asked_for or places[-1][0] != places[stop - 1][0]:
                break
            asked_for *= 4
        low, high = _whole_groups([key for key, _ in places], start, stop)
        group = places[low:high]
        keys = self._exact_keys(group, order) if asked is None else self._digests(group, asked)
        group = [group[place] for place in sorted(range(len(group)), key=keys.__getitem__)]
        return group[start - low : stop - low]

    def picking(self, asked: Asked, query: Query) -> Picking:
        """The best by words, of which there are some."""
        text = asked.text or tantivy.Query.all_query()
        return Picking(self.segments, text, query, self.segments.narrowed(asked.found, query))

    def _digests(self, group: Places, text: str) -> list[tuple[Any, ...]]:
        """Score, and where it is equal the digest of question and id (`ties`), and where that is equal the id."""
        asked = ties.question(text)
        scores = Counter(score for score, _ in group)
        equal = [place for score, place in group if scores[score] > 1]
        columns = iter(self.segments.searcher.fast_field_values(schema.TIE, equal) if equal else ())
        keys = [
            (-score, self._digest(asked, next(columns), place) if scores[score] > 1 else "")
            for score, place in group
        ]
        often = Counter(keys)
        return [
            (*key, identity_of(self.segments.searcher.doc(place))) if often[key] > 1 else key
            for key, (_, place) in zip(keys, group, strict=True)
        ]

    def _digest(self, asked: str, column: int, place: tantivy.DocAddress) -> str:
        """By the column where that says all: reading each entry would take ten times as long."""
        letters = letters_of(column)
        if letters is None:
            letters = identity_of(self.segments.searcher.doc(place))[: ties.LETTERS]
        return ties.digest(asked, letters)

    def _exact_keys(self, group: Places, order: str) -> list[tuple[Any, ...]]:
        """Key, column for equals, and where both are equal the documents' own names and ids."""
        finer = schema.finer_field(self.segments.definition, order)
        more = self.segments.searcher.fast_field_values(finer, [place for _, place in group])
        keys = [(key, second) for (key, _), second in zip(group, more, strict=True)]
        often = Counter(keys)
        return [
            (*key, *self._last_resort(place, by_name=finer != schema.TIE)) if often[key] > 1 else key
            for key, (_, place) in zip(keys, group, strict=True)
        ]

    def _last_resort(self, place: tantivy.DocAddress, by_name: bool) -> tuple[str, str]:
        document = self.segments.searcher.doc(place)
        return sort_key(source_of(document)[1]) if by_name else "", identity_of(document)

    # By words and meaning

    def fused(self, meant: Meant, start: int, stop: int) -> list[Ranked]:
        """Entries from start to stop by the score of both.

        Of those found by words so many are looked at that none of the others could come before the end of the page.
        """
        by_words = self.picking(meant.asked, meant.query)
        looked_at = stop + SLACK
        while True:
            places = self.page(by_words, RELEVANCE, 0, looked_at, asked=meant.query.text)
            if not meant.is_narrowed:
                meant.saw(places[:1])
            merged = meant.merged(places)
            if len(places) < looked_at or (
                len(merged) >= stop and self._settled(meant, merged[stop - 1], places)
            ):
                break
            looked_at *= 3
        low, high = _whole_groups([one.fused.score for one in merged], start, min(stop, len(merged)))
        group = merged[low:high]
        often = Counter(one.fused.score for one in group)
        asked = ties.question(meant.query.text)
        group.sort(
            key=lambda one: (
                -one.fused.score,
                ties.tie(asked, self._id(one)) if often[one.fused.score] > 1 else ("", one.id),
            )
        )
        return group[start - low : stop - low]

    def _settled(self, meant: Meant, last: Ranked, places: Places) -> bool:
        """Whether whoever was not looked at comes after the last of the page."""
        return meant.weighing.fused(float(places[-1][0]), None).score < last.fused.score

    def _id(self, one: Ranked) -> str:
        return one.id or identity_of(self.segments.searcher.doc(one.place))

    # The place of one

    def standing(self, asked: Asked, meant: Meant | None, query: Query, identity: str) -> Standing | None:
        """None where the entry is not found, or nothing was asked that could rank it."""
        wider = meant.widened if meant else asked
        if asked.text is None or not (place := self._place(wider, query, identity)):
            return None
        total = self.segments.number(wider.found, query)
        weighed = meant.weighing if meant else self._words_alone(asked, query)
        own, rank, equals = self._found_by_then(asked, meant, query, weighed, total, place)
        own = own or self._by_itself(asked, meant, query, weighed, place, identity)
        similarity = query.meaning.get(identity) if meant else None
        return Standing(rank, total, equals, own.fused, own.lexical, similarity, weighed)

    def _found_by_then(
        self,
        asked: Asked,
        meant: Meant | None,
        query: Query,
        weighed: Weighing,
        total: int,
        place: tantivy.DocAddress,
    ) -> tuple[Ranked | None, int | None, int | None]:
        """The entry with its rank and equals, as far as they are counted."""
        own, rank = None, None
        for ranked in self._growing(asked, meant, query, weighed, total):
            rank = next((rank for rank, one in enumerate(ranked, start=1) if _same(one.place, place)), None)
            if rank is None:
                continue
            own = ranked[rank - 1]
            scores = [one.fused.score for one in ranked]
            if len(ranked) == total or scores[-1] < own.fused.score:
                return own, rank, scores.count(own.fused.score) - 1
        return own, rank, None

    def _by_itself(
        self,
        asked: Asked,
        meant: Meant | None,
        query: Query,
        weighed: Weighing,
        place: tantivy.DocAddress,
        identity: str,
    ) -> Ranked:
        """What it is ranked by, without looking at others."""
        if meant and identity in query.meaning:
            lexical = meant.words_give(place)
            return Ranked(place, weighed.fused(lexical, query.meaning[identity]), lexical, identity)
        this = tantivy.Query.const_score_query(self.segments.term(schema.ID, identity), 0.0)
        clauses = [(MUST, this), (MUST, asked.text)]
        places = self.segments.first(tantivy.Query.boolean_query(clauses), 1)
        lexical = float(places[0][0]) if places else 0.0
        return Ranked(place, weighed.fused(lexical, None), lexical, identity)

    def _place(self, wider: Asked, query: Query, identity: str) -> tantivy.DocAddress | None:
        found = [
            (MUST, self.segments.term(schema.ID, identity)),
            (MUST, self.segments.combined(wider.found, query)),
        ]
        places = self.segments.first(tantivy.Query.boolean_query(found), 1)
        return places[0][1] if places else None

    def _growing(
        self, asked: Asked, meant: Meant | None, query: Query, weighed: Weighing, total: int
    ) -> Iterator[Sequence[Ranked]]:
        """The first entries, more and more of them until all are there that are counted."""
        most = min(total, COUNTED)
        stop = min(FIRST_LOOK, most)
        while True:
            yield self.fused(meant, 0, stop) if meant else self._by_words(asked, query, weighed, stop)
            if stop >= most:
                return
            stop = min(4 * stop, most)

    def _by_words(self, asked: Asked, query: Query, weighed: Weighing, stop: int) -> list[Ranked]:
        found = self.segments.combined(asked.text, query)
        return [
            Ranked(place, weighed.fused(float(score), None), float(score))
            for score, place in self.page(found, RELEVANCE, 0, stop, asked=query.text)
        ]

    def _words_alone(self, asked: Asked, query: Query) -> Weighing:
        best = self.segments.first(self.segments.combined(asked.text, Query(scope=query.scope)), 1)
        return weighing(max((float(score) for score, _ in best), default=0.0), 0.0, ())


def _same(one: tantivy.DocAddress, other: tantivy.DocAddress) -> bool:
    return (one.segment_ord, one.doc) == (other.segment_ord, other.doc)


def _whole_groups(keys: Sequence[Hashable], start: int, stop: int) -> tuple[int, int]:
    """The stretch around start to stop that holds all entries of the first and of the last key."""
    while start > 0 and keys[start - 1] == keys[start]:
        start -= 1
    while stop < len(keys) and keys[stop] == keys[stop - 1]:
        stop += 1
    return start, stop
