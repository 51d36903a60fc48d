"""From a question to a page of hits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from allmende.catalogue.queries import Card, cards
from allmende.lib.actors import Actor
from allmende.retrieval.protocol import Fragment, IndexUnavailable, Matching, Query, Result, Suggestion
from allmende.retrieval.text import query_tokens
from allmende.search.definition import DEFINITION, FACETS, FRONT
from allmende.search.engine import index
from allmende.search.labels import all_labels

PAGE_SIZE = 20
# Deeper, nobody reads; a search that finds so much is refined.
LAST_PAGE = 500
LONGEST_QUESTION = 500
# So many words are a sentence; no entry has all of them, and the best has the most telling ones.
SENTENCE = 6


class SearchUnavailable(Exception):
    """There is no index that can be read now; the worker builds one."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody looks for. Unknown facets, values and orders are left out, not refused."""

    text: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: str = "relevance"
    page: int = 1


@dataclass(frozen=True)
class FacetValue:
    code: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    code: str
    values: Sequence[FacetValue]

    @property
    def chosen(self) -> Sequence[FacetValue]:
        return [value for value in self.values if value.is_chosen]


@dataclass(frozen=True)
class FoundSolution:
    """A hit: its card, and the piece of text in which the words stand."""

    card: Card
    snippet: Sequence[Fragment]
    score: float


@dataclass(frozen=True)
class Page:
    """A page of hits. `total` is exact; `page` is the one shown, which is the last where a later one was asked for."""

    question: Question
    total: int
    page: int
    pages: int
    hits: Sequence[FoundSolution]
    facets: Sequence[Facet]
    matching: Matching
    words: Sequence[str]
    unknown_words: Sequence[str]


def find(question: Question, actor: Actor) -> Page:
    """Search solutions. At most eight queries, whatever is asked; raises `SearchUnavailable`."""
    try:
        result, page = _search(question)
    except IndexUnavailable as error:
        raise SearchUnavailable(str(error)) from error
    shown = {card.solution.public_id: card for card in cards([hit.id for hit in result.hits], actor)}
    return Page(
        question=question,
        total=result.total,
        page=page,
        pages=_pages(result.total),
        hits=[FoundSolution(shown[hit.id], hit.snippet, hit.score) for hit in result.hits if hit.id in shown],
        facets=_facets(question, result),
        matching=result.matching,
        words=result.words,
        unknown_words=result.unknown,
    )


def _search(question: Question) -> tuple[Result, int]:
    page = min(max(question.page, 1), LAST_PAGE)
    result = index().search(_query(question, page))
    last = _pages(result.total)
    if page > last:
        page = last
        result = index().search(_query(question, page))
    return result, page


def _query(question: Question, page: int) -> Query:
    words = query_tokens(question.text[:LONGEST_QUESTION])
    order = question.order if question.order in DEFINITION.orders else "relevance"
    return Query(
        text=question.text[:LONGEST_QUESTION],
        scope={"kind": ("solution",)},
        filters={
            facet: tuple(codes) for facet, codes in question.choices.items() if facet in FACETS and codes
        },
        # Nothing asked, nothing to be relevant for.
        order=FRONT if order == "relevance" and not words else order,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        facets=tuple(FACETS),
        any_word=len(words) >= SENTENCE,
    )


def _pages(total: int) -> int:
    return min(max(1, -(-total // PAGE_SIZE)), LAST_PAGE)


def _facets(question: Question, result: Result) -> list[Facet]:
    labels_by_facet = all_labels()
    facets = []
    for code in FACETS:
        labels = labels_by_facet[code]
        chosen = set(question.choices.get(code, ()))
        counts = result.facets.get(code, {})
        values = [
            FacetValue(value, labels.get(value, value), count, value in chosen)
            for value, count in counts.items()
            if count or value in labels
        ]
        facets.append(Facet(code, values))
    return facets


def counts(facet: str) -> Mapping[str, int]:
    """How many solutions there are for each value of a facet; empty where there is no index."""
    try:
        return index().facets(Query(scope={"kind": ("solution",)}, facets=(facet,))).get(facet, {})
    except IndexUnavailable:
        return {}


def suggestions(text: str, *, limit: int = 8) -> Sequence[Suggestion]:
    """Names of solutions that have all words typed so far; none where there is no index."""
    try:
        return index().suggest(text[:LONGEST_QUESTION], scope={"kind": ("solution",)}, limit=limit)
    except IndexUnavailable:
        return ()
