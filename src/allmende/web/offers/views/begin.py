"""Beginning: for which organisation, for a solution that is here already or for a new one."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue.actions import begin_new_solution, begin_offer
from allmende.catalogue.completeness import steps_of
from allmende.catalogue.contents import Content
from allmende.catalogue.models import WorkingCopy
from allmende.catalogue.queries import Card, cards, visible_to
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from allmende.search.queries import Question, SearchUnavailable, find
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import first, parameters_of
from allmende.web.marketplace.cards import hits_of
from allmende.web.offers.pages import HOME, organisations_for
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

MOST_SHOWN = 10


@for_members
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Look whether the solution is here already: most offers are for one that is."""
    asked = first(parameters_of(request), "q")[:200]
    organisations = organisations_for(actor)
    context = {
        "organisations": organisations,
        "chosen": first(parameters_of(request), "fuer"),
        "asked": asked,
        "pages": len(steps_of("new_solution", Content())),
        "hits": hits_of(_found(asked, actor)) if asked and organisations else [],
        "crumbs": [*HOME, Crumb("Neu einstellen")],
    }
    return render(request, "offers/new.html", context)


def _found(asked: str, actor: Actor) -> list[Card]:
    try:
        page = find(Question(text=asked, choices={}, order="relevance", page=1), actor)
    except SearchUnavailable:
        names = visible_to(actor).filter(state="published", name__icontains=asked).order_by("sort_name")
        return cards(list(names.values_list("public_id", flat=True)[:MOST_SHOWN]), actor)
    return [hit.card for hit in page.hits][:MOST_SHOWN]


@require_POST
@limit_posts("offer_begin", per_address="300/h", per_account="60/h")
@for_members
def new_solution(request: HttpRequest, actor: Actor) -> HttpResponse:
    organisation = _organisation(request, actor)
    return _begun(request, lambda now: begin_new_solution(organisation, by=actor, now=now))


@require_POST
@limit_posts("offer_begin", per_address="300/h", per_account="60/h")
@for_members
def new_offer(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Begin an offer for a solution, or go on with the one begun."""
    organisation = _organisation(request, actor)
    solution = visible_to(actor).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if solution is None:
        raise Http404("Diese Lösung gibt es nicht.")
    return _begun(request, lambda now: begin_offer(solution, organisation=organisation, by=actor, now=now))


def _organisation(request: HttpRequest, actor: Actor) -> Organisation:
    """The one that the form names, or the only one; 404 for any other."""
    own = organisations_for(actor)
    wanted = request.POST.get("fuer", "")
    if len(own) == 1 and not wanted:
        return own[0]
    organisation = next((each for each in own if each.public_id == wanted), None)
    if organisation is None:
        raise Http404("Für diese Organisation können Sie nichts einstellen.")
    return organisation


def _begun(request: HttpRequest, act: Callable[[datetime], WorkingCopy]) -> HttpResponse:
    try:
        copy = act(datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("offer_new")
    return redirect(reverse("offer_draft", args=[copy.public_id]))
