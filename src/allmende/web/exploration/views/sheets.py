"""The page of a step that is a sheet of questions: reading, writing as one types, and two who write at once."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.exploration.actions.sheets import fix_plan, save_sheet
from allmende.exploration.models import Case, Sheet
from allmende.exploration.queries.cases import names_of
from allmende.exploration.sheets import SheetContent, content_of
from allmende.exploration.steps import STEPS
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.web.components.drafting import carried, left_alone, version_in, window
from allmende.web.exploration.pages import case_or_404, crumbs, next_step, step_page, step_url
from allmende.web.exploration.sheet_form import SheetForm, differences
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@for_members
def sheet(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    """A step that is nothing but its sheet."""
    return step_page(request, actor, case_or_404(actor, public_id), code, "exploration/sheet.html", {})


@for_members
def plan(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The sheet of the plan, and the button that fixes it."""
    return step_page(request, actor, case_or_404(actor, public_id), "plan", "exploration/plan.html", {})


@limit_posts("case_sheet", per_address="3000/h", per_account="600/h")
@for_members
def save(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    """Keep the sheet of a step, on whichever page it stands."""
    case, content = case_or_404(actor, public_id), _content(code)
    if request.method != "POST":
        return redirect(step_url(case, code))
    form = _typed(request, case, code, content)
    is_whole, leads_on = form.is_valid(), "weiter" in request.POST
    try:
        _keep(request, case, code, form, is_done=is_whole and leads_on, by=actor)
    except OutOfDate:
        return _conflict(request, case, code, content, form)
    except Refused as refusal:
        form.add_error(None, refusal.message)
    if form.unreadable or form.non_field_errors() or (leads_on and form.errors):
        return step_page(
            request, actor, case, code, "exploration/sheet.html", {"sheet_form": form}, status=200
        )
    if code == "plan" and leads_on and case.plan_fixed_at is None:
        messages.success(request, "Gespeichert. Legen Sie den Plan jetzt fest: Erst danach geht es weiter.")
        return redirect(step_url(case, code))
    messages.success(request, "Gespeichert.")
    return redirect(next_step(case, code) if leads_on else step_url(case, code))


@require_POST
@limit_posts("case_autosave", per_address="3000/h", per_account="600/h")
@for_members
def autosave(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    """What htmx sends as somebody types: answers with when it was saved, and what is still missing."""
    case, content = case_or_404(actor, public_id), _content(code)
    form = _typed(request, case, code, content)
    form.is_valid()
    problem, kept = "", None
    try:
        kept = _keep(request, case, code, form, is_done=False, by=actor)
    except OutOfDate:
        problem = (
            "Nicht gespeichert: Inzwischen hat jemand anderes diese Seite geändert. Drücken Sie auf "
            "„Zwischenspeichern“, um beide Fassungen zu sehen."
        )
    except Refused as refusal:
        problem = refusal.message
    answers = kept.answers if kept else {}
    context = {
        "sheet": kept,
        "saved": saved_words(kept),
        "problem": problem,
        "unreadable": form.unreadable,
        "gaps": [] if problem else content.gaps(answers),
        "notes": content.notes_for(answers) if kept else None,
    }
    return render(request, "exploration/_saved.html", context)


@require_POST
@limit_posts("case_hand_in", per_address="300/h", per_account="60/h")
@for_members
def fix(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Fix the plan before looking."""
    case = case_or_404(actor, public_id)
    return carry_out(
        request,
        "Der Plan ist festgelegt. Jetzt können Sie recherchieren und Unternehmen ansprechen.",
        lambda now: fix_plan(case, by=actor, now=now),
        then=step_url(case, "recherche"),
    )


def saved_words(sheet: Sheet | None) -> str:
    """ "Gespeichert um 14:30 Uhr." """
    if sheet is None or sheet.pk is None:
        return ""
    return f"Gespeichert am {timezone.localtime(sheet.changed_at):%d.%m.%Y um %H:%M}\u00a0Uhr."


def _content(code: str) -> SheetContent:
    content = content_of(code)
    if content is None:
        raise Http404("Zu diesem Schritt gibt es kein Blatt.")
    return content


def _typed(request: HttpRequest, case: Case, code: str, content: SheetContent) -> SheetForm:
    stored = Sheet.objects.filter(case=case, step=code).first()
    form = SheetForm(
        request.POST,
        content=content,
        answers=stored.answers if stored else {},
        needs_reason=code == "plan" and case.plan_fixed_at is not None,
    )
    form.left_alone = left_alone(request.POST)
    return form


def _keep(request: HttpRequest, case: Case, code: str, form: SheetForm, *, is_done: bool, by: Actor) -> Sheet:
    return save_sheet(
        case,
        code,
        form.applied,
        is_done=is_done,
        lock_version=version_in(request),
        page=window(request),
        reason=form.reason,
        by=by,
        now=datetime.now(UTC),
    )


def _conflict(
    request: HttpRequest, case: Case, code: str, content: SheetContent, form: SheetForm
) -> HttpResponse:
    """Nothing was saved: both versions side by side, and a form that sends the choices with what was typed."""
    stored = Sheet.objects.get(case=case, step=code)
    context = {
        "case": case,
        "step": STEPS[code],
        "differences": differences(content, form.applied(stored.answers), stored.answers),
        "carried": carried(request.POST),
        "stored": stored,
        "who": names_of([stored.changed_by]).get(stored.changed_by, "jemand anderes"),
        "back": step_url(case, code),
        "crumbs": crumbs(case, STEPS[code].title),
    }
    return render(request, "exploration/conflict.html", context, status=409)
