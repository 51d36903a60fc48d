"""The list of cases, and the task list of one."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.exploration import rules
from allmende.exploration.checklist import checklist
from allmende.exploration.queries.cases import visible_to
from allmende.lib.actors import Actor
from allmende.web.components.parts import Crumb
from allmende.web.exploration.pages import besides, case_or_404, crumbs
from allmende.web.shell.access import for_members


@for_members
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    cases = visible_to(actor, datetime.now(UTC)).order_by("-changed_at", "pk")
    context = {"cases": cases, "crumbs": [Crumb("Start", "/"), Crumb("Markterkundungen")]}
    return render(request, "exploration/list.html", context)


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    context = {
        "case": case,
        "beside": besides(case, checklist(case)),
        "may_edit": rules.may_edit(actor, case),
        "may_lead": rules.may_lead(actor, case),
        "crumbs": crumbs(case),
    }
    return render(request, "exploration/case.html", context)
