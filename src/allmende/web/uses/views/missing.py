"""A town names what is missing here; whoever has not signed in reads how to."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from allmende.catalogue.actions import name_missing, take_back_missing
from allmende.catalogue.models import MissingSolution
from allmende.catalogue.queries import final_target
from allmende.catalogue.queries.missing import missing_for
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import first, parameters_of
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts
from allmende.web.uses.forms import MissingForm
from allmende.web.uses.towns import belonging_to, speaks_for_a_town

TITLE = "Diese Lösung fehlt"


@never_cache
@limit_posts("missing", per_address="60/h", per_account="20/h")
def new(request: HttpRequest) -> HttpResponse:
    """The form for members of a town; for everybody else the ways that are theirs."""
    actor = actor_for(request.user)
    towns = belonging_to(actor)
    asked = first(parameters_of(request), "name")[:300]
    form = _form(request, actor, towns, asked) if towns else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            missing = _name(form.cleaned_data, towns, actor)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Danke. „{missing.name}“ liegt jetzt bei der Redaktion.")
            return redirect("missing", missing.public_id)
    context = {
        "title": TITLE,
        "form": form,
        "towns": towns,
        "asked": asked,
        "here": request.get_full_path(),
        "crumbs": [Crumb("Start", "/"), Crumb(TITLE)],
    }
    return render(request, "uses/missing_new.html", context)


def _form(request: HttpRequest, actor: Actor, towns: list[Organisation], asked: str) -> MissingForm:
    said = request.POST or None
    return MissingForm(
        said, towns=towns, may_state_use=speaks_for_a_town(actor), initial={"name": asked, "use_state": ""}
    )


def _name(said: dict[str, Any], towns: list[Organisation], actor: Actor) -> MissingSolution:
    town = next(each for each in towns if each.public_id == said["town"])
    told = {
        name: said[name]
        for name in ("name", "purpose", "url", "use_state", "since", "ended_on")
        if name in said
    }
    return name_missing(town, **told, by=actor, now=datetime.now(UTC))


def _missing(actor: Actor, public_id: str) -> MissingSolution:
    missing = missing_for(actor, public_id) if is_public_id(public_id) else None
    if missing is None:
        raise Http404("Diese Nennung gibt es nicht.")
    return missing


@for_members
def one(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """What the town has said, and what became of it."""
    missing = _missing(actor, public_id)
    entry = final_target(missing.solution) if missing.solution else None
    context = {
        "missing": missing,
        "entry": entry,
        "may_take_back": missing.state == "open" and missing.organisation in belonging_to(actor),
        "crumbs": [
            Crumb("Start", "/"),
            Crumb("Meine Arbeit", "/mein"),
            Crumb("Nutzung", "/mein/nutzung"),
            Crumb(missing.name),
        ],
    }
    return render(request, "uses/missing.html", context)


@require_POST
@for_members
def take_back(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    missing = _missing(actor, public_id)
    return carry_out(
        request,
        f"„{missing.name}“ ist zurückgenommen.",
        lambda now: take_back_missing(missing, by=actor, now=now),
        then="/mein/nutzung",
    )
