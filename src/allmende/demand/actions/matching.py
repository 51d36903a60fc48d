"""Telling providers of open needs that fit what they offer: each pair of need and solution once.

Only what fits well is told: at least `WELL` points and no must failed. Nobody pays for being told, and nobody is told
more: the rate is each person's own choice (`notifications`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from allmende.catalogue.models import Offer, Solution
from allmende.demand.matching.finding import best_of, compare
from allmende.demand.matching.other_way import near_needs_of
from allmende.demand.matching.wanting import context_of, looking_for
from allmende.demand.models import FoundMatch, Need
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.roles import PUBLIC_ADMINISTRATION

WELL = 55
"""Points of 100; docs/explanation/matching.md says how much of the judged set lies above."""

AT_MOST = 20
"""Solutions of one need whose providers are told."""


def match_need(need: Need, *, by: Actor, now: datetime) -> int:
    """Tell the providers of what fits an open need; how many pairs were new. Raises `IndexAway`."""
    if need.state != "published" or need.visibility == "own" or not need.organisation.is_accredited:
        return 0
    compared = compare(looking_for(need), context_of(need, by, now.date()))
    found = (compared.match(at, place) for place, at in enumerate(compared.order, start=1))
    good = [match for match in found if match.points >= WELL and not match.failed_musts][:AT_MOST]
    return _tell(need, {match.solution: match.points for match in good}, by=by, now=now)


def match_solution(solution: Solution, *, by: Actor, now: datetime) -> int:
    """Tell the providers of a solution of the open needs that it fits; how many pairs were new. Raises `IndexAway`."""
    if solution.state != "published" or not _providers([solution.public_id]):
        return 0
    open_needs = Need.objects.filter(state="published", organisation__state="accredited").exclude(
        visibility="own"
    )
    told = 0
    for need in near_needs_of(solution, open_needs.select_related("organisation__region__land")):
        found = best_of(looking_for(need), context_of(need, by, now.date()), [solution.public_id])
        good = {
            match.solution: match.points for match in found if match.points >= WELL and not match.failed_musts
        }
        told += _tell(need, good, by=by, now=now)
    return told


@transaction.atomic
def _tell(need: Need, points: dict[str, int], *, by: Actor, now: datetime) -> int:
    """One entry for each provider, with the solutions that are new to it."""
    known = set(FoundMatch.objects.filter(need=need).values_list("organisation_id", "solution_id"))
    told = 0
    for organisation, solutions in _providers(points).items():
        if not _may_read(organisation, need):
            continue
        new = [each for each in solutions if (organisation.pk, each.pk) not in known]
        rows = [
            FoundMatch(
                need=need,
                solution=each,
                organisation=organisation,
                points=points[each.public_id],
                found_at=now,
            )
            for each in new
        ]
        FoundMatch.objects.bulk_create(rows)
        if new:
            record(
                "demand.match_found",
                subject=need,
                by=by,
                now=now,
                organisation=organisation.public_id,
                data={"solutions": [each.public_id for each in new]},
            )
        told += len(new)
    return told


def _providers(solutions: Iterable[str]) -> dict[Organisation, Sequence[Solution]]:
    """Accredited organisations that publicly supply, operate or sell these solutions, and which of them."""
    offers = Offer.objects.filter(solution__public_id__in=list(solutions), state="published").select_related(
        "solution", "supplier", "operator", "seller"
    )
    found: dict[Organisation, dict[int, Solution]] = {}
    for offer in offers.order_by("solution_id", "pk"):
        for party in offer.parties:
            if party.is_accredited:
                found.setdefault(party, {})[offer.solution_id] = offer.solution
    return {party: list(each.values()) for party, each in found.items()}


def _may_read(organisation: Organisation, need: Need) -> bool:
    """Whether those who speak for the organisation may read the need; its own town needs no news of it."""
    readers = Q(visibility="public")
    if organisation.kind in PUBLIC_ADMINISTRATION:
        readers |= Q(visibility="administration")
    return organisation.pk != need.organisation_id and Need.objects.filter(readers, pk=need.pk).exists()
