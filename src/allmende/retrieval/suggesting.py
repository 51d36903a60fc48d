"""Suggestions while typing."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.protocol import Query, Suggestion
from allmende.retrieval.segments import MUST, SHOULD, Segments, identity_of, source_of
from allmende.retrieval.text import MAX_QUERY_LENGTH, clean, prefix_words, sort_key

SUGGESTED_FROM = 100


def suggest(
    segments: Segments, text: str, scope: Mapping[str, Collection[str]], limit: int
) -> tuple[Suggestion, ...]:
    """Names that hold all words typed, the last as a beginning, picked from the first hundred by id."""
    typed = prefix_words(clean(text, MAX_QUERY_LENGTH))
    if not typed or limit <= 0:
        return ()
    endings = segments.searcher.terms_with_prefix(schema.PREFIXES, typed[-1], None, 200)
    last = [(SHOULD, segments.term(schema.PREFIXES, term)) for term, _ in endings]
    if not last:
        return ()
    parts = [(MUST, segments.term(schema.PREFIXES, word)) for word in typed[:-1]] + [
        (MUST, tantivy.Query.boolean_query(last))
    ]
    found = segments.combined(tantivy.Query.boolean_query(parts), replace(Query(), scope=scope))
    candidates = [
        _suggestion(segments, place) for _, place in segments.first(found, SUGGESTED_FROM, schema.TIE)
    ]
    return tuple(sorted(candidates, key=lambda one: _nearness(one, " ".join(typed)))[:limit])


def _suggestion(segments: Segments, place: tantivy.DocAddress) -> Suggestion:
    document = segments.searcher.doc(place)
    kind, name, _ = source_of(document)
    return Suggestion(name, kind, identity_of(document))


def _nearness(suggestion: Suggestion, typed: str) -> tuple[bool, int, str, str]:
    """Names that begin as typed come first, then the short ones."""
    begins = " ".join(prefix_words(suggestion.text)).startswith(typed)
    return not begins, len(suggestion.text), sort_key(suggestion.text), suggestion.id or ""
