from datetime import UTC, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.operations import queries, rules
from allmende.operations.actions import drop_job, retry_job
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table
from allmende.web.operations.rejections import tally
from allmende.web.shell.access import carry_out, for_staff

DECISIONS = {
    "noch-einmal": (retry_job, "Der Auftrag beginnt von vorn."),
    "verwerfen": (drop_job, "Der Auftrag ist verworfen."),
}


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = datetime.now(UTC)
    context = {
        "conditions": queries.conditions(now=now),
        "failed": queries.failed_jobs(),
        "stuck": queries.stuck_jobs(now),
        "waiting": _waiting(),
        "rejections": _rejections(now),
        "may_operate": rules.may_operate(actor),
        "crumbs": [Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), Crumb("Betrieb")],
    }
    return render(request, "operations/show.html", context)


def _waiting() -> Table:
    columns = [Column("Warteschlange"), Column("wartende Aufträge", numeric=True)]
    rows = [Row([Cell(name), Cell(str(count))]) for name, count in queries.waiting_by_queue().items()]
    return Table("Wartende Aufträge", columns, rows)


def _rejections(now: datetime) -> Table:
    """With what this process has not handed over yet; others do so within a minute of the next one."""
    tally.report(now=now)
    columns = [Column("Antwort"), Column("letzte 24 Stunden", numeric=True), Column("7 Tage", numeric=True)]
    rows = [
        Row([Cell(each.label), *(Cell(number_format(count)) for count in (each.in_a_day, each.in_a_week))])
        for each in queries.rejections(now)
    ]
    return Table("Abgewiesene Anfragen", columns, rows)


@for_staff
@require_POST
def decide(request: HttpRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    if not rules.may_operate(actor):
        raise PermissionDenied
    decision = DECISIONS.get(request.POST.get("entscheidung", ""))
    if decision is None:
        raise Http404
    act, done = decision
    return carry_out(request, done, lambda now: act(job_id, by=actor, now=now), then=reverse("operations"))
