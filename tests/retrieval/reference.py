"""The rules of `allmende.retrieval.protocol` once more, as plainly as Python can say them: sets, loops, no speed.

Scores are not modelled: a hit scores by how many of the words it has, which is enough to check totals, counts, orders.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from allmende.retrieval.documents import fingerprint
from allmende.retrieval.fusion import reach
from allmende.retrieval.partly import is_enough
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
from allmende.retrieval.ranking import rarity
from allmende.retrieval.snippets import snippet
from allmende.retrieval.text import Token, prefix_words, sort_key, tokens
from allmende.retrieval.text import query_tokens as read_query
from allmende.retrieval.ties import question, tie


@lru_cache(maxsize=1_000)
def query_tokens(text: str) -> tuple[Token, ...]:
    """Kept, as they are looked at for each entry."""
    return tuple(read_query(text))


@dataclass(frozen=True)
class Read:
    """What an entry says: its words, and these with their smallest parts."""

    words: set[str]
    parts: set[str]


class ReferenceIndex:
    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._documents: dict[str, Document] = {}
        self._said: dict[str, Read] = {}
        self._generation = 0

    def put(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self._documents[document.id] = document
            self._said[document.id] = _read(document, self._definition)
        self._generation += 1

    def remove(self, ids: Iterable[str]) -> None:
        for identity in ids:
            self._documents.pop(identity, None)
            self._said.pop(identity, None)
        self._generation += 1

    def rebuild(self, documents: Callable[[], Iterable[Document]]) -> None:
        self._documents, self._said = {}, {}
        self.put(documents())

    def search(self, query: Query) -> Result:
        asked = query_tokens(query.text)
        words = [token.word for token in asked]
        required, matching = self._required(query, asked)
        found = [document for document in self._documents.values() if self._fits(document, query, required)]
        by_score = bool(words) and query.order not in self._definition.orders
        scored = {document.id: self._score(document, query) if by_score else 0.0 for document in found}
        found.sort(
            key=lambda one: (
                -scored[one.id],
                *self._order(one, query.order),
                *(tie(question(query.text), one.id) if by_score else (one.id,)),
            )
        )
        start = max(0, query.offset)
        page = found[start : start + max(0, query.limit)]
        marked = self._marked(query)
        hits = tuple(
            Hit(
                one.id,
                one.kind,
                scored[one.id],
                snippet(one.texts, self._definition.snippet_fields, marked),
                similarity=query.meaning.get(one.id),
            )
            for one in page
        )
        unknown = tuple(
            query.text[token.start : token.end] for token in asked if not self._is_known(token, query)
        )
        facets = self._facets(query, required)
        return Result(
            len(found),
            hits,
            facets,
            matching,
            tuple(words),
            unknown,
            required,
            self.generation(),
            by_words=sum(self._has(one, query, required) for one in found),
        )

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        return self._facets(query, self._required(query, query_tokens(query.text))[0])

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

    # Words, parts, alternatives

    def _required(self, query: Query, asked: Sequence[Token]) -> tuple[int, Matching]:
        if not asked:
            return 0, Matching.NOTHING_ASKED
        if query.any_word:
            return 1, Matching.FEWER
        known = sum(self._is_known(token, query) for token in asked)
        in_scope = [
            self._met(self._said[document.id], query)
            for document in self._documents.values()
            if self._in_facets(document, query.scope)
        ]
        if not known and not self._shares(self._everything(), query):
            return len(asked), Matching.ALL
        if known == len(asked) and (len(asked) in in_scope or (len(asked) == 1 and len(asked[0].parts) < 2)):
            return len(asked), Matching.ALL
        for required in range(min(known, len(asked) - 1), 1, -1):
            if sum(number >= required for number in in_scope) >= ENOUGH:
                return required, Matching.FEWER
        return int(any(in_scope)), Matching.FEWER

    def _everything(self) -> Read:
        read = self._said.values()
        return Read(
            {word for one in read for word in one.words}, {part for one in read for part in one.parts}
        )

    def _is_known(self, token: Token, query: Query) -> bool:
        """Whether the index has the word, or all of its parts, or an alternative, be it here and there."""
        return _meets(self._everything(), token, query)

    def _marked(self, query: Query) -> set[str]:
        """By what the words of a text are marked: what is asked for, its parts, and the alternatives there are."""
        asked = list(query_tokens(query.text))
        everything = self._everything()
        for alternative in query.alternatives:
            stands_there = bool(_words(alternative.typed)) and _words(alternative.typed) <= _words(query.text)
            if stands_there and _has_all(everything, alternative.instead):
                asked += query_tokens(alternative.instead)
        return {word for token in asked for word in (token.word, *token.parts)}

    def _met(self, read: Read, query: Query) -> int:
        return sum(_meets(read, token, query) for token in query_tokens(query.text))

    def _has(self, document: Document, query: Query, required: int) -> bool:
        read = self._said[document.id]
        if query_tokens(query.text) and query.any_word:
            return self._shares(read, query)
        if query_tokens(query.text) and not required:
            return any(self._says_enough(read, token) for token in query_tokens(query.text))
        return self._met(read, query) >= required

    def _meant(self, query: Query, required: int) -> list[str]:
        """Ids of those near enough in meaning to count as found, without having the words."""
        scope = [one for one in self._documents.values() if self._in_facets(one, query.scope)]
        by_words = {one.id for one in scope if self._has(one, query, required)}
        near = sorted((-query.meaning[one.id], one.id) for one in scope if one.id in query.meaning)
        if not query_tokens(query.text) or not near:
            return []
        within = reach(-near[0][0], any_word=query.any_word, found=len(by_words))
        others = [(-negative, one) for negative, one in near if one not in by_words]
        return [one for similarity, one in others[: within.at_most] if similarity >= within.least]

    def _shares(self, read: Read, query: Query) -> bool:
        """Whether there is a word, a part of one or an alternative."""
        return self._met(read, query) > 0 or any(
            read.parts & _parts(token) for token in query_tokens(query.text)
        )

    def _says_enough(self, read: Read, token: Token) -> bool:
        """Whether its parts of the word are worth enough, by how rare each is."""
        every = [read.parts for read in self._said.values()]
        having = {part: sum(part in parts for parts in every) for part in token.parts or (token.word,)}
        worth = {part: rarity(len(every), max(1, count)) for part, count in having.items()}
        there = {part for part, count in having.items() if count}
        return is_enough(worth, there, read.parts & there)

    def _score(self, document: Document, query: Query) -> float:
        return float(self._met(self._said[document.id], query))

    # Filters, orders, counts

    def _fits(self, document: Document, query: Query, required: int, left_out: str = "") -> bool:
        chosen = {facet: values for facet, values in query.filters.items() if values and facet != left_out}
        return (
            (self._has(document, query, required) or document.id in self._meant(query, required))
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

    def _facets(self, query: Query, required: int) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for facet in query.facets:
            if facet not in self._definition.all_facets:
                continue
            counted = Counter(
                value
                for document in self._documents.values()
                if self._fits(document, query, required, left_out=facet)
                for value in set(self._values(document, facet))
            )
            counts[facet] = {**dict.fromkeys(query.filters.get(facet, ()), 0), **counted}
        return counts


def _read(document: Document, definition: Definition) -> Read:
    said = [
        token
        for field, text in document.texts.items()
        if definition.weights.get(field) or field in definition.classes
        for token in tokens(text)
    ]
    words = {token.word for token in said}
    return Read(words, words | {part for token in said for part in token.parts})


def _parts(token: Token) -> set[str]:
    return set(token.parts or [token.word])


def _meets(read: Read, token: Token, query: Query) -> bool:
    """Whether who says this has the word: itself, in all its parts, or in other words for it."""
    return _has_itself(read, token) or any(
        _has_all(read, alternative.instead)
        for alternative in query.alternatives
        if token.word in _words(alternative.typed) <= _words(query.text)
    )


def _has_itself(read: Read, token: Token) -> bool:
    return token.word in read.words or _parts(token) <= read.parts


def _has_all(read: Read, instead: str) -> bool:
    asked = query_tokens(instead)
    return bool(asked) and all(
        token.word in read.words if len(token.parts) > 1 else _has_itself(read, token) for token in asked
    )


def _words(text: str) -> set[str]:
    return {token.word for token in query_tokens(text)}


def _begins(words: list[str], typed: list[str]) -> bool:
    return set(typed[:-1]) <= set(words) and any(word.startswith(typed[-1]) for word in words)
