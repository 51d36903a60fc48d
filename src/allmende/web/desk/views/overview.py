"""What waits for a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.lib.actors import Actor
from allmende.organisations.rules import may_grant_roles
from allmende.web.components.parts import Crumb, Task
from allmende.web.desk.queues import QUEUES, Queue
from allmende.web.shell.access import for_staff


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    tasks = [_task(queue, queue.waiting(actor)) for queue in QUEUES if queue.may(actor)]
    context = {
        "tasks": tasks,
        "may_grant": may_grant_roles(actor),
        "crumbs": [Crumb("Start", "/"), Crumb("Redaktion")],
    }
    return render(request, "desk/overview.html", context)


def _task(queue: Queue, count: int) -> Task:
    return Task(queue.title, "open" if count else "done", queue.address, _waiting(count, queue.days))


def _waiting(count: int, days: int) -> str:
    if not count:
        return "nichts zu tun"
    many = "1 wartet" if count == 1 else f"{count} warten"
    return f"{many}, Ziel: binnen {days} Arbeitstagen"
