"""One search in one generation of the embedded index. Nothing here changes or remembers anything.

Why facets are counted as they are: walking the terms of the facet field and intersecting each with the matching
entries took 1–2 ms for ten facets at 20,000 entries, the engine's own aggregations 12 ms for the same counts, and
fetching all matching entries into Python for counting 7 ms. `benchmarks/retrieval.py` measures it.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.documents import facet_term, is_code
from allmende.retrieval.protocol import (
    ENOUGH,
    Definition,
    Hit,
    Matching,
    Query,
    Range,
    Result,
    Suggestion,
)
from allmende.retrieval.snippets import snippet
from allmende.retrieval.text import MAX_QUERY_LENGTH, clean, prefix_words, query_tokens, sort_key

MUST, MUST_NOT, SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should
INT64 = (1 << 63) - 1
MAX_PAGE = 1_000
SLACK = 16
SUGGESTED_FROM = 100

Places = list[tuple[Any, tantivy.DocAddress]]


@dataclass(frozen=True)
class Asked:
    """How the words of a query are to be matched: decided by text and scope, never by filters."""

    text: tantivy.Query | None
    matching: Matching
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    required: int


class Reader:
    """A committed state of the index, and the questions one can ask it."""

    def __init__(
        self, index: tantivy.Index, fields: tantivy.Schema, definition: Definition, generation: str
    ) -> None:
        self.searcher = index.searcher()
        self.generation = generation
        self._schema = fields
        self._definition = definition

    def search(self, query: Query) -> Result:
        asked = self._understand(query)
        everything = self._combined(asked.text, query)
        total = self._count(everything)
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
        )

    def facets(self, query: Query) -> dict[str, dict[str, int]]:
        return self._facets(query, self._understand(query))

    # Words

    def _understand(self, query: Query) -> Asked:
        tokens = query_tokens(query.text)
        words = tuple(token.word for token in tokens)
        if not words:
            return Asked(None, Matching.NOTHING_ASKED, (), (), 0)
        known = [word for word in words if self.searcher.doc_freq(schema.WORDS, word)]
        text = clean(query.text, MAX_QUERY_LENGTH)
        unknown = tuple(text[token.start : token.end] for token in tokens if token.word not in known)
        required = self._required(query, known, len(words))
        matching = Matching.ALL if required == len(words) else Matching.FEWER
        return Asked(self._with_words(known, required), matching, words, unknown, required)

    def _required(self, query: Query, known: Sequence[str], asked: int) -> int:
        """How many words an entry must have: all, or the highest number that enough entries in scope have."""
        if not known:
            return asked
        if query.any_word:
            return 1
        scope = replace(Query(), scope=query.scope)

        def entries(required: int) -> int:
            return self._count(self._combined(self._with_words(known, required), scope))

        if len(known) == asked and (asked == 1 or entries(asked)):
            return asked
        most = len(known) if len(known) < asked else asked - 1
        return _highest(1, most, lambda required: entries(required) >= ENOUGH)

    def _with_words(self, words: Sequence[str], required: int) -> tantivy.Query:
        if required > len(words):
            return tantivy.Query.empty_query()
        occur = MUST if required == len(words) else SHOULD
        terms = [
            (occur, tantivy.Query.term_query(self._schema, schema.WORDS, word, "freq")) for word in words
        ]
        if occur is MUST or required == 1:
            return tantivy.Query.boolean_query(terms)
        return tantivy.Query.boolean_query(terms, minimum_number_should_match=required)

    # Filters

    def _combined(self, text: tantivy.Query | None, query: Query, left_out: str = "") -> tantivy.Query:
        """Text, scope, ranges and filters, except those of the facet left out. Only the text gives a score."""
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
            tantivy.Query.term_query(self._schema, schema.FACETS, facet_term(facet, value), "basic")
            for value in sorted(set(values))
            if facet in self._definition.all_facets and is_code(value)
        ]
        if not terms:
            return tantivy.Query.empty_query()
        return (
            terms[0] if len(terms) == 1 else tantivy.Query.boolean_query([(SHOULD, term) for term in terms])
        )

    def _within(self, name: str, bounds: Range) -> tantivy.Query:
        if name not in self._definition.numbers:
            return tantivy.Query.empty_query()
        field = schema.number_field(name)
        low = -INT64 if bounds.low is None else max(-INT64, min(bounds.low, INT64))
        high = INT64 if bounds.high is None else max(-INT64, min(bounds.high, INT64))
        inside = tantivy.Query.empty_query()
        if low <= high:
            inside = tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, low, high)
        if not bounds.or_unknown:
            return inside
        known = tantivy.Query.exists_query(field)
        unknown = tantivy.Query.boolean_query([(MUST, tantivy.Query.all_query()), (MUST_NOT, known)])
        return tantivy.Query.boolean_query([(SHOULD, inside), (SHOULD, unknown)])

    def _count(self, query: tantivy.Query) -> int:
        return int(self.searcher.search(query, limit=1, count=True).count)

    # Facets

    def _facets(self, query: Query, asked: Asked) -> dict[str, dict[str, int]]:
        """Facets without a choice are counted in one walk; each with a choice needs its own, without that choice."""
        wanted = [facet for facet in query.facets if facet in self._definition.all_facets]
        chosen = [facet for facet in wanted if query.filters.get(facet)]
        counts: dict[str, dict[str, int]] = {facet: {} for facet in wanted}
        if len(chosen) < len(wanted):
            terms = self.searcher.terms_with_prefix(schema.FACETS, "", self._combined(asked.text, query))
            self._sort_in(terms, counts, set(wanted) - set(chosen))
        for facet in chosen:
            counted = self._combined(asked.text, query, left_out=facet)
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
        return tuple(self._hit(place, key if ranked else 0.0, asked.words) for key, place in places)

    def _page(self, query: Query, found: tantivy.Query, start: int, stop: int, ranked: bool) -> Places:
        """Entries from start to stop in the exact order, those of equal key brought into theirs.

        The engine orders equals by where they lie on disk. So it is asked for a few more than needed, until the
        last group of equals is complete, and the groups that touch the page are sorted here.
        """
        field = schema.order_field(query.order) if query.order in self._definition.orders else schema.TIE
        asked_for = stop + SLACK
        while True:
            places = self._first(found, asked_for, None if ranked else field)
            if len(places) < asked_for or places[-1][0] != places[stop - 1][0]:
                break
            asked_for *= 4
        low, high = _whole_groups([key for key, _ in places], start, stop)
        group = places[low:high]
        keys = self._exact_keys(group, query.order, ranked)
        group = [group[place] for place in sorted(range(len(group)), key=keys.__getitem__)]
        return group[start - low : stop - low]

    def _first(self, found: tantivy.Query, limit: int, field: str | None) -> Places:
        if field is None:
            return list(self.searcher.search(found, limit=limit, count=False).hits)
        ascending = tantivy.Order.Asc
        return list(
            self.searcher.search(found, limit=limit, count=False, order_by_field=field, order=ascending).hits
        )

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
        return sort_key(_source(document)[1]) if by_name else "", _identity(document)

    def _hit(self, place: tantivy.DocAddress, score: float, words: Collection[str]) -> Hit:
        document = self.searcher.doc(place)
        kind, _, texts = _source(document)
        return Hit(_identity(document), kind, score, snippet(texts, self._definition.snippet_fields, words))

    # Suggestions and contents

    def suggest(self, text: str, scope: Mapping[str, Collection[str]], limit: int) -> tuple[Suggestion, ...]:
        """Names that hold all words typed, the last as a beginning, picked from the first hundred by id."""
        typed = prefix_words(clean(text, MAX_QUERY_LENGTH))
        if not typed or limit <= 0:
            return ()
        endings = self.searcher.terms_with_prefix(schema.PREFIXES, typed[-1], None, 200)
        last = [(SHOULD, self._prefix(term)) for term, _ in endings]
        if not last:
            return ()
        parts = [(MUST, self._prefix(word)) for word in typed[:-1]] + [
            (MUST, tantivy.Query.boolean_query(last))
        ]
        found = self._combined(tantivy.Query.boolean_query(parts), replace(Query(), scope=scope))
        candidates = [self._suggestion(place) for _, place in self._first(found, SUGGESTED_FROM, schema.TIE)]
        return tuple(sorted(candidates, key=lambda one: _nearness(one, " ".join(typed)))[:limit])

    def _prefix(self, word: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, schema.PREFIXES, word, "basic")

    def _suggestion(self, place: tantivy.DocAddress) -> Suggestion:
        document = self.searcher.doc(place)
        kind, name, _ = _source(document)
        return Suggestion(name, kind, _identity(document))

    def contents(self) -> list[tuple[str, str]]:
        """In the order of ids."""
        terms = self.searcher.terms_with_prefix(schema.ENTRY, "", tantivy.Query.all_query())
        entries = sorted(term.partition("\t") for term, count in terms if count)
        return [(identity, fingerprint) for identity, _, fingerprint in entries]


def _highest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The highest number between low and high for which it holds, low if for none; above it, it never holds again."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _nearness(suggestion: Suggestion, typed: str) -> tuple[bool, int, str, str]:
    """Names that begin as typed come first, then the short ones."""
    begins = " ".join(prefix_words(suggestion.text)).startswith(typed)
    return not begins, len(suggestion.text), sort_key(suggestion.text), suggestion.id or ""


def _whole_groups(keys: Sequence[Any], start: int, stop: int) -> tuple[int, int]:
    """The stretch around start to stop that holds all entries of the first and of the last key."""
    while start > 0 and keys[start - 1] == keys[start]:
        start -= 1
    while stop < len(keys) and keys[stop] == keys[stop - 1]:
        stop += 1
    return start, stop


def _source(document: tantivy.Document) -> tuple[str, str, dict[str, str]]:
    kind, name, texts = json.loads(document[schema.SOURCE][0])
    return kind, name, texts


def _identity(document: tantivy.Document) -> str:
    return str(document[schema.ID][0])
