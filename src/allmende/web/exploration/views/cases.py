"""The list of cases, the task list of one, and what belongs to the case as a whole."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.demand.queries.needs import visible_to as visible_needs
from allmende.exploration import rules
from allmende.exploration.actions.cases import begin_case, begin_without_need, change_case
from allmende.exploration.actions.sheets import note_deviation, plan_step
from allmende.exploration.checklist import checklist
from allmende.exploration.models import Case
from allmende.exploration.queries.cases import members_of, names_of, visible_to
from allmende.exploration.steps import STEPS
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import OutOfDate, Refused
from allmende.organisations.models import Organisation
from allmende.organisations.queries import by_public_ids
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb, Definition
from allmende.web.exploration.forms import BeginForm, DeviationForm, ParticularsForm, StepPlanForm
from allmende.web.exploration.pages import HOME, besides, case_or_404, crumbs, step_page
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts


def towns_of(actor: Actor) -> list[Organisation]:
    """Towns for which the actor may begin a case, by name."""
    held = by_public_ids(list({place for _, place in actor.roles if place is not None})).values()
    return sorted((each for each in held if rules.may_begin(actor, each)), key=lambda each: each.name)


@for_members
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    cases = visible_to(actor, datetime.now(UTC)).order_by("-changed_at", "pk")
    context = {
        "cases": cases,
        "may_begin": bool(towns_of(actor)),
        "crumbs": [Crumb("Start", "/"), Crumb("Markterkundungen")],
    }
    return render(request, "exploration/list.html", context)


@limit_posts("case_begin", per_address="120/h", per_account="40/h")
@for_members
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin without a need: a draft of it is made with the title."""
    towns = towns_of(actor)
    form = BeginForm(request.POST if request.method == "POST" else None, organisations=towns)
    if towns and request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("organisation")
        town = next((each for each in towns if each.public_id == chosen), towns[0])
        try:
            case = begin_without_need(town, title=form.cleaned_data["title"], by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Die Markterkundung ist angelegt. Sie führen sie.")
            return redirect("case", case.public_id)
    context = {"form": form if towns else None, "crumbs": [*HOME, Crumb("Beginnen")]}
    return render(request, "exploration/new.html", context)


@require_POST
@limit_posts("case_begin", per_address="120/h", per_account="40/h")
@for_members
def begin(request: HttpRequest, actor: Actor, need: str) -> HttpResponse:
    """The button on the page of a need."""
    found = visible_needs(actor).filter(public_id=need).first() if is_public_id(need) else None
    if found is None or not rules.may_begin(actor, found.organisation):
        raise Http404("Diesen Bedarf gibt es nicht.")
    try:
        case = begin_case(found, by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("cases")
    messages.success(request, "Die Markterkundung ist angelegt. Sie führen sie.")
    return redirect("case", case.public_id)


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The task list: what is done, what is missing and why, by when and by whom."""
    case = case_or_404(actor, public_id)
    lines = checklist(case)
    counted = [line for line in lines if line.step.is_needed]
    context = {
        "case": case,
        "beside": besides(case, lines),
        "done": sum(1 for line in counted if line.state.state == "done"),
        "total": len(counted),
        "may_edit": rules.may_edit(actor, case),
        "may_lead": rules.may_lead(actor, case),
        "deviations": list(case.deviations.order_by("pk")),
        "titles": {code: step.title for code, step in STEPS.items()},
        "crumbs": crumbs(case),
    }
    return render(request, "exploration/case.html", context)


@for_members
def need(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Step 1: the need as it is, and what is still to be said about it."""
    case = case_or_404(actor, public_id)
    told = case.need
    items = [
        Definition("Problem", told.problem.splitlines()),
        Definition("Was besser werden soll", told.goal.splitlines()),
        Definition("Für wen", told.users.splitlines()),
        Definition("Vorhandene Systeme", told.existing_systems),
        Definition("Stand", [told.get_state_display()]),
    ]
    return step_page(request, actor, case, "bedarf", "exploration/need.html", {"need_items": items})


@limit_posts("case_note", per_address="1200/h", per_account="300/h")
@for_members
def particulars(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    names = ("title", "reference", "department", "due_on", "lock_version")
    initial = {name: getattr(case, name) for name in names}
    form = ParticularsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_case(case, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except OutOfDate as refusal:
            form.add_error(None, refusal.message)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _saved(request, case)
    return _form_page(request, case, "Angaben zum Fall", form)


@limit_posts("case_note", per_address="1200/h", per_account="300/h")
@for_members
def deadlines(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """By when a step is to be done, and by whom."""
    case = case_or_404(actor, public_id)
    form = StepPlanForm(request.POST if request.method == "POST" else None, people=_people(case))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            plan_step(
                case,
                said["step"],
                user=form.chosen(),
                due_on=said["due_on"],
                by=actor,
                now=datetime.now(UTC),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _saved(request, case)
    return _form_page(request, case, "Frist und Zuständigkeit", form)


def _people(case: Case) -> list[User]:
    present = [each.user for each in members_of(case)]
    names = names_of(present)
    people = {each.public_id: each for each in User.objects.filter(public_id__in=present)}
    return [people[each] for each in present if each in names]


@limit_posts("case_note", per_address="1200/h", per_account="300/h")
@for_members
def deviation(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    form = DeviationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note_deviation(case, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _saved(request, case)
    return _form_page(request, case, "Abweichung festhalten", form)


def _saved(request: HttpRequest, case: Case) -> HttpResponse:
    messages.success(request, "Gespeichert.")
    return redirect("case", case.public_id)


def _form_page(request: HttpRequest, case: Case, title: str, form: KindForm) -> HttpResponse:
    context: dict[str, Any] = {"case": case, "title": title, "form": form, "crumbs": crumbs(case, title)}
    return render(request, "exploration/form.html", context)
