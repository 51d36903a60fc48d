"""A town says for itself that it uses a solution, or no longer does."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.catalogue.actions import confirm_use, end_use
from allmende.catalogue.models import ConfirmedUse, Solution
from allmende.catalogue.queries import use_of, visible_to
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import OutOfDate, Refused
from allmende.organisations.models import Organisation
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.components.templatetags.formats import day
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts
from allmende.web.uses.forms import UseForm
from allmende.web.uses.towns import speaking_for


@limit_posts("use", per_address="600/h", per_account="200/h")
@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    solution = _sayable(actor, public_id)
    if solution is None:
        raise Http404("Diese Lösung gibt es nicht.")
    towns = speaking_for(actor)
    form = UseForm(request.POST or None, towns=towns, initial=_known(towns, solution))
    stored: list[tuple[str, str]] = []
    if request.method == "POST" and towns and form.is_valid():
        try:
            town = _say(
                solution, towns, form.cleaned_data, _version(request, form.cleaned_data["town"]), actor
            )
        except OutOfDate:
            stored = _stored(towns, solution, form.cleaned_data["town"])
            form.add_error(
                None, "Inzwischen hat jemand aus Ihrer Kommune etwas anderes angegeben. Vergleichen Sie."
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Danke. Die Angabe für {town.name} steht jetzt hier auf der Seite.")
            # The page of what is withdrawn has no place for it.
            return redirect("solution", public_id) if solution.state == "published" else redirect("own_uses")
    crumbs = [
        Crumb("Start", "/"),
        Crumb(solution.name, reverse("solution", args=[public_id])),
        Crumb("Nutzung"),
    ]
    context = {
        "solution": solution,
        "form": form,
        "towns": towns,
        "stored": stored,
        "versions": _versions(request, towns, solution, anew=bool(stored)),
        "crumbs": crumbs,
    }
    return render(request, "uses/use.html", context, status=409 if stored else 200)


def _sayable(actor: Actor, public_id: str) -> Solution | None:
    """A published one, or whatever one of the actor's towns has said something of: a use ends also afterwards."""
    if not is_public_id(public_id):
        return None
    found = visible_to(actor).filter(public_id=public_id).first()
    told = ConfirmedUse.objects.filter(solution__public_id=public_id, solution__state="withdrawn")
    mine = told.filter(organisation__in=speaking_for(actor)).select_related("solution").first()
    return found or (mine.solution if mine else None)


def _versions(
    request: HttpRequest, towns: list[Organisation], solution: Solution, *, anew: bool
) -> list[tuple[str, int]]:
    """What each town had said when the form was made; `anew` after both versions have been shown."""
    if request.method == "POST" and not anew:
        return [(town.public_id, _version(request, town.public_id)) for town in towns]
    uses = [(town, use_of(town, solution)) for town in towns]
    return [(town.public_id, use.lock_version if use else 0) for town, use in uses]


def _version(request: HttpRequest, town: str) -> int:
    """The version that the form was made from; a form without one is as good as out of date."""
    text = request.POST.get(f"lock_version-{town}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _stored(towns: list[Organisation], solution: Solution, town: str) -> list[tuple[str, str]]:
    """What a colleague has said meanwhile, to stand beside what was typed."""
    use = use_of(next(each for each in towns if each.public_id == town), solution)
    if use is None:
        return []
    return [
        ("Nutzung", current().labels("use_status").get(use.state, use.state)),
        ("Seit", day(use.since_told)),
        ("Bis", day(use.ended_told)),
        ("Anmerkung", use.note or "keine Angabe"),
    ]


def _known(towns: list[Organisation], solution: Solution) -> dict[str, object]:
    """What the form starts with: what the one town has said so far."""
    if len(towns) != 1:
        return {}
    use = use_of(towns[0], solution)
    said = _said(use) if use else {}
    return {"town": towns[0].public_id, **said}


def _said(use: ConfirmedUse) -> dict[str, object]:
    return {"state": use.state, "since": use.since_told, "ended_on": use.ended_told, "note": use.note}


@transaction.atomic
def _say(
    solution: Solution, towns: list[Organisation], said: dict[str, Any], version: int, actor: Actor
) -> Organisation:
    """Confirm or end; a use that is told only after its end is both, or neither where the end is refused."""
    town = next(each for each in towns if each.public_id == said["town"])
    now = datetime.now(UTC)
    if said["state"] != "ended":
        confirm_use(
            solution,
            organisation=town,
            state=said["state"],
            since=said["since"],
            note=said["note"],
            lock_version=version,
            by=actor,
            now=now,
        )
        return town
    use = use_of(town, solution)
    if version != (use.lock_version if use else 0):
        raise OutOfDate
    if use is None or use.state == "ended" or (said["since"] and said["since"] != use.since_told):
        use = confirm_use(
            solution, organisation=town, state="productive", since=said["since"], by=actor, now=now
        )
    end_use(use, ended_on=said["ended_on"], note=said["note"], by=actor, now=now)
    return town
