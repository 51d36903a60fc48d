"""Writing a need: beginning it, the task list, one page for each topic, and saving as one types."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.catalogue.models import Solution
from allmende.catalogue.queries import visible_to as solutions_visible_to
from allmende.demand.actions.needs import begin, copy_as_template, save
from allmende.demand.completeness import gaps
from allmende.demand.drafts import NeedDraft
from allmende.demand.fields import suggestions
from allmende.demand.hints import examples, hints
from allmende.demand.models import Need
from allmende.demand.queries.needs import draft_of, from_solution, prefilled
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import OutOfDate, Refused
from allmende.web.components.drafting import (
    Difference,
    carried,
    fingerprint,
    left_alone,
    new_page_id,
    shown,
    version_in,
    window,
)
from allmende.web.components.parts import Crumb
from allmende.web.demand.forms import Field, PageForm
from allmende.web.demand.pages import (
    HOME,
    chosen_town,
    crumbs,
    form_of,
    own,
    readable,
    title_of,
    towns_for,
    why_not_published,
)
from allmende.web.demand.steps import STEPS, Step, after, tasks
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts


@limit_posts("need_begin", per_address="300/h", per_account="60/h")
@for_members
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a need: from nothing, or from what a solution is for (`aus`), without its name."""
    solution = _solution(actor, request.POST.get("aus") or request.GET.get("aus") or "")
    if request.method == "POST":
        town = chosen_town(actor, request.POST.get("fuer", ""))
        draft = prefilled(town)
        if solution is not None:
            draft = from_solution(draft, solution)
        try:
            need = begin(town, draft=draft, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("need_new")
        return redirect("need_step", need.public_id, "problem")
    context = {
        "towns": towns_for(actor),
        "solution": solution,
        "steps": STEPS.values(),
        "crumbs": [*HOME, Crumb("Bedarf beschreiben")],
    }
    return render(request, "demand/new.html", context)


def _solution(actor: Actor, public_id: str) -> Solution | None:
    if not is_public_id(public_id):
        return None
    return solutions_visible_to(actor).filter(public_id=public_id).prefetch_related("terms").first()


@require_POST
@limit_posts("need_begin", per_address="300/h", per_account="60/h")
@for_members
def copy(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Begin a need with the words of this one."""
    need = readable(actor, public_id)
    town = chosen_town(actor, request.POST.get("fuer", ""))
    try:
        begun = copy_as_template(need, organisation=town, by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("need", public_id)
    messages.success(request, "Das ist eine Kopie. Passen Sie an, was bei Ihnen anders ist.")
    return redirect("need_edit", begun.public_id)


@for_members
def overview(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The task list."""
    need = own(actor, public_id)
    if need.state in ("closed", "withdrawn"):
        return redirect("need", public_id)
    draft = draft_of(need)
    context = {
        "need": need,
        "title": title_of(need, draft),
        "tasks": tasks(need, draft, why_locked=why_not_published(need)),
        "why_not": why_not_published(need),
        "crumbs": crumbs(need, Crumb("Bearbeiten")) if need.published_at else crumbs(need),
    }
    return render(request, "demand/edit.html", context)


@for_members
def step(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    """One topic. Whatever can be read is kept, even where something is missing or wrong."""
    need, page = own(actor, public_id), _step(code)
    if need.state in ("closed", "withdrawn"):
        return redirect("need", public_id)
    draft = draft_of(need)
    if request.method != "POST":
        return _page(request, actor, need, page, form_of(page, need, draft))
    form = form_of(page, need, draft, request.POST)
    form.left_alone = left_alone(request.POST)
    is_whole = form.is_valid()
    leads_on = "weiter" in request.POST
    try:
        saved = _save(request, need, page, form, is_done=is_whole and leads_on, by=actor)
    except OutOfDate:
        return _conflict(request, actor, public_id, page, form)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, actor, need, page, form)
    if not is_whole and (leads_on or form.unreadable):
        return _page(request, actor, saved, page, form)
    if not leads_on:
        messages.success(request, saved_words(saved))
        return redirect("need_step", public_id, code)
    then = after(page)
    return redirect("need_step", public_id, then.code) if then else redirect("need_edit", public_id)


@require_POST
@limit_posts("need_autosave", per_address="3000/h", per_account="600/h")
@for_members
def autosave(request: HttpRequest, actor: Actor, public_id: str, code: str) -> HttpResponse:
    """What htmx sends as somebody types: answers with when it was saved, and what would help."""
    need, page = own(actor, public_id), _step(code)
    form = form_of(page, need, draft_of(need), request.POST)
    form.is_valid()
    problem = ""
    try:
        need = _save(request, need, page, form, is_done=False, by=actor)
    except OutOfDate:
        problem = (
            "Nicht gespeichert: Inzwischen hat jemand anderes diese Seite geändert. Drücken Sie auf "
            "„Zwischenspeichern“, um beide Fassungen zu sehen."
        )
    except Refused as refusal:
        problem = refusal.message
    draft = draft_of(need)
    context = {
        "need": need,
        "saved": "" if problem else saved_words(need),
        "problem": problem,
        "unreadable": form.unreadable.values(),
        "helps": _helps(page, draft),
        "fingerprint": _fingerprint(page, draft),
    }
    return render(request, "demand/_saved.html", context)


def saved_words(need: Need) -> str:
    """ "Gespeichert um 14:30 Uhr." """
    return f"Gespeichert um {timezone.localtime(need.changed_at):%H:%M}\u00a0Uhr."


def _step(code: str) -> Step:
    page = STEPS.get(code)
    if page is None:
        raise Http404("Diese Seite gibt es nicht.")
    return page


def _save(request: HttpRequest, need: Need, page: Step, form: PageForm, *, is_done: bool, by: Actor) -> Need:
    def saved(version: int) -> Need:
        return save(
            need,
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
        stored = Need.objects.get(pk=need.pk)
        if request.POST.get("gelesen") != _fingerprint(page, draft_of(stored)):
            raise
        return saved(stored.lock_version)


def _fingerprint(page: Step, draft: NeedDraft) -> str:
    return fingerprint(page.form(draft=draft).initial)


def _helps(page: Step, draft: NeedDraft) -> list[tuple[str, str]]:
    """What is missing on this page and what would help, each with an example of how to say it or ""."""
    missing = [(gap.message, "") for gap in gaps(draft) if gap.step == page.code]
    return missing + [(hint.message, hint.example) for hint in hints(draft) if hint.step == page.code]


def _page(request: HttpRequest, actor: Actor, need: Need, page: Step, form: PageForm) -> HttpResponse:
    codes, draft = list(STEPS), draft_of(need)
    suggested = []
    if isinstance(form, Field):
        text = "\n".join(each for each in (draft.title, draft.problem, draft.goal) if each)
        suggested = suggestions(text, actor)
        form.suggest([each.code for each in suggested])
    context = {
        "need": need,
        "step": page,
        "form": form,
        "page_id": new_page_id(),
        "fingerprint": _fingerprint(page, draft),
        "number": codes.index(page.code) + 1,
        "total": len(codes),
        "suggested": suggested,
        "examples": examples(page.code),
        "helps": _helps(page, draft),
        "saved": saved_words(need),
        "crumbs": crumbs(need, Crumb(page.title)),
    }
    return render(request, "demand/step.html", context)


def _conflict(request: HttpRequest, actor: Actor, public_id: str, page: Step, form: PageForm) -> HttpResponse:
    """Nothing was saved: both versions, and a form that sends the choices with what was typed."""
    need = own(actor, public_id)
    stored = draft_of(need)
    context = {
        "need": need,
        "step": page,
        "differences": _differences(form, stored),
        "carried": carried(request.POST),
        "is_own": need.changed_by == actor.id,
        "crumbs": crumbs(need, Crumb(page.title)),
    }
    return render(request, "demand/conflict.html", context, status=409)


def _differences(form: PageForm, stored: NeedDraft) -> list[Difference]:
    """Where what was typed differs from what somebody else has stored meanwhile, in the order of the page."""
    before, typed = form.initial_of(stored), form.initial_of(form.applied(stored))
    return [
        Difference(
            name,
            str(form.fields[name].label),
            shown(form, name, typed[name]),
            shown(form, name, before[name]),
        )
        for name in form.fields
        if typed[name] != before[name]
    ]
