"""The rules of `allmende.retrieval.protocol` once more, as plainly as Python can say them: sets, loops, no speed.

Scores are not modelled: a hit scores by how often the words occur, which is enough to check totals, counts, orders.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from allmende.retrieval.documents import fingerprint, weighted_words
from allmende.retrieval.protocol import (
    ENOUGH,
    Definition,
    Document,
    Hit,
    Matching,
    Query,
    Result,
    Stats,
    Suggestion,
)
from allmende.retrieval.snippets import snippet
from allmende.retrieval.text import prefix_words, query_tokens, sort_key


class ReferenceIndex:
    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._documents: dict[str, Document] = {}
        self._generation = 0

    def put(self, documents: Iterable[Document]) -> None:
        self._documents.update({document.id: document for document in documents})
        self._generation += 1

    def remove(self, ids: Iterable[str]) -> None:
        for identity in ids:
            self._documents.pop(identity, None)
        self._generation += 1

    def rebuild(self, documents: Callable[[], Iterable[Document]]) -> None:
        self._documents = {}
        self.put(documents())

    def search(self, query: Query) -> Result:
        words = [token.word for token in query_tokens(query.text)]
        required, matching = self._required(query, words)
        found = [
            document for document in self._documents.values() if self._fits(document, query, words, required)
        ]
        by_score = bool(words) and query.order not in self._definition.orders
        scored = {document.id: self._score(document, words) if by_score else 0.0 for document in found}
        found.sort(
            key=lambda document: (-scored[document.id], *self._order(document, query.order), document.id)
        )
        start = max(0, query.offset)
        page = found[start : start + max(0, query.limit)]
        hits = tuple(
            Hit(one.id, one.kind, scored[one.id], snippet(one.texts, self._definition.snippet_fields, words))
            for one in page
        )
        facets = self._facets(query, words, required)
        return Result(len(found), hits, facets, matching, tuple(words), (), required, self.generation())

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        words = [token.word for token in query_tokens(query.text)]
        return self._facets(query, words, self._required(query, words)[0])

    def suggest(
        self, text: str, *, scope: Mapping[str, Collection[str]] | None = None, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        typed = prefix_words(text)
        found = [
            Suggestion(document.name, document.kind, document.id)
            for document in self._documents.values()
            if typed
            and self._in_facets(document, scope or {})
            and _begins(prefix_words(document.name), typed)
        ]
        return tuple(sorted(found, key=lambda one: one.id or ""))[:limit]

    def generation(self) -> str:
        return str(self._generation)

    def stats(self) -> Stats:
        return Stats(len(self._documents), self.generation(), "", 0)

    def contents(self) -> Iterator[tuple[str, str]]:
        return iter(sorted((document.id, fingerprint(document)) for document in self._documents.values()))

    def _required(self, query: Query, words: list[str]) -> tuple[int, Matching]:
        if not words:
            return 0, Matching.NOTHING_ASKED
        held = [self._held(document, words) for document in self._documents.values()]
        known = {word for words_of_one in held for word in words_of_one}
        in_scope = [
            len(self._held(document, words))
            for document in self._documents.values()
            if self._in_facets(document, query.scope)
        ]
        if not known:
            return len(words), Matching.ALL
        if query.any_word:
            return 1, Matching.ALL if len(words) == 1 else Matching.FEWER
        if len(known) == len(words) and (len(words) == 1 or len(words) in in_scope):
            return len(words), Matching.ALL
        for required in range(min(len(known), len(words) - 1), 1, -1):
            if sum(number >= required for number in in_scope) >= ENOUGH:
                return required, Matching.FEWER
        return 1, Matching.FEWER

    def _held(self, document: Document, words: Collection[str]) -> set[str]:
        return set(weighted_words(document, self._definition)) & set(words)

    def _score(self, document: Document, words: Collection[str]) -> float:
        counted = Counter(weighted_words(document, self._definition))
        return float(sum(counted[word] for word in words))

    def _fits(
        self, document: Document, query: Query, words: list[str], required: int, left_out: str = ""
    ) -> bool:
        chosen = {facet: values for facet, values in query.filters.items() if values and facet != left_out}
        return (
            len(self._held(document, words)) >= required
            and self._in_facets(document, query.scope)
            and self._in_facets(document, chosen)
            and all(self._in_range(document, name, bounds) for name, bounds in query.ranges.items())
        )

    def _in_facets(self, document: Document, wanted: Mapping[str, Collection[str]]) -> bool:
        return all(set(values) & set(self._values(document, facet)) for facet, values in wanted.items())

    def _values(self, document: Document, facet: str) -> tuple[str, ...]:
        if facet == "kind":
            return (document.kind,)
        return document.facets.get(facet, ()) if facet in self._definition.facets else ()

    def _in_range(self, document: Document, name: str, bounds: Any) -> bool:
        if name not in self._definition.numbers:
            return False
        number = document.numbers.get(name)
        if number is None:
            return bool(bounds.or_unknown)
        low = number if bounds.low is None else bounds.low
        high = number if bounds.high is None else bounds.high
        return bool(low <= number <= high)

    def _order(self, document: Document, name: str) -> tuple[Any, ...]:
        if name not in self._definition.orders:
            return ()
        order = self._definition.orders[name]
        if order.number is None:
            return (sort_key(document.name),)
        number = document.numbers.get(order.number)
        return number is None, (-1 if order.descending else 1) * (number or 0)

    def _facets(self, query: Query, words: list[str], required: int) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for facet in query.facets:
            if facet not in self._definition.all_facets:
                continue
            counted = Counter(
                value
                for document in self._documents.values()
                if self._fits(document, query, words, required, left_out=facet)
                for value in set(self._values(document, facet))
            )
            counts[facet] = {**dict.fromkeys(query.filters.get(facet, ()), 0), **counted}
        return counts


def _begins(words: list[str], typed: list[str]) -> bool:
    return set(typed[:-1]) <= set(words) and any(word.startswith(typed[-1]) for word in words)
