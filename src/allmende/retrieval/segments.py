"""What every question needs of a committed state of the index: filters, counts, the first of many, one entry."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.counting import Counting, Narrowed
from allmende.retrieval.documents import facet_term, is_code
from allmende.retrieval.having import MUST, MUST_NOT, SHOULD, Having, as_query
from allmende.retrieval.protocol import Definition, Query, Range

INT64 = (1 << 63) - 1

Places = list[tuple[Any, tantivy.DocAddress]]


@dataclass(frozen=True)
class Segments:
    """A committed state of the index, with the names of its fields and what it was made for; `counting` where its
    files are as we know them."""

    searcher: tantivy.Searcher
    fields: tantivy.Schema
    definition: Definition
    counting: Counting | None = None

    def term(self, field: str, word: str, option: str = "basic") -> tantivy.Query:
        return tantivy.Query.term_query(self.fields, field, word, option)

    def any_of(self, ids: Collection[str]) -> tantivy.Query:
        """The entries with these ids."""
        return tantivy.Query.boolean_query([(SHOULD, self.term(schema.ID, one)) for one in ids])

    def combined(
        self, text: tantivy.Query | Having | None, query: Query, left_out: str = ""
    ) -> tantivy.Query:
        """Text, scope, ranges and filters, except those of the facet left out. Only the text gives a score."""
        if isinstance(text, Having):
            text = as_query(text, self.fields)
        narrowing = [self._one_of(facet, values) for facet, values in query.scope.items()]
        narrowing += [
            self._one_of(facet, values)
            for facet, values in query.filters.items()
            if values and facet != left_out
        ]
        narrowing += [self._within(name, bounds) for name, bounds in query.ranges.items()]
        parts = [(MUST, text or tantivy.Query.all_query())]
        parts += [(MUST, tantivy.Query.const_score_query(part, 0.0)) for part in narrowing]
        return parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)

    def _one_of(self, facet: str, values: Collection[str]) -> tantivy.Query:
        """Single terms and not the engine's term set, which took a millisecond for each use."""
        terms = [
            tantivy.Query.term_query(self.fields, schema.FACETS, facet_term(facet, value), "basic")
            for value in self._codes(facet, values)
        ]
        if not terms:
            return tantivy.Query.empty_query()
        return (
            terms[0] if len(terms) == 1 else tantivy.Query.boolean_query([(SHOULD, term) for term in terms])
        )

    def _codes(self, facet: str, values: Collection[str]) -> list[str]:
        """Those that an entry can have."""
        if facet not in self.definition.all_facets:
            return []
        return [value for value in sorted(set(values)) if is_code(value)]

    def _within(self, name: str, bounds: Range) -> tantivy.Query:
        if name not in self.definition.numbers:
            return tantivy.Query.empty_query()
        field = schema.number_field(name)
        low = -INT64 if bounds.low is None else max(-INT64, min(bounds.low, INT64))
        high = INT64 if bounds.high is None else max(-INT64, min(bounds.high, INT64))
        inside = tantivy.Query.empty_query()
        if low <= high:
            inside = tantivy.Query.range_query(self.fields, field, tantivy.FieldType.Integer, low, high)
        if not bounds.or_unknown:
            return inside
        known = tantivy.Query.exists_query(field)
        unknown = tantivy.Query.boolean_query([(MUST, tantivy.Query.all_query()), (MUST_NOT, known)])
        return tantivy.Query.boolean_query([(SHOULD, inside), (SHOULD, unknown)])

    def count(self, query: tantivy.Query) -> int:
        return int(self.searcher.search(query, limit=1, count=True).count)

    def narrowed(self, having: Having | None, query: Query) -> Narrowed | None:
        """What is found in bits, before and after the choices; None where the engine has to count: ranges are columns
        of its own."""
        if not self.counting or query.ranges:
            return None
        found = self.counting.everything if having is None else self.counting.found(having)
        for facet, values in query.scope.items():
            found = found & self.counting.chosen(facet, self._codes(facet, values))
        choices = {
            facet: self.counting.chosen(facet, self._codes(facet, values))
            for facet, values in query.filters.items()
            if values
        }
        return Narrowed(self.counting, found & self.counting.everything, choices)

    def number(self, having: Having | None, query: Query) -> int:
        """How many entries are found within scope, ranges and filters."""
        narrowed = self.narrowed(having, query)
        return narrowed.total if narrowed else self.count(self.combined(having, query))

    def numbers(self, parts: Sequence[Having], scope: Query, enough: int) -> list[int]:
        """How many have at least one of the parts, at least two, and so on; the engine counts to `enough`."""
        within = self.narrowed(None, scope)
        if self.counting and within:
            levels = self.counting.levels(parts)
            return [self.counting.number(level & within.found) for level in levels]
        if not parts:
            return []
        each_is_1 = [tantivy.Query.const_score_query(as_query(part, self.fields), 1.0) for part in parts]
        met = tantivy.Query.boolean_query([(SHOULD, one) for one in each_is_1])
        scores = [round(float(score)) for score, _ in self.first(self.combined(met, scope), enough)]
        return [sum(score >= number for score in scores) for number in range(1, len(parts) + 1)]

    def first(self, query: tantivy.Query, limit: int, field: str | None = None) -> Places:
        """The best by score, or the first by an integer column, ascending; equals in the order of the disk."""
        if field is None:
            return list(self.searcher.search(query, limit=limit, count=False).hits)
        ascending = tantivy.Order.Asc
        return list(
            self.searcher.search(query, limit=limit, count=False, order_by_field=field, order=ascending).hits
        )


def source_of(document: tantivy.Document) -> tuple[str, str, dict[str, str]]:
    kind, name, texts = json.loads(bytes(document[schema.SOURCE][0]).decode())
    return kind, name, texts


def identity_of(document: tantivy.Document) -> str:
    return str(document[schema.ID][0])
