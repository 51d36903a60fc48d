"""A whole ranking at one moment, with what made it: for whoever has to show later what was shown then."""

from collections.abc import Sequence
from dataclasses import dataclass

from allmende.catalogue.queries import visible_to
from allmende.lib.actors import Actor
from allmende.retrieval.protocol import Explanation, Fragment, Hit, IndexUnavailable, Matching, Query, Result
from allmende.search import meaning
from allmende.search.asking import Question, Wanted, understood
from allmende.search.engine import index
from allmende.search.hints import hints_in, without
from allmende.search.labels import known
from allmende.search.queries import SearchUnavailable


@dataclass(frozen=True)
class Place:
    """An entry at its place. `lexical` and `similarity` are what it is ranked by (`retrieval.fusion`); 0.0 and None
    where nothing was asked. `found` are the words of the question as they stand in the entry."""

    public_id: str
    score: float
    lexical: float
    similarity: float | None
    found: Sequence[str]


@dataclass(frozen=True)
class Ranking:
    """`total` found, `places` those of them that are kept, in order. `text` is what was searched.

    `explained` is how the first of them got its number, with the weights that hold for all; None where nothing was
    asked. `generation` and `model` are the state of the index and of the meaning. `is_lasting` is False where meaning
    came too late: asked again, the order may be another.
    """

    text: str
    order: str
    total: int
    by_words: int
    matching: Matching
    places: Sequence[Place]
    explained: Explanation | None
    generation: str
    model: str
    is_lasting: bool


def ranking(question: Question, actor: Actor, *, at_most: int) -> Ranking:
    """What this question finds for the actor, as `queries.find` orders it, in one piece. Raises `SearchUnavailable`."""
    try:
        wanted, query, result = _found(question, at_most)
        explained = index().explain(query, result.hits[0].id) if result.hits else None
    except IndexUnavailable as error:
        raise SearchUnavailable(str(error)) from error
    shown = set(_visible([hit.id for hit in result.hits], actor))
    return Ranking(
        text=wanted.text,
        order=query.order,
        total=result.total,
        by_words=result.by_words,
        matching=result.matching,
        places=[_place(hit) for hit in result.hits if hit.id in shown],
        explained=explained if result.matching is not Matching.NOTHING_ASKED else None,
        generation=result.generation,
        model=meaning.state(),
        is_lasting=not wanted.nearness.is_late,
    )


def _found(question: Question, at_most: int) -> tuple[Wanted, Query, Result]:
    """As `find` asks, with the words that it leaves out where nothing is found with them."""
    words = known()
    wanted = understood(question, words)
    query = wanted.query(1, limit=at_most)
    result = index().search(query)
    hints = hints_in(wanted.text, words, question.choices)
    if hints and not result.total:
        wanted = understood(question, words, without(wanted.text, [hint.place for hint in hints]))
        query = wanted.query(1, limit=at_most)
        result = index().search(query)
    return wanted, query, result


def _visible(public_ids: Sequence[str], actor: Actor) -> Sequence[str]:
    return list(visible_to(actor).filter(public_id__in=public_ids).values_list("public_id", flat=True))


def _place(hit: Hit) -> Place:
    return Place(hit.id, hit.score, hit.lexical, hit.similarity, _marked(hit.snippet))


def _marked(snippet: Sequence[Fragment]) -> Sequence[str]:
    return list(dict.fromkeys(piece.text for piece in snippet if piece.highlighted))
