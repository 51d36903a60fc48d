"""One search in one generation of the embedded index. Nothing here changes or remembers anything.

Why facets are counted as they are: walking the terms of the facet field and intersecting each with the matching
entries took 1–2 ms for ten facets at 20,000 entries, the engine's own aggregations 12 ms for the same counts, and
fetching all matching entries into Python for counting 7 ms. `benchmarks/retrieval.py` measures it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.asking import Asked, Asking
from allmende.retrieval.documents import facet_term
from allmende.retrieval.protocol import Definition, Hit, Query, Result, Suggestion
from allmende.retrieval.segments import Places, Segments, identity_of, source_of
from allmende.retrieval.snippets import snippet
from allmende.retrieval.spelling import Spelling
from allmende.retrieval.suggesting import suggest
from allmende.retrieval.surfaces import Wordlist
from allmende.retrieval.text import sort_key

MAX_PAGE = 1_000
SLACK = 16


class Reader:
    """A committed state of the index, and the questions one can ask it."""

    def __init__(
        self,
        index: tantivy.Index,
        fields: tantivy.Schema,
        definition: Definition,
        generation: str,
        words: Wordlist | None,
    ) -> None:
        self.searcher = index.searcher()
        self.generation = generation
        self._definition = definition
        self._segments = Segments(self.searcher, fields, definition)
        self._asking = Asking(self._segments)
        self.words = words
        self._spelling = Spelling(self._segments, self._asking, words) if words else None

    def search(self, query: Query) -> Result:
        asked = self._asking.understand(query)
        everything = self._segments.combined(asked.text, query)
        total = self._segments.count(self._segments.combined(asked.found, query))
        hits = self._hits(query, asked, everything, total)
        return Result(
            total,
            hits,
            self._facets(query, asked),
            asked.matching,
            asked.words,
            asked.unknown,
            asked.required,
            self.generation,
            self._spelling.corrected(query, asked) if self._spelling else "",
            asked.marked,
        )

    def facets(self, query: Query) -> dict[str, dict[str, int]]:
        return self._facets(query, self._asking.understand(query))

    # Facets

    def _facets(self, query: Query, asked: Asked) -> dict[str, dict[str, int]]:
        """Facets without a choice are counted in one walk; each with a choice needs its own, without that choice."""
        wanted = [facet for facet in query.facets if facet in self._definition.all_facets]
        chosen = [facet for facet in wanted if query.filters.get(facet)]
        counts: dict[str, dict[str, int]] = {facet: {} for facet in wanted}
        if len(chosen) < len(wanted):
            terms = self.searcher.terms_with_prefix(
                schema.FACETS, "", self._segments.combined(asked.found, query)
            )
            self._sort_in(terms, counts, set(wanted) - set(chosen))
        for facet in chosen:
            counted = self._segments.combined(asked.found, query, left_out=facet)
            terms = self.searcher.terms_with_prefix(schema.FACETS, facet_term(facet, ""), counted)
            self._sort_in(terms, counts, {facet})
            for value in sorted(query.filters[facet]):
                counts[facet].setdefault(value, 0)
        return counts

    def _sort_in(
        self, terms: Sequence[tuple[str, int]], counts: Mapping[str, dict[str, int]], into: Collection[str]
    ) -> None:
        for term, count in terms:
            facet, _, value = term.partition("=")
            if count and facet in into:
                counts[facet][value] = count

    # Hits

    def _hits(self, query: Query, asked: Asked, found: tantivy.Query, total: int) -> tuple[Hit, ...]:
        start = max(0, query.offset)
        stop = min(total, start + max(0, min(query.limit, MAX_PAGE)))
        if start >= stop:
            return ()
        ranked = query.order not in self._definition.orders and asked.text is not None
        places = self._page(query, found, start, stop, ranked)
        return tuple(self._hit(place, key if ranked else 0.0, asked.marked) for key, place in places)

    def _page(self, query: Query, found: tantivy.Query, start: int, stop: int, ranked: bool) -> Places:
        """Entries from start to stop in the exact order, those of equal key brought into theirs.

        The engine orders equals by where they lie on disk. So it is asked for a few more than needed, until the
        last group of equals is complete, and the groups that touch the page are sorted here.
        """
        field = schema.order_field(query.order) if query.order in self._definition.orders else schema.TIE
        asked_for = stop + SLACK
        while True:
            places = self._segments.first(found, asked_for, None if ranked else field)
            if len(places) < asked_for or places[-1][0] != places[stop - 1][0]:
                break
            asked_for *= 4
        low, high = _whole_groups([key for key, _ in places], start, stop)
        group = places[low:high]
        keys = self._exact_keys(group, query.order, ranked)
        group = [group[place] for place in sorted(range(len(group)), key=keys.__getitem__)]
        return group[start - low : stop - low]

    def _exact_keys(self, group: Places, order: str, ranked: bool) -> list[tuple[Any, ...]]:
        """Key, column for equals, and where both are equal the documents' own names and ids."""
        finer = schema.TIE if ranked else schema.finer_field(self._definition, order)
        more = self.searcher.fast_field_values(finer, [place for _, place in group])
        keys = [(-key if ranked else key, second) for (key, _), second in zip(group, more, strict=True)]
        often = Counter(keys)
        return [
            (*key, *self._last_resort(place, by_name=finer != schema.TIE)) if often[key] > 1 else key
            for key, (_, place) in zip(keys, group, strict=True)
        ]

    def _last_resort(self, place: tantivy.DocAddress, by_name: bool) -> tuple[str, str]:
        document = self.searcher.doc(place)
        return sort_key(source_of(document)[1]) if by_name else "", identity_of(document)

    def _hit(self, place: tantivy.DocAddress, score: float, words: Collection[str]) -> Hit:
        document = self.searcher.doc(place)
        kind, _, texts = source_of(document)
        return Hit(identity_of(document), kind, score, snippet(texts, self._definition.snippet_fields, words))

    # Suggestions and contents

    def suggest(self, text: str, scope: Mapping[str, Collection[str]], limit: int) -> tuple[Suggestion, ...]:
        return suggest(self._segments, text, scope, limit)

    def contents(self) -> list[tuple[str, str]]:
        """In the order of ids."""
        terms = self.searcher.terms_with_prefix(schema.ENTRY, "", tantivy.Query.all_query())
        entries = sorted(term.partition("\t") for term, count in terms if count)
        return [(identity, fingerprint) for identity, _, fingerprint in entries]


def _whole_groups(keys: Sequence[Any], start: int, stop: int) -> tuple[int, int]:
    """The stretch around start to stop that holds all entries of the first and of the last key."""
    while start > 0 and keys[start - 1] == keys[start]:
        start -= 1
    while stop < len(keys) and keys[stop] == keys[stop - 1]:
        stop += 1
    return start, stop
