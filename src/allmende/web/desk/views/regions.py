"""Which Gemeinde follows a vanished one: proposed by comparison, confirmed by a person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.regions.actions import confirm_succession, reject_succession
from allmende.regions.queries import ended_without_successor, open_successions
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import clean
from allmende.web.shell.access import carry_out, for_staff


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    context = {
        "successions": open_successions()[:100],
        "orphans": ended_without_successor()[:100],
        "crumbs": [Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), Crumb("Nachfolgen")],
    }
    return render(request, "desk/regions.html", context)


@require_POST
@for_staff
def decide(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    then = reverse("desk_regions")
    succession = open_successions().filter(public_id=clean(public_id)).first()
    verdict = request.POST.get("urteil")
    if succession is None:
        messages.error(request, "Über diese Nachfolge ist schon entschieden.")
        return redirect(then)
    if verdict not in ("bestaetigen", "ablehnen"):
        messages.error(request, "Wählen Sie „Bestätigen“ oder „Ablehnen“.")
        return redirect(then)
    if verdict == "bestaetigen":
        return carry_out(
            request,
            "Die Nachfolge ist bestätigt.",
            lambda now: confirm_succession(succession, by=actor, now=now),
            then=then,
        )
    return carry_out(
        request,
        "Der Vorschlag ist abgelehnt.",
        lambda now: reject_succession(succession, by=actor, now=now),
        then=then,
    )
