"""From what somebody looks for to a query of the index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from allmende.retrieval.protocol import RELEVANCE, Query
from allmende.retrieval.text import query_tokens
from allmende.search.definition import DEFINITION, FACETS, FRONT
from allmende.search.labels import Known
from allmende.search.meaning import NOTHING, Nearness, near
from allmende.search.synonyms import alternatives

PAGE_SIZE = 20
# Deeper, nobody reads; a search that finds so much is refined.
LAST_PAGE = 500
LONGEST_QUESTION = 500
# So many words are a sentence; no entry has all of them, and the best has the most telling ones.
SENTENCE = 6


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody looks for. Unknown facets, values and orders are left out, not refused."""

    text: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: str = RELEVANCE
    page: int = 1


@dataclass(frozen=True)
class Wanted:
    """A question understood, before a page of it is asked for. `text` is what is searched."""

    question: Question
    text: str
    known: Known
    nearness: Nearness

    def query(self, page: int, *, limit: int = PAGE_SIZE) -> Query:
        words = query_tokens(self.text)
        return Query(
            text=self.text,
            scope={"kind": ("solution",)},
            filters={
                facet: tuple(codes)
                for facet, codes in self.question.choices.items()
                if facet in FACETS and codes
            },
            # Nothing asked, nothing to be relevant for.
            order=FRONT if self._order == RELEVANCE and not words else self._order,
            offset=(page - 1) * PAGE_SIZE,
            limit=limit,
            facets=tuple(FACETS),
            any_word=len(words) >= SENTENCE,
            alternatives=alternatives(self.text, self.known) if words else (),
            meaning=self.nearness.by_id,
        )

    @property
    def _order(self) -> str:
        return _order(self.question)


def understood(question: Question, known: Known, text: str | None = None) -> Wanted:
    """The question, or another text in its place. What is near in meaning is found in whatever order: a count must not
    change when somebody sorts by name."""
    text = (question.text if text is None else text)[:LONGEST_QUESTION]
    return Wanted(question, text, known, _near(text, known))


def _near(text: str, known: Known) -> Nearness:
    """Nothing is near to letters that nobody puts together; what the vocabulary knows ("ÖPNV") is a word anyway."""
    if not query_tokens(text):
        return NOTHING
    return near(text, is_language=bool(alternatives(text, known)))


def _order(question: Question) -> str:
    return question.order if question.order in DEFINITION.orders else RELEVANCE
