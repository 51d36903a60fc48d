"""What one's own town uses: what it has said, what others say of it, and finding the next one to say something of."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.catalogue.models import ClaimedUse, ConfirmedUse
from allmende.catalogue.queries import Card, cards, uses_of, visible_to
from allmende.catalogue.queries.missing import missing_of
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.search.queries import Question, SearchUnavailable, find
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import first, parameters_of
from allmende.web.shell.access import for_members
from allmende.web.uses.towns import belonging_to, speaking_for

MOST_FOUND = 8
MOST_NAMED = 50


@dataclass(frozen=True)
class Town:
    """A town with what it says of itself and what others say of it."""

    organisation: Organisation
    told: list[ConfirmedUse]
    said_by_others: list[ClaimedUse]


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = first(parameters_of(request), "q")[:200]
    speaking = speaking_for(actor)
    context = {
        "towns": [_town(each) for each in speaking],
        "belongs": bool(speaking) or bool(belonging_to(actor)),
        "asked": asked,
        "found": _found(asked, actor) if asked and speaking else [],
        "missing": list(missing_of(actor)[:MOST_NAMED]),
        "crumbs": [Crumb("Start", "/"), Crumb("Meine Arbeit", "/mein"), Crumb("Nutzung")],
    }
    return render(request, "uses/own.html", context)


def _town(organisation: Organisation) -> Town:
    told, others = uses_of(organisation)
    return Town(organisation, list(told), _once(list(others)))


def _once(claims: list[ClaimedUse]) -> list[ClaimedUse]:
    """Two sources may name the same use; the town answers once."""
    return list({claim.solution_id: claim for claim in claims}.values())


def _found(asked: str, actor: Actor) -> list[Card]:
    try:
        page = find(Question(text=asked, choices={}, order="relevance", page=1), actor)
    except SearchUnavailable:
        names = visible_to(actor).filter(state="published", name__icontains=asked).order_by("sort_name")
        return cards(list(names.values_list("public_id", flat=True)[:MOST_FOUND]), actor)
    return [hit.card for hit in page.hits][:MOST_FOUND]
