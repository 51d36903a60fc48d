"""Step 13: hand in, take back, give back, stop. Approving freezes the case."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from allmende.exploration import rules
from allmende.exploration.actions.handing_in import return_case, stop_case, submit_case, take_back_case
from allmende.exploration.checklist import missing
from allmende.exploration.models import Case
from allmende.exploration.queries.cases import names_of
from allmende.exploration.record.summary import summary_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.components.drafting import version_in
from allmende.web.exploration.forms import ReasonForm
from allmende.web.exploration.pages import case_or_404, step_page, step_url
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return approval_page(request, actor, case_or_404(actor, public_id))


def approval_page(
    request: HttpRequest, actor: Actor, case: Case, form: ReasonForm | None = None
) -> HttpResponse:
    """What is missing, or what the second person may do; with a form for the reason of giving back."""
    lines = missing(case) if case.is_open else []
    context = {
        "missing": [(line, step_url(case, line.step.code)) for line in lines],
        "may_submit": case.is_open and rules.may_lead(actor, case) and rules.may_edit(actor, case),
        "may_take_back": case.state == "submitted" and rules.may_lead(actor, case),
        "may_approve": case.state == "submitted" and rules.may_approve(actor, case),
        "is_partial": case.state == "submitted" and not rules.is_impartial(actor, case),
        "parts": summary_of(case) if case.state == "submitted" else [],
        "form": form or ReasonForm(initial={"lock_version": case.lock_version}),
        "submitter": names_of([case.submitted_by]).get(case.submitted_by, ""),
    }
    return step_page(request, actor, case, "freigabe", "exploration/approval.html", context)


@require_POST
@limit_posts("case_hand_in", per_address="300/h", per_account="60/h")
@for_members
def submit(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    return carry_out(
        request,
        "Der Fall liegt jetzt zur Freigabe vor. Wer freigibt, bekommt eine Nachricht.",
        lambda now: submit_case(case, lock_version=version_in(request), by=actor, now=now),
        then=step_url(case, "freigabe"),
    )


@require_POST
@limit_posts("case_hand_in", per_address="300/h", per_account="60/h")
@for_members
def take_back(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    return carry_out(
        request,
        "Der Fall läuft wieder.",
        lambda now: take_back_case(case, lock_version=version_in(request), by=actor, now=now),
        then=step_url(case, "freigabe"),
    )


@require_POST
@limit_posts("case_hand_in", per_address="300/h", per_account="60/h")
@for_members
def give_back(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return _with_reason(request, actor, public_id, return_case, "Der Fall ist mit Ihrem Grund zurückgegeben.")


@require_POST
@limit_posts("case_hand_in", per_address="300/h", per_account="60/h")
@for_members
def stop(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return _with_reason(request, actor, public_id, stop_case, "Die Markterkundung ist abgebrochen.")


def _with_reason(
    request: HttpRequest, actor: Actor, public_id: str, act: Callable[..., Case], done: str
) -> HttpResponse:
    case = case_or_404(actor, public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(case, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("case", public_id)
    return approval_page(request, actor, case, form)
