"""The other way round: which needs fit a solution, and which towns need the same."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from allmende.catalogue.models import Solution
from allmende.demand.matching.finding import THRESHOLD, Match, best_of, with_statements
from allmende.demand.matching.nearness import IndexAway
from allmende.demand.matching.wanting import Looking, context_of, looking_for, telling
from allmende.demand.models import Need
from allmende.demand.queries.needs import open_to
from allmende.lib.actors import Actor
from allmende.retrieval.protocol import IndexUnavailable, Query
from allmende.search import meaning
from allmende.search.engine import index
from allmende.search.labels import known
from allmende.search.synonyms import alternatives

CANDIDATES = 200
"""Needs that the words of a solution bring along."""

CHECKED = 12
"""Of these the nearest that are compared as their town would: each costs a search."""


@dataclass(frozen=True)
class Fitting:
    """An open need and how the solution fits it, as its town would see it."""

    need: Need
    match: Match


def needs_for(solution: Solution, actor: Actor, *, today: date, threshold: int = THRESHOLD) -> list[Fitting]:
    """Open needs that the actor may read and that the solution (or an offer of it) fits, best first.

    The words of the solution find the needs; how well each fits is what `matches` says of it. Raises `IndexAway`.
    """
    near = _near_needs(
        _looking_like(solution), open_to(actor).exclude(organisation__merged_into__isnull=False)
    )
    fitting = [each for need in near[:CHECKED] if (each := _fits(need, solution.public_id, actor, today))]
    kept = [each for each in fitting if each.match.points >= threshold and not each.match.failed_musts]
    return sorted(kept, key=lambda each: (-each.match.points, each.need.public_id))


def near_needs_of(solution: Solution, needs: "QuerySet[Need]") -> list[Need]:
    """The `CHECKED` needs of these that the words of the solution find first. Raises `IndexAway`."""
    return _near_needs(_looking_like(solution), needs)[:CHECKED]


def _fits(need: Need, solution: str, actor: Actor, today: date) -> Fitting | None:
    looking, context = looking_for(need), context_of(need, actor, today)
    found = best_of(looking, context, [solution])
    return Fitting(need, with_statements(found[:1], looking, context)[0]) if found else None


def similar_needs(need: Need, actor: Actor, limit: int = 10) -> list[Need]:
    """Open needs of other towns that the actor may read and that say the same, the nearest first.

    Those in the same Handlungsfeld come before others. Raises `IndexAway`.
    """
    others = open_to(actor).exclude(organisation=need.organisation_id)
    near = _near_needs(looking_for(need), others)
    fields = set(need.fields_of_action)
    return sorted(near, key=lambda each: not fields & set(each.fields_of_action))[:limit]


def _looking_like(solution: Solution) -> Looking:
    """A solution read as if it were what somebody looks for: what it says it does, without its name."""
    text = solution.texts.order_by("position").first()
    words = [text.summary, text.description, *text.features] if text else []
    codes = list(solution.terms.filter(scheme="solution_type").values_list("code", flat=True))
    labels = known().vocabulary.labels("solution_type")
    kinds = " ".join(labels.get(code, code) for code in codes)
    return Looking(kinds or solution.name, " ".join(filter(None, words)))


def _near_needs(looking: Looking, needs: "QuerySet[Need]") -> list[Need]:
    """Those of `needs` that the words find, the nearest first; where needs are not searched, those of last time."""
    if "need" not in settings.SEARCH_KINDS:
        return list(needs.prefetch_related("criteria")[:CANDIDATES])
    asked = telling(looking.asked)
    near = meaning.near(looking.whole, is_language=True)
    try:
        result = index().search(
            Query(
                text=asked,
                scope={"kind": ("need",)},
                limit=CANDIDATES,
                any_word=True,
                alternatives=alternatives(asked, known()),
                meaning=near.by_id,
            )
        )
    except IndexUnavailable as error:
        raise IndexAway(str(error)) from error
    place = {hit.id: number for number, hit in enumerate(result.hits)}
    found = needs.filter(public_id__in=place).prefetch_related("criteria")
    return sorted(found, key=lambda each: place[each.public_id])
