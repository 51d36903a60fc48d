"""Writing: the task list, one page for each topic, and saving as one types."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.catalogue.actions import save
from allmende.catalogue.completeness import gaps
from allmende.catalogue.contents import Content, read
from allmende.catalogue.models import WorkingCopy
from allmende.catalogue.queries import providers
from allmende.files.queries import all_documents_about
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.web.components.drafting import carried, fingerprint, left_alone, new_page_id, version_in, window
from allmende.web.components.parts import Crumb, Task
from allmende.web.offers.conflict import differences
from allmende.web.offers.forms import StepForm
from allmende.web.offers.pages import answer_by, crumbs, own_copy, title_of, why_not_submitted
from allmende.web.offers.steps import STEPS, Step, after, steps_of, tasks
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts


@for_members
def overview(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The task list; or, once it is handed in, what happens next."""
    copy = own_copy(actor, public_id)
    content = read(copy.content)
    context = {
        "copy": copy,
        "title": title_of(copy, content),
        "tasks": _tasks(copy, content) if copy.can_be_edited else [],
        "why_not": why_not_submitted(copy),
        "general_reason": copy.reasons.get("", ""),
        "answer_by": answer_by(copy.submitted_at) if copy.submitted_at else None,
        "crumbs": crumbs(copy, content),
    }
    return render(request, "offers/draft.html", context)


def _tasks(copy: WorkingCopy, content: Content) -> list[Task]:
    """The pages of the form, before the last line the documents; those of what is published stand beside it."""
    lines = tasks(copy, content, why_locked=why_not_submitted(copy))
    if not copy.is_new:
        return lines
    number = len(all_documents_about(copy.journal_type, copy.public_id))
    there = f"{number} hochgeladen." if number else "Freiwillig: Preisliste, Erklärungen, Zertifikate."
    page = reverse("offer_draft_documents", args=[copy.public_id])
    documents = Task("Nachweise und Unterlagen", "done" if number else "optional", page, there)
    return [*lines[:-1], documents, lines[-1]]


@for_members
def step(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    """One topic. Whatever can be read is kept, even where something is missing or wrong."""
    copy = own_copy(actor, public_id)
    page = _step(copy, code)
    if not copy.can_be_edited:
        messages.info(request, "Zurzeit kann hier nichts geändert werden.")
        return redirect("offer_draft", public_id)
    content = read(copy.content)
    if request.method != "POST":
        form = page.form(content=content, organisation=copy.organisation)
        return _page(request, copy, content, page, form)
    form = page.form(request.POST, content=content, organisation=copy.organisation)
    form.left_alone = left_alone(request.POST)
    is_whole = form.is_valid()
    leads_on = "weiter" in request.POST
    try:
        saved = _save(request, copy, page, form, is_done=is_whole and leads_on, by=actor)
    except OutOfDate:
        return _conflict(request, actor, public_id, page, form)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, copy, content, page, form)
    if not is_whole and (leads_on or form.unreadable):
        return _page(request, saved, read(saved.content), page, form)
    if not leads_on:
        messages.success(request, saved_words(saved))
        return redirect("offer_step", public_id, code)
    then = after(copy, page, read(saved.content))
    return redirect("offer_step", public_id, then.code) if then else redirect("offer_draft", public_id)


@require_POST
@limit_posts("offer_autosave", per_address="3000/h", per_account="600/h")
@for_members
def autosave(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    """What htmx sends as somebody types: answers with when it was saved, and what is still missing."""
    copy = own_copy(actor, public_id)
    page = _step(copy, code)
    form = page.form(request.POST, content=read(copy.content), organisation=copy.organisation)
    form.is_valid()
    problem = ""
    try:
        copy = _save(request, copy, page, form, is_done=False, by=actor)
    except OutOfDate:
        problem = (
            "Nicht gespeichert: Inzwischen hat jemand anderes diese Seite geändert. Drücken Sie auf "
            "„Zwischenspeichern“, um beide Fassungen zu sehen."
        )
    except Refused as refusal:
        problem = refusal.message
    context = {
        "copy": copy,
        "saved": "" if problem else saved_words(copy),
        "problem": problem,
        "unreadable": form.unreadable.values(),
        "gaps": _gaps(copy, page, read(copy.content)),
        "fingerprint": _fingerprint(page, read(copy.content)),
    }
    return render(request, "offers/_saved.html", context)


def saved_words(copy: WorkingCopy) -> str:
    """ "Gespeichert um 14:30 Uhr." """
    return f"Gespeichert um {timezone.localtime(copy.autosaved_at):%H:%M}\u00a0Uhr."


def _step(copy: WorkingCopy, code: str) -> Step:
    page = STEPS.get(code)
    if page is None or page not in steps_of(copy, read(copy.content)):
        raise Http404("Diese Seite gibt es nicht.")
    return page


def _save(
    request: HttpRequest,
    copy: WorkingCopy,
    page: Step,
    form: StepForm,
    *,
    is_done: bool,
    by: Actor,
) -> WorkingCopy:
    def saved(version: int) -> WorkingCopy:
        return save(
            copy,
            form.applied,
            step=page.code,
            is_done=is_done,
            lock_version=version,
            page=window(request),
            by=by,
            now=datetime.now(UTC),
        )

    try:
        return saved(version_in(request))
    except OutOfDate:
        # Somebody has saved another page, or this one's last words came in late: on this page nothing has changed.
        stored = WorkingCopy.objects.get(pk=copy.pk)
        if request.POST.get("gelesen") != _fingerprint(page, read(stored.content)):
            raise
        return saved(stored.lock_version)


def _fingerprint(page: Step, content: Content) -> str:
    return fingerprint(page.form.initial_of(content))


def _gaps(copy: WorkingCopy, page: Step, content: Content) -> list[str]:
    return [gap.message for gap in gaps(content, copy.kind) if gap.step == page.code]


def _page(
    request: HttpRequest, copy: WorkingCopy, content: Content, page: Step, form: StepForm
) -> HttpResponse:
    codes = [each.code for each in steps_of(copy, content)]
    context = {
        "copy": copy,
        "step": page,
        "form": form,
        "page_id": new_page_id(),
        "fingerprint": _fingerprint(page, content),
        "rows": getattr(form, "rows", None),
        "organisations": [each.name for each, _ in providers()] if page.code == "betrieb" else None,
        "number": codes.index(page.code) + 1,
        "total": len(codes),
        "reason": copy.reasons.get(page.code, ""),
        "gaps": _gaps(copy, page, content),
        "saved": saved_words(copy),
        "crumbs": crumbs(copy, content, Crumb(page.title)),
    }
    return render(request, "offers/step.html", context)


def _conflict(request: HttpRequest, actor: Actor, public_id: str, page: Step, form: StepForm) -> HttpResponse:
    """Nothing was saved: both versions, and a form that sends the choices with what was typed."""
    copy = own_copy(actor, public_id)
    stored = read(copy.content)
    context = {
        "copy": copy,
        "step": page,
        "differences": differences(form, stored),
        "carried": carried(request.POST),
        "saved_at": copy.autosaved_at,
        "is_own": copy.saved_by == actor.id,
        "crumbs": crumbs(copy, stored, Crumb(page.title)),
    }
    return render(request, "offers/conflict.html", context, status=409)
