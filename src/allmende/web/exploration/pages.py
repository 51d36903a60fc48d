"""What all pages of a case have in common: finding it, and the task list that stands beside every step.

A step's view reads as:

    @for_members
    def research(request, actor, public_id):
        case = case_or_404(actor, public_id)
        ...
        return step_page(request, actor, case, "recherche", "exploration/research.html", {...})

with a template that extends `exploration/_case.html` and fills its block `step`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from allmende.exploration import rules
from allmende.exploration.checklist import Line, checklist
from allmende.exploration.models import Case, Sheet
from allmende.exploration.queries.cases import case_for, editors_of, names_of
from allmende.exploration.sheets import content_of
from allmende.exploration.steps import STEPS
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.web.components.drafting import new_page_id
from allmende.web.components.parts import Crumb
from allmende.web.exploration.sheet_form import SheetForm, definitions

HOME = (Crumb("Start", "/"), Crumb("Markterkundungen", "/markterkundungen"))
GONE = "Diese Markterkundung gibt es nicht, oder Sie wirken nicht an ihr mit."


def case_or_404(actor: Actor, public_id: str) -> Case:
    """The case, for whoever takes part or is the town's procurement staff; 404 for everybody else."""
    case = case_for(actor, public_id, datetime.now(UTC)) if is_public_id(public_id) else None
    if case is None:
        raise Http404(GONE)
    return case


def next_step(case: Case, code: str) -> str:
    """Where it goes on from a step that is done: the next one of the list, at last the list itself."""
    codes = list(STEPS)
    rest = codes[codes.index(code) + 1 :]
    return step_url(case, rest[0]) if rest else reverse("case", args=[case.public_id])


def sheet_context(case: Case, code: str, *, may_edit: bool) -> dict[str, Any]:
    """What `exploration/_sheet.html` shows: the questions of a step as a form, or what was answered to read."""
    content = content_of(code)
    if content is None:
        return {}
    sheet = Sheet.objects.filter(case=case, step=code).first() or Sheet(case=case, step=code)
    is_fixed = code == "plan" and case.plan_fixed_at is not None
    form = SheetForm(content=content, answers=sheet.answers, needs_reason=is_fixed)
    return {
        "sheet": sheet,
        "sheet_form": form if may_edit else None,
        "sheet_gaps": content.gaps(sheet.answers),
        "sheet_notes": content.notes_for(sheet.answers),
        "sheet_read": definitions(content, sheet.answers),
        # A plan that is fixed changes by its button alone, with a reason.
        "saves_itself": not is_fixed,
        "page_id": new_page_id(),
    }


@dataclass(frozen=True)
class Beside:
    """One line of the list of steps beside a page."""

    number: int
    title: str
    href: str
    state: str
    why: str
    is_current: bool
    due_on: date | None
    who: str

    LABELS = {"open": "offen", "begun": "begonnen", "done": "fertig", "blocked": "gesperrt"}

    @property
    def state_label(self) -> str:
        return self.LABELS[self.state]


def step_url(case: Case, code: str) -> str:
    return reverse(f"case_{code}", args=[case.public_id])


def besides(case: Case, lines: list[Line], current: str = "") -> list[Beside]:
    names = names_of(line.who for line in lines if line.who)
    return [
        Beside(
            line.step.number,
            line.step.title,
            step_url(case, line.step.code),
            line.state.state,
            # Advice is for those who can still follow it.
            line.state.why if case.is_open or line.state.state != "done" else "",
            line.step.code == current,
            line.due_on,
            names.get(line.who, ""),
        )
        for line in lines
    ]


def step_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    code: str,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A step's page with everything around it. The template gets `case`, `step`, `here` (its line), `beside` (all
    lines), `may_edit`, `may_lead` and the sheet of the step, where it has one, beside the context of its own."""
    beside = besides(case, checklist(case), code)
    may_edit = rules.may_edit(actor, case)
    whole = {
        **sheet_context(case, code, may_edit=may_edit),
        "case": case,
        "step": STEPS[code],
        "here": next(each for each in beside if each.is_current),
        "beside": beside,
        "may_edit": may_edit,
        "may_lead": rules.may_lead(actor, case),
        # Whoever only reads is told whom to ask.
        "editors": [] if may_edit or case.state != "running" else editors_of(case),
        "crumbs": crumbs(case, STEPS[code].title),
        **context,
    }
    return render(request, template, whole, status=status)


def crumbs(case: Case, *steps: str) -> list[Crumb]:
    if not steps:
        return [*HOME, Crumb(case.title)]
    return [
        *HOME,
        Crumb(case.title, reverse("case", args=[case.public_id])),
        *(Crumb(each) for each in steps),
    ]
