"""What fits a need, why a named solution does not, and, for providers, which needs fit what they offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from allmende.catalogue.models import Offer, Solution
from allmende.catalogue.queries import visible_to as solutions_visible_to
from allmende.demand import rules
from allmende.demand.criteria import CRITERIA, label_of, told
from allmende.demand.matching import (
    Fitting,
    Match,
    WhyNot,
    context_of,
    looking_for,
    matches,
    why_not,
)
from allmende.demand.matching.finding import THRESHOLD
from allmende.demand.matching.nearness import IndexAway
from allmende.demand.matching.told import fitting_for, told_needs
from allmende.demand.models import Need
from allmende.demand.statements import Statement, Wanted
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.sorting import folded
from allmende.web.components.parts import Crumb, Option, Paging
from allmende.web.demand.pages import HOME, crumbs, readable
from allmende.web.marketplace.addresses import first, page_number, parameters_of
from allmende.web.shell.access import for_members

THRESHOLDS = (0, 20, 30, THRESHOLD, 50, 60, 70, 80)
PAGE = 10
NAMED = 5


@dataclass(frozen=True)
class Said:
    """One criterion with what is said about it."""

    label: str
    weight: str
    statement: Statement

    @classmethod
    def of(cls, pair: tuple[Wanted, Statement]) -> "Said":
        wanted, statement = pair
        known = CRITERIA.get(wanted.criterion)
        label = told(known, wanted.value) if known else wanted.text or label_of(wanted.criterion)
        return cls(label, "Muss" if wanted.is_must else "Soll", statement)


@dataclass(frozen=True)
class Line:
    """A match as a page shows it."""

    match: Match
    name: str
    offer: Offer | None

    @property
    def said(self) -> list[Said]:
        return [Said.of(pair) for pair in self.match.pairs]

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.match.number("met"), self.match.number("unmet"), self.match.number("unknown")


@require_safe
@for_members
def fitting_solutions(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """For the need's own town: what fits, from which points on it chooses, and why a named solution does not."""
    need = _own(actor, public_id)
    parameters = parameters_of(request)
    threshold, named = _threshold(parameters), first(parameters, "loesung")[:200].strip()
    context: dict[str, Any] = {
        "need": need,
        "threshold": threshold,
        "thresholds": [
            Option(str(each), f"ab {each} Punkten", chosen=each == threshold) for each in THRESHOLDS
        ],
        "named": named,
        "crumbs": crumbs(need, Crumb("Passende Lösungen")),
    }
    try:
        found = matches(
            looking_for(need),
            context_of(need, actor, datetime.now(UTC).date()),
            threshold=threshold,
            page=page_number(first(parameters, "seite")),
            limit=PAGE,
        )
        context["why"] = _why_not(need, named, actor, threshold) if named else []
    except IndexAway:
        return render(request, "demand/matches.html", context | {"is_away": True}, status=503)
    address = reverse("need_matches", args=[need.public_id])
    kept = {"ab": [str(threshold)]} if threshold != THRESHOLD else {}
    context["found"] = found
    context["lines"] = lines_of(found.matches)
    context["paging"] = Paging.of(address, kept, found.page, found.pages)
    return render(request, "demand/matches.html", context)


@require_safe
@for_members
def fitting_needs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For providers: open needs that fit what their organisations offer, what was found last first."""
    rows = told_needs(actor)
    page, total = page_number(first(parameters_of(request), "seite")), rows.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    shown = list(rows[(page - 1) * PAGE : page * PAGE])
    context: dict[str, Any] = {
        "total": total,
        # One need may stand here twice, for two solutions.
        "needs": rows.order_by().values("need").distinct().count(),
        "paging": Paging.of(reverse("fitting_needs"), {}, page, pages),
        "crumbs": (*HOME, Crumb("Passende Bedarfe")),
    }
    try:
        fitting = fitting_for(shown, actor, today=datetime.now(UTC).date())
    except IndexAway:
        return render(request, "demand/matches_needs.html", context | {"is_away": True}, status=503)
    context["lines"] = _with_needs(fitting)
    return render(request, "demand/matches_needs.html", context)


def lines_of(found: Sequence[Match]) -> list[Line]:
    """Two queries."""
    names = dict(
        Solution.objects.filter(public_id__in=[match.solution for match in found]).values_list(
            "public_id", "name"
        )
    )
    offers = {
        offer.public_id: offer
        for offer in Offer.objects.filter(public_id__in=[match.offer for match in found if match.offer])
    }
    return [Line(match, names[match.solution], offers.get(match.offer)) for match in found]


def _with_needs(fitting: Sequence[Fitting]) -> list[tuple[Need, Line]]:
    lines = lines_of([each.match for each in fitting])
    return [(each.need, line) for each, line in zip(fitting, lines, strict=True)]


def _own(actor: Actor, public_id: str) -> Need:
    need = readable(actor, public_id)
    if not rules.may_read_responses(actor, need):
        raise Http404("Diesen Bedarf gibt es nicht.")
    return need


def _threshold(parameters: Mapping[str, Sequence[str]]) -> int:
    said = first(parameters, "ab")
    return int(said) if said.isascii() and said.isdigit() and int(said[:4]) in THRESHOLDS else THRESHOLD


def _why_not(need: Need, named: str, actor: Actor, threshold: int) -> list[tuple[WhyNot, Line | None]]:
    """For every solution of that name; for a name that nobody knows, that it is unknown."""
    looking, context = looking_for(need), context_of(need, actor, datetime.now(UTC).date())
    visible = solutions_visible_to(actor).order_by("sort_name", "pk")
    if is_public_id(named) and (one := visible.filter(public_id=named).first()):
        solutions = [one]
    else:
        same = visible.filter(folded_name=folded(named)) if folded(named) else visible.none()
        like = (
            visible.filter(folded_name__contains=folded(named)) if len(folded(named)) >= 3 else visible.none()
        )
        solutions = list(same[:NAMED]) or list(like[:NAMED])
    answers = [why_not(looking, each, context, threshold=threshold) for each in solutions]
    answers = answers or [why_not(looking, None, context, threshold=threshold)]
    return [(each, lines_of([each.match])[0] if each.match else None) for each in answers]
