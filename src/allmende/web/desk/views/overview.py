"""What waits for a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from allmende.catalogue.queries import open_suspicions
from allmende.federation import queries as federation
from allmende.lib.actors import Actor
from allmende.regions.queries import open_successions
from allmende.search.queries import misses
from allmende.web.components.parts import Crumb, Task
from allmende.web.shell.access import for_staff


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    queues = [
        ("Zurückgestellte Einträge ansehen", federation.waiting(actor).count(), "desk_waiting"),
        ("Fehlende Einträge prüfen", federation.held_sources(actor).count(), "desk_sources"),
        ("Mögliche Dubletten entscheiden", open_suspicions(actor).count(), "desk_duplicates"),
        ("Suchen ohne Treffer ansehen", misses(actor).filter(state="open").count(), "desk_misses"),
        ("Nachfolgen von Gemeinden bestätigen", open_successions().count(), "desk_regions"),
    ]
    tasks = [
        Task(label, "open" if count else "done", reverse(name), _waiting(count))
        for label, count, name in queues
    ]
    return render(
        request, "desk/overview.html", {"tasks": tasks, "crumbs": [Crumb("Start", "/"), Crumb("Redaktion")]}
    )


def _waiting(count: int) -> str:
    if not count:
        return "nichts zu tun"
    return "1 wartet" if count == 1 else f"{count} warten"
