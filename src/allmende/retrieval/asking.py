"""How the words of a query are to be matched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.protocol import ENOUGH, Matching, Query
from allmende.retrieval.segments import MUST, SHOULD, Segments
from allmende.retrieval.text import MAX_QUERY_LENGTH, clean, query_tokens


@dataclass(frozen=True)
class Asked:
    """How the words of a query are to be matched: decided by text and scope, never by filters."""

    text: tantivy.Query | None
    matching: Matching
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    required: int


@dataclass(frozen=True)
class Asking:
    """Turns what a reader typed into a question of the engine."""

    segments: Segments

    def understand(self, query: Query) -> Asked:
        tokens = query_tokens(query.text)
        words = tuple(token.word for token in tokens)
        if not words:
            return Asked(None, Matching.NOTHING_ASKED, (), (), 0)
        known = [word for word in words if self.segments.searcher.doc_freq(schema.WORDS, word)]
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
            return self.segments.count(self.segments.combined(self._with_words(known, required), scope))

        if len(known) == asked and (asked == 1 or entries(asked)):
            return asked
        most = len(known) if len(known) < asked else asked - 1
        return _highest(1, most, lambda required: entries(required) >= ENOUGH)

    def _with_words(self, words: Sequence[str], required: int) -> tantivy.Query:
        if required > len(words):
            return tantivy.Query.empty_query()
        occur = MUST if required == len(words) else SHOULD
        terms = [(occur, self.segments.term(schema.WORDS, word, "freq")) for word in words]
        if occur is MUST or required == 1:
            return tantivy.Query.boolean_query(terms)
        return tantivy.Query.boolean_query(terms, minimum_number_should_match=required)


def _highest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The highest number between low and high for which it holds, low if for none; above it, it never holds again."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
