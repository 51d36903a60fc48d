"""How near solutions are to what a need says: by the engine of the search, by the Handlungsfeld, by the kind of thing.

Three parts, each from 0 to 1: `text` is the engine's own share of words and meaning against the nearest entry; `field`
is 1 where the solution has the need's first Handlungsfeld as its own first, less where it is one of several; `kind`
says how much of what lies nearest is the same kind of solution. The weights were tuned on the even needs of the judged
set (tests/demand/matching/judged.toml); docs/explanation/matching.md has the figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allmende.demand.facts_kept import facts
from allmende.demand.matching.wanting import Looking
from allmende.demand.statements import Subject
from allmende.retrieval.protocol import IndexUnavailable, Query, Result
from allmende.retrieval.text import query_tokens
from allmende.search import meaning
from allmende.search.engine import index
from allmende.search.labels import known
from allmende.search.synonyms import alternatives

REACH = 600
"""Entries that the text brings along; what lies further off says next to nothing about the need."""

LOOKED_AT = 10
"""The nearest, whose kinds are taken for what the need is about."""

TEXT, FIELD, KIND = 0.74, 0.11, 0.15
SECOND_FIELD = 0.7
SECOND_KIND = 0.6


@dataclass(frozen=True)
class Near:
    """Parts of the nearness, each from 0 to 1. `by_meaning`: none of the words occurs, only what they mean."""

    text: float = 0.0
    field: float = 0.0
    kind: float = 0.0
    by_meaning: bool = False

    @property
    def total(self) -> float:
        return TEXT * self.text + FIELD * self.field + KIND * self.kind


NOT_NEAR = Near()


@dataclass(frozen=True)
class Nearest:
    """Solutions by public id, the nearest by text first; `generation` of the index that said so. `is_late`: meaning did
    not come in time, so that words alone counted. `words` are those asked for."""

    by_id: Mapping[str, Near]
    words: tuple[str, ...] = ()
    generation: str = ""
    is_late: bool = False


class IndexAway(Exception):
    """There is no index that can be read now; the worker builds one."""


def nearest(looking: Looking) -> Nearest:
    """Raises `IndexAway`."""
    if not query_tokens(looking.asked):
        return Nearest({})
    result, is_late = ask(looking, kind="solution", limit=REACH)
    best = max((hit.score for hit in result.hits), default=0.0)
    shares = {hit.id: hit.score / best for hit in result.hits} if best > 0 else {}
    terms = _terms(list(shares))
    fields = {key: _field(terms.get(key, {}).get("field", ()), looking.fields) for key in shares}
    kinds = _kinds(shares, fields, {key: terms.get(key, {}).get("type", ()) for key in shares})
    wordless = {hit.id for hit in result.hits if not hit.lexical}
    return Nearest(
        {key: Near(shares[key], fields[key], kinds[key], key in wordless) for key in shares},
        result.words,
        result.generation,
        is_late,
    )


def ask(looking: Looking, *, kind: str, limit: int) -> tuple[Result, bool]:
    """What of a kind the engine finds for the text, and whether meaning came too late. Raises `IndexAway`."""
    asked, by_meaning = looking.asked, meaning.near(looking.whole, is_language=True)
    query = Query(
        text=asked,
        scope={"kind": (kind,)},
        limit=limit,
        any_word=True,
        alternatives=alternatives(asked, known()),
        meaning=by_meaning.by_id,
        snippets=False,
    )
    try:
        return index().search(query), by_meaning.is_late
    except IndexUnavailable as error:
        raise IndexAway(str(error)) from error


def _terms(public_ids: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Codes by solution and column, the primary one first; from the columns, without a query."""
    here = facts()
    rows = {here.place[subject]: key for key in public_ids if (subject := Subject(key)) in here.place}
    found: dict[str, dict[str, list[str]]] = {}
    for column in ("field", "type"):
        for row, code in here.coded[column].of_rows(rows):
            found.setdefault(rows[row], {}).setdefault(column, []).append(code)
    return found


def _field(codes: Sequence[str], wanted: Sequence[str]) -> float:
    if not wanted or not codes:
        return 0.0
    if codes[0] == wanted[0]:
        return 1.0
    return SECOND_FIELD if set(codes) & set(wanted) else 0.0


def _kinds(
    shares: Mapping[str, float], fields: Mapping[str, float], types: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """By solution: the weight of its kind among the nearest, against the kind that has most."""
    first = {key: TEXT * share + FIELD * fields[key] for key, share in shares.items()}
    ahead = sorted(first, key=lambda key: (-first[key], key))[:LOOKED_AT]
    weights: dict[str, float] = {}
    for place, key in enumerate(ahead, start=2):
        for number, code in enumerate(types[key]):
            weights[code] = weights.get(code, 0.0) + first[key] * (SECOND_KIND if number else 1.0) / place
    most = max(weights.values(), default=1.0)
    return {key: max((weights.get(code, 0.0) / most for code in types[key]), default=0.0) for key in shares}
