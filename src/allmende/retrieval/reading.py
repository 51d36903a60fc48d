"""One search in one generation of the embedded index. Nothing here changes or remembers anything.

Entries are counted in bits (`counting`), and by the engine where its files are not as we know them or a range narrows:
it walks the terms of the facet field and intersects each with the matching entries. `benchmarks/search_speed.py`
measures search.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.asking import Asked, Asking
from allmende.retrieval.counting import Counting
from allmende.retrieval.documents import facet_term
from allmende.retrieval.explaining import Explaining
from allmende.retrieval.meant import Meant
from allmende.retrieval.ordering import Ordering, Standing
from allmende.retrieval.protocol import Definition, Explanation, Hit, Query, Result, Suggestion
from allmende.retrieval.segments import Segments, identity_of, source_of
from allmende.retrieval.snippets import snippet
from allmende.retrieval.spelling import Spelling
from allmende.retrieval.suggesting import suggest
from allmende.retrieval.surfaces import Wordlist
from allmende.retrieval.termlist import UnknownLayout

MAX_PAGE = 1_000

Terms = Sequence[tuple[str, int]]
"""Words of a field with the number of entries that have them."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Reader:
    """A committed state of the index, and the questions one can ask it."""

    def __init__(
        self,
        index: tantivy.Index,
        fields: tantivy.Schema,
        definition: Definition,
        generation: str,
        words: Wordlist | None,
        counting: Callable[[int], Counting | None] = lambda _entries: None,
    ) -> None:
        """`counting` is called once, with the number of entries that the engine has open."""
        self.searcher = index.searcher()
        self.generation = generation
        self.words = words
        self._definition = definition
        self._set_up(Segments(self.searcher, fields, definition, counting(self.searcher.num_docs)))

    def _set_up(self, segments: Segments) -> None:
        self._segments = segments
        self._asking = Asking(segments)
        self._ordering = Ordering(segments)
        self._spelling = Spelling(segments, self._asking, self.words) if self.words else None

    @property
    def counting(self) -> Counting | None:
        return self._segments.counting

    def _answer(self, ask: Callable[[], T]) -> T:
        """Where a file of the engine turns out not to be as we know it, the engine counts from then on."""
        try:
            return ask()
        except UnknownLayout as error:
            log.warning("The engine counts from now on, as its files cannot be read here: %s", error)
            self._set_up(replace(self._segments, counting=None))
            return ask()

    def search(self, query: Query) -> Result:
        return self._answer(lambda: self._search(query))

    def _search(self, query: Query) -> Result:
        asked = self._asking.understand(query)
        meant = self._meant(query, asked)
        wider = meant.widened if meant else asked
        facets, total = self._facets(query, wider)
        hits = self._hits(query, wider, meant, total)
        return Result(
            total,
            hits,
            facets,
            asked.matching,
            asked.words,
            asked.unknown,
            asked.required,
            self.generation,
            self._spelling.corrected(query, asked, 0 if meant else total) if self._spelling else "",
            asked.marked,
            meant.found_by_words if meant else total,
        )

    def facets(self, query: Query) -> dict[str, dict[str, int]]:
        return self._answer(lambda: self._only_facets(query))

    def _only_facets(self, query: Query) -> dict[str, dict[str, int]]:
        asked = self._asking.understand(query)
        meant = self._meant(query, asked)
        return self._facets(query, meant.widened if meant else asked)[0]

    # Facets

    def _facets(self, query: Query, asked: Asked) -> tuple[dict[str, dict[str, int]], int]:
        """Counts of each facet, the frequent values first, and how many entries are found."""
        wanted = [facet for facet in query.facets if facet in self._definition.all_facets]
        if narrowed := self._segments.narrowed(asked.found, query):
            counts, total = narrowed.facets(wanted), narrowed.total
        else:
            counts = self._walked(query, asked, wanted)
            total = self._segments.count(self._segments.combined(asked.found, query))
        for facet, values in query.filters.items():
            for value in sorted(values) if facet in counts else ():
                counts[facet].setdefault(value, 0)
        return {facet: _frequent_first(counts[facet]) for facet in wanted}, total

    def _walked(self, query: Query, asked: Asked, wanted: Sequence[str]) -> dict[str, dict[str, int]]:
        """Facets without a choice are counted in one walk; each with a choice needs its own, without that choice."""
        chosen = [facet for facet in wanted if query.filters.get(facet)]
        counts: dict[str, dict[str, int]] = {facet: {} for facet in wanted}
        if len(chosen) < len(wanted):
            counted = self._segments.combined(asked.found, query)
            terms = self.searcher.terms_with_prefix(schema.FACETS, "", counted)
            self._sort_in(terms, counts, set(wanted) - set(chosen))
        for facet in chosen:
            counted = self._segments.combined(asked.found, query, left_out=facet)
            own = self.searcher.terms_with_prefix(schema.FACETS, facet_term(facet, ""), counted)
            self._sort_in(own, counts, {facet})
        return counts

    def _sort_in(self, terms: Terms, counts: Mapping[str, dict[str, int]], into: Collection[str]) -> None:
        for term, count in terms:
            facet, _, value = term.partition("=")
            if count and facet in into:
                counts[facet][value] = count

    # Hits

    def _meant(self, query: Query, asked: Asked) -> Meant | None:
        """What is near in meaning, where something is asked that it can be near to."""
        return Meant(self._segments, asked, query) if query.meaning and asked.text is not None else None

    def _hits(self, query: Query, asked: Asked, meant: Meant | None, total: int) -> tuple[Hit, ...]:
        """`asked` with what meaning adds to it."""
        start = max(0, query.offset)
        stop = min(total, start + max(0, min(query.limit, MAX_PAGE)))
        if start >= stop:
            return ()
        marked = asked.marked if query.snippets else ()
        ranked = query.order not in self._definition.orders and asked.text is not None
        if meant and ranked:
            return tuple(
                self._hit(one.place, query, marked, one.fused.score, one.lexical)
                for one in self._ordering.fused(meant, start, stop)
            )
        found = (
            self._ordering.picking(asked, query) if ranked else self._segments.combined(asked.found, query)
        )
        places = self._ordering.page(found, query.order, start, stop, asked=query.text if ranked else None)
        if ranked:
            return tuple(self._hit(place, query, marked, key, key) for key, place in places)
        return tuple(
            self._hit(place, query, marked, 0.0, meant.words_give(place) if meant else 0.0)
            for _, place in places
        )

    def _hit(
        self, place: tantivy.DocAddress, query: Query, words: Collection[str], score: float, lexical: float
    ) -> Hit:
        document = self.searcher.doc(place)
        kind, _, texts = source_of(document)
        identity = identity_of(document)
        shown = snippet(texts, self._definition.snippet_fields, words) if query.snippets else ()
        return Hit(identity, kind, score, shown, lexical, query.meaning.get(identity))

    def standing(self, query: Query, identity: str) -> Standing | None:
        """Rank, score and what it is made of, by relevance; None where the entry is not found."""
        return self._answer(lambda: self._standing(query, identity))

    def _standing(self, query: Query, identity: str) -> Standing | None:
        asked = self._asking.understand(query)
        return self._ordering.standing(asked, self._meant(query, asked), query, identity)

    def explain(self, query: Query, identity: str) -> Explanation | None:
        return self._answer(lambda: self._explain(query, identity))

    def _explain(self, query: Query, identity: str) -> Explanation | None:
        asked = self._asking.understand(query)
        meant = self._meant(query, asked)
        return Explaining(self._segments, self._ordering, query, asked, meant).explain(identity)

    # Suggestions and contents

    def suggest(self, text: str, scope: Mapping[str, Collection[str]], limit: int) -> tuple[Suggestion, ...]:
        return suggest(self._segments, text, scope, limit)

    def contents(self) -> list[tuple[str, str]]:
        """In the order of ids."""
        terms = self.searcher.terms_with_prefix(schema.ENTRY, "", tantivy.Query.all_query())
        entries = sorted(term.partition("\t") for term, count in terms if count)
        return [(identity, fingerprint) for identity, _, fingerprint in entries]


def _frequent_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Of equal counts in the order of values; those chosen that nobody has come last."""
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
