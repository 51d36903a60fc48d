"""The other way round: which needs fit a solution, and which towns need the same."""

import math
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects

from allmende.catalogue.models import Solution
from allmende.demand.matching.finding import THRESHOLD, Match, best_of, with_statements
from allmende.demand.matching.nearness import ask
from allmende.demand.matching.wanting import Looking, context_of, looking_for
from allmende.demand.models import Need
from allmende.demand.queries.needs import open_to
from allmende.lib.actors import Actor
from allmende.retrieval.text import MAX_QUERY_LENGTH, query_tokens
from allmende.search.labels import known

CANDIDATES = 200
"""Needs that the words of a solution bring along."""

CHECKED = 12
"""Of these the nearest that are compared as their town would: each costs a search."""

UNSEARCHED = 300
"""Needs for the administration alone stand in no index; so many of the newest are compared beside it."""

ALIKE, ALIKE_IN_FIELD, ALIKE_BY_TITLE = 0.3, 0.2, 0.5
"""Share of words from which on two needs are called similar: alone, within one Handlungsfeld, and of the titles. Below,
they have no more in common than the words of any office (E-Mail, Telefon, niemand)."""


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
    near = _near_needs(_looking_like(solution), needs)[:CHECKED]
    prefetch_related_objects(near, "criteria")
    return near


def _fits(need: Need, solution: str, actor: Actor, today: date) -> Fitting | None:
    looking, context = looking_for(need), context_of(need, actor, today)
    found = best_of(looking, context, [solution])
    return Fitting(need, with_statements(found[:1], looking, context)[0]) if found else None


def similar_needs(need: Need, actor: Actor, limit: int = 10) -> list[Need]:
    """Open needs of other towns that the actor may read and that say the same, the nearest first; often none.

    Those in the same Handlungsfeld come before others. Raises `IndexAway`.
    """
    others = open_to(actor).exclude(organisation=need.organisation_id)
    near = [each for each in _near_needs(looking_for(need), others) if _are_alike(need, each)]
    fields = set(need.fields_of_action)
    return sorted(near, key=lambda each: not fields & set(each.fields_of_action))[:limit]


def _are_alike(one: Need, other: Need) -> bool:
    shared = _shared(_words_of(one), _words_of(other))
    in_one_field = bool(set(one.fields_of_action) & set(other.fields_of_action))
    if shared >= (ALIKE_IN_FIELD if in_one_field else ALIKE):
        return True
    return _shared(_words(one.title), _words(other.title)) >= ALIKE_BY_TITLE


def _looking_like(solution: Solution) -> Looking:
    """A solution read as if it were what somebody looks for: what it says it does, without its name."""
    text = solution.texts.order_by("position").first()
    words = [text.summary, text.description, *text.features] if text else []
    codes = list(solution.terms.filter(scheme="solution_type").values_list("code", flat=True))
    labels = known().vocabulary.labels("solution_type")
    kinds = " ".join(labels.get(code, code) for code in codes)
    return Looking(kinds or solution.name, " ".join(filter(None, words)))


def _near_needs(looking: Looking, needs: "QuerySet[Need]") -> list[Need]:
    """Those of `needs` that the words find, the nearest first.

    The index has the needs that everybody may read; of the others the newest `UNSEARCHED` are compared word by word,
    and both together come in the order of the words that they share.
    """
    found = list(needs.filter(public_id__in=_in_index(looking)))
    others = needs.exclude(visibility="public")
    found += others.order_by("-published_at", "-pk")[:UNSEARCHED]
    asked = _words(f"{looking.title} {looking.text}")
    shared = {each.pk: _shared(asked, _words_of(each)) for each in found}
    near = [each for each in found if shared[each.pk] > 0]
    return sorted(near, key=lambda each: (-shared[each.pk], each.public_id))


def _in_index(looking: Looking) -> list[str]:
    if "need" not in settings.SEARCH_KINDS:
        return []
    result, _ = ask(looking, kind="need", limit=CANDIDATES)
    return [hit.id for hit in result.hits]


def _words_of(need: Need) -> frozenset[str]:
    return _words(f"{need.title} {need.problem} {need.goal}")


def _words(text: str) -> frozenset[str]:
    """Index words of a text and the parts of its compounds."""
    return frozenset(
        part for token in query_tokens(text[:MAX_QUERY_LENGTH]) for part in (token.word, *token.parts)
    )


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 to 1; long words say more than short ones."""
    if not one or not other:
        return 0.0
    both = sum(map(len, one & other))
    return both / math.sqrt(sum(map(len, one)) * sum(map(len, other)))
