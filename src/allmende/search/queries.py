"""From a question to a page of hits, to an explanation, to suggestions; and what was looked for in vain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from allmende.catalogue.queries import Card, cards
from allmende.lib.actors import Actor
from allmende.organisations.rules import is_staff
from allmende.retrieval.protocol import (
    Explanation,
    Fragment,
    Hit,
    IndexUnavailable,
    Matching,
    Query,
    Result,
)
from allmende.search import meaning, suggesting
from allmende.search.asking import (
    LAST_PAGE,
    LONGEST_QUESTION,
    PAGE_SIZE,
    SENTENCE,
    Question,
    Wanted,
    understood,
)
from allmende.search.definition import FACETS, FIELD_LABELS
from allmende.search.engine import index
from allmende.search.hints import Hint, hints_in, without
from allmende.search.labels import Known, Labels, known
from allmende.search.lacking import Lacking, lacking, many_are_lacking
from allmende.search.models import Miss
from allmende.search.partly import parts_found
from allmende.search.passages import nearest_passage
from allmende.search.suggesting import Suggested

__all__ = [
    "LAST_PAGE",
    "LONGEST_QUESTION",
    "PAGE_SIZE",
    "SENTENCE",
    "Explained",
    "Facet",
    "FacetValue",
    "FoundSolution",
    "Hint",
    "Lacking",
    "MeaningLate",
    "Page",
    "Question",
    "SearchUnavailable",
    "Suggested",
    "counts",
    "explain",
    "find",
    "misses",
    "number_found",
    "state",
    "suggestions",
]


class SearchUnavailable(Exception):
    """There is no index that can be read now; the worker builds one."""


class MeaningLate(Exception):
    """By words alone the entry is not found, and meaning came too late to say whether it is found by that."""


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
    """A hit: its card, and the piece of text in which the words stand. `by_meaning`: it has none of the words."""

    card: Card
    snippet: Sequence[Fragment]
    score: float
    by_meaning: bool = False


@dataclass(frozen=True)
class Page:
    """A page of hits. `total` is exact; `page` is the one shown, which is the last where a later one was asked for.

    `corrected` is the question as it was perhaps meant ("Meinten Sie"), or "". `hints` are filters that its words
    stand for. `left_out` are words of that sort without which was searched, because with them nothing is found.
    `by_words` of `total` are found by the words alone. Where these have none of the words and only parts of them,
    `parts` are those parts, as the lexicon has them. `is_learning`: the meanings of many entries are still being worked
    out. `is_lasting` is False where meaning came too late for this answer:
    such a page is not to be kept.
    """

    question: Question
    total: int
    by_words: int
    page: int
    pages: int
    hits: Sequence[FoundSolution]
    facets: Sequence[Facet]
    matching: Matching
    words: Sequence[str]
    unknown_words: Sequence[str]
    corrected: str = ""
    hints: Sequence[Hint] = ()
    left_out: Sequence[str] = ()
    parts: Sequence[str] = ()
    is_learning: bool = False
    is_lasting: bool = True

    @property
    def is_miss(self) -> bool:
        """Whether words found nothing, or nothing that has one of them: `actions.note_miss(page, now=…)` counts it,
        and a page that is kept is not counted again."""
        if self.page != 1 or self.question.page > 1 or self.matching is Matching.NOTHING_ASKED:
            return False
        return self.by_words == 0 or bool(self.parts)

    @property
    def by_meaning(self) -> int:
        """How many of `total` have none of the words."""
        return self.total - self.by_words


@dataclass(frozen=True)
class Explained:
    """Why a solution stands where it stands among what the question finds. `fields`: German names of the fields that
    the evidence speaks of, by code. `nearest` is the beginning of the passage nearest in meaning, or "". `lacks` says
    why there is no similarity although meaning counts, as far as that lies with the entry. `is_lasting` is False where
    meaning came too late: such an explanation is not to be kept."""

    question: Question
    card: Card
    explanation: Explanation
    fields: Mapping[str, str]
    nearest: str = ""
    lacks: Lacking = Lacking.NOTHING
    is_lasting: bool = True


def find(question: Question, actor: Actor) -> Page:
    """Search solutions. At most nine queries, whatever is asked; raises `SearchUnavailable`.

    Whether somebody looked in vain is for the caller to count (`Page.is_miss`): reading writes nothing.
    """
    words = known()
    wanted = understood(question, words)
    hints = hints_in(wanted.text, words, question.choices)
    try:
        result, page = _search(wanted)
        left_out = [hint.typed for hint in hints] if not result.total else []
        if left_out:
            wanted = understood(question, words, without(wanted.text, [hint.place for hint in hints]))
            result, page = _search(wanted)
    except IndexUnavailable as error:
        raise SearchUnavailable(str(error)) from error
    return _page(wanted, result, page, actor, hints, left_out)


def _page(
    wanted: Wanted, result: Result, page: int, actor: Actor, hints: Sequence[Hint], left_out: Sequence[str]
) -> Page:
    shown = {card.solution.public_id: card for card in cards([hit.id for hit in result.hits], actor)}
    hits = [_found(shown[hit.id], hit) for hit in result.hits if hit.id in shown]
    return Page(
        question=wanted.question,
        total=result.total,
        by_words=result.by_words,
        page=page,
        pages=_pages(result.total),
        hits=hits,
        facets=_facets(wanted.question, result, wanted.known.labels),
        matching=result.matching,
        words=result.marked,
        unknown_words=result.unknown,
        corrected=result.corrected,
        hints=hints,
        left_out=left_out if result.total else (),
        parts=parts_found(wanted.text, result),
        is_learning=result.matching is not Matching.NOTHING_ASKED and many_are_lacking(),
        is_lasting=not wanted.nearness.is_late,
    )


def _found(card: Card, hit: Hit) -> FoundSolution:
    return FoundSolution(card, hit.snippet, hit.score, hit.similarity is not None and not hit.lexical)


def _search(wanted: Wanted) -> tuple[Result, int]:
    page = min(max(wanted.question.page, 1), LAST_PAGE)
    result = index().search(wanted.query(page))
    last = _pages(result.total)
    if page > last:
        page = last
        result = index().search(wanted.query(page))
    return result, page


def _pages(total: int) -> int:
    return min(max(1, -(-total // PAGE_SIZE)), LAST_PAGE)


def _facets(question: Question, result: Result, labels_by_facet: Labels) -> list[Facet]:
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


def explain(question: Question, public_id: str, actor: Actor) -> Explained | None:
    """Why a solution is found by this question and stands where it stands; None where it is not found, or not
    visible. At most seventeen queries; raises `SearchUnavailable`, and `MeaningLate` where it may be found by meaning
    and that cannot be said just now."""
    shown = cards([public_id], actor)
    if not shown:
        return None
    try:
        wanted = _as_searched(question, known())
        explanation = index().explain(wanted.query(1), public_id)
    except IndexUnavailable as error:
        raise SearchUnavailable(str(error)) from error
    is_late = wanted.nearness.is_late
    if explanation is None:
        if is_late:
            raise MeaningLate(public_id)
        return None
    return Explained(
        question,
        shown[0],
        explanation,
        FIELD_LABELS,
        _nearest(wanted, explanation),
        _lacks(explanation),
        is_lasting=not is_late,
    )


def _lacks(explanation: Explanation) -> Lacking:
    if explanation.similarity is not None or not explanation.meaning_weight:
        return Lacking.NOTHING
    return lacking(explanation.id)


def _nearest(wanted: Wanted, explanation: Explanation) -> str:
    if explanation.similarity is None or not explanation.meaning_weight:
        return ""
    return nearest_passage(explanation.id, wanted.nearness.pieces)


def _as_searched(question: Question, words: Known) -> Wanted:
    """As `find` asks: without the words that it leaves out."""
    wanted = understood(question, words)
    hints = hints_in(wanted.text, words, question.choices)
    # What is left out is decided by what is found in all, as for the page of it.
    if hints and not index().search(wanted.query(1, limit=0)).total:
        return understood(question, words, without(wanted.text, [hint.place for hint in hints]))
    return wanted


def number_found(question: Question) -> int:
    """How many solutions this question finds, as its page will say. Raises `SearchUnavailable`."""
    try:
        return index().search(_as_searched(question, known()).query(1, limit=0)).total
    except IndexUnavailable as error:
        raise SearchUnavailable(str(error)) from error


def counts(facet: str) -> Mapping[str, int]:
    """How many solutions there are for each value of a facet; empty where there is no index."""
    try:
        return index().facets(Query(scope={"kind": ("solution",)}, facets=(facet,))).get(facet, {})
    except IndexUnavailable:
        return {}


def suggestions(text: str) -> Sequence[Suggested]:
    """What somebody who typed this may mean, of all kinds, at most ten; see `suggesting` for the order."""
    return suggesting.suggestions(text)


def state() -> str:
    """Changes whenever the same question may be answered otherwise, as far as versions of the journal do not say so:
    for keys of page caches. Cheap, no query."""
    return f"{index().generation()}/{meaning.state()}"


def misses(actor: Actor) -> QuerySet[Miss]:
    """What was looked for in vain, the frequent first; for staff only. To be filtered by `state` (`states.MISS`)."""
    found = Miss.objects.order_by("-count", "-last_day", "text", "facets")
    return found if is_staff(actor) else found.none()
