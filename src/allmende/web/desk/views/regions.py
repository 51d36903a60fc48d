"""Which Gemeinde follows a vanished one: proposed by comparison, confirmed by a person."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.regions.actions import confirm_succession, reject_succession
from allmende.regions.queries import ended_without_successor, open_successions
from allmende.web.components.parts import Crumb
from allmende.web.desk.access import carry_out, for_staff


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
    succession = open_successions().filter(public_id=public_id).first()
    if succession is None:
        raise Http404("Diese Nachfolge ist schon entschieden.")
    if request.POST.get("urteil") == "bestaetigen":
        return carry_out(
            request,
            "Die Nachfolge ist bestätigt.",
            lambda now: confirm_succession(succession, by=actor, now=now),
            then=reverse("desk_regions"),
        )
    return carry_out(
        request,
        "Der Vorschlag ist abgelehnt.",
        lambda now: reject_succession(succession, by=actor, now=now),
        then=reverse("desk_regions"),
    )
