"""Act for a town: apply, enter the code of the letter, or join those who are there already."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import (
    claim_town,
    enter_code,
    join,
    withdraw_claim,
    withdraw_request,
)
from allmende.organisations.actions.applying import CLAIMED_LEVELS
from allmende.organisations.models import Claim, JoinRequest, Organisation
from allmende.organisations.queries import actor_for, belongs, claims_of
from allmende.organisations.rules import way_to_join
from allmende.regions.models import Region
from allmende.regions.queries import by_key, label
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb, Step
from allmende.web.organisations.forms import CodeForm, TaskForm
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts


def _region(key: str) -> Region:
    region = by_key(key) if key.isascii() and key.isdecimal() and len(key) in (5, 8, 9) else None
    if region is None or region.valid_to is not None or region.level not in CLAIMED_LEVELS:
        raise Http404("Diese Kommune gibt es nicht.")
    return region


@never_cache
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Where somebody stands on the way to act for the town; readable without signing in."""
    region = _region(key)
    return _page(request, region)


def _page(request: HttpRequest, region: Region, form: KindForm | None = None) -> HttpResponse:
    organisation = Organisation.objects.filter(region=region).first()
    claim = _running(request, organisation)
    context = {
        "region": region,
        "label": label(region),
        "organisation": organisation,
        "claim": claim,
        "code_holds": bool(claim and claim.code_holds(datetime.now(UTC))),
        "steps": _steps(claim),
        "crumbs": [
            Crumb("Start", "/"),
            Crumb("Kommunen", "/kommunen"),
            Crumb(region.title, f"/kommunen/{region.key}"),
            Crumb("Anmelden"),
        ],
        **_standing(request, organisation),
    }
    context["form"] = form or (CodeForm() if claim and claim.state == "code_sent" else TaskForm())
    return render(request, "organisations/town.html", context)


def _running(request: HttpRequest, organisation: Organisation | None) -> Claim | None:
    if organisation is None or not request.user.is_authenticated:
        return None
    mine = claims_of(actor_for(request.user)).filter(organisation=organisation)
    return mine.filter(state__in=["open", "code_sent"]).first()


def _standing(request: HttpRequest, organisation: Organisation | None) -> dict[str, Any]:
    """Of a town that is accredited: whether the person belongs to it, and how they could."""
    user = request.user
    if organisation is None or not organisation.is_accredited or not isinstance(user, User):
        return {"taken": bool(organisation and organisation.is_accredited)}
    asked = JoinRequest.objects.filter(organisation=organisation, user=user, state="open").first()
    return {
        "taken": True,
        "belongs": belongs(user, organisation),
        "asked": asked,
        "way": way_to_join(user, organisation),
    }


def _steps(claim: Claim | None) -> list[Step]:
    at = 0 if claim is None else 1 if claim.state == "open" else 2
    labels = ("Anmelden", "Wir prüfen und schicken einen Brief ins Rathaus", "Code aus dem Brief eingeben")
    return [
        Step(text, "done" if place < at else "current" if place == at else "open")
        for place, text in enumerate(labels)
    ]


@require_POST
@limit_posts("organisations", per_address="60/h", per_account="20/h")
@for_members
def act(request: HttpRequest, actor: Actor, key: str, step: str) -> HttpResponseBase:
    """One step: apply, enter the code, join, or take one of these back."""
    region = _region(key)
    if step not in _STEPS:
        raise Http404
    form = {"anmelden": TaskForm, "code": CodeForm, "mitarbeiten": TaskForm}.get(step, KindForm)(request.POST)
    if not form.is_valid():
        return _page(request, region, form)
    try:
        done, then = _STEPS[step](request, region, actor, form.cleaned_data)
    except Refused as refusal:
        if not form.fields:
            messages.error(request, refusal.message)
            return redirect("claim_town", region.key)
        form.add_error(None, refusal.message)
        return _page(request, region, form)
    messages.success(request, done)
    return redirect(then)


Done = tuple[str, str]


def _apply(request: HttpRequest, region: Region, actor: Actor, said: dict[str, Any]) -> Done:
    claim_town(region, task=said["task"], by=actor, now=datetime.now(UTC))
    return (
        "Danke. Wir prüfen Ihre Anmeldung. Danach geht ein Brief mit einem Code an das Rathaus.",
        f"/kommunen/{region.key}/uebernehmen",
    )


def _claim(request: HttpRequest, region: Region) -> Claim:
    claim = _running(request, Organisation.objects.filter(region=region).first())
    if claim is None:
        raise Refused("Für diese Kommune läuft keine Anmeldung von Ihnen.")
    return claim


def _code(request: HttpRequest, region: Region, actor: Actor, said: dict[str, Any]) -> Done:
    claim = _claim(request, region)
    enter_code(claim, said["code"], by=actor, now=datetime.now(UTC))
    return (
        f"Der Code stimmt. Sie verwalten {claim.organisation.name} jetzt auf Allmende.",
        f"/organisation/{claim.organisation.public_id}",
    )


def _withdraw(request: HttpRequest, region: Region, actor: Actor, said: dict[str, Any]) -> Done:
    withdraw_claim(_claim(request, region), by=actor, now=datetime.now(UTC))
    return "Ihre Anmeldung ist zurückgezogen.", f"/kommunen/{region.key}"


def _join(request: HttpRequest, region: Region, actor: Actor, said: dict[str, Any]) -> Done:
    organisation = _existing(region)
    if join(organisation, task=said["task"], by=actor, now=datetime.now(UTC)) == "joined":
        return f"Sie gehören jetzt zu {organisation.name}.", f"/organisation/{organisation.public_id}"
    return (
        "Ihre Anfrage liegt jetzt bei der Kommune. Sie bekommen eine E-Mail, sobald jemand entschieden hat.",
        f"/kommunen/{region.key}/uebernehmen",
    )


def _take_back(request: HttpRequest, region: Region, actor: Actor, said: dict[str, Any]) -> Done:
    asked = JoinRequest.objects.filter(
        organisation=_existing(region), user__public_id=actor.id, state="open"
    ).first()
    if asked is None:
        raise Refused("Von Ihnen liegt keine Anfrage vor.")
    withdraw_request(asked, by=actor, now=datetime.now(UTC))
    return "Ihre Anfrage ist zurückgezogen.", f"/kommunen/{region.key}/uebernehmen"


def _existing(region: Region) -> Organisation:
    organisation = Organisation.objects.filter(region=region).first()
    if organisation is None:
        raise Refused("Für diese Kommune ist noch niemand angemeldet.")
    return organisation


_STEPS: dict[str, Callable[[HttpRequest, Region, Actor, dict[str, Any]], Done]] = {
    "anmelden": _apply,
    "code": _code,
    "zurueckziehen": _withdraw,
    "mitarbeiten": _join,
    "anfrage-zurueckziehen": _take_back,
}
