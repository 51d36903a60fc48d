"""Remind of days that a town has set itself: of a step, and of the whole case."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from allmende.exploration.actions.cases import locked, note
from allmende.exploration.checklist import checklist
from allmende.exploration.models import Case, StepPlan
from allmende.exploration.queries.cases import lead_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import require

STEP_AHEAD = timedelta(days=3)
CASE_AHEAD = timedelta(days=7)


def remind(*, by: Actor, now: datetime) -> int:
    """Tell once, some days ahead, of steps and cases that are not done; how many. Each case on its own: what goes wrong
    with one keeps no other from being told. A clock that was set back reminds nobody twice."""
    require(by.is_program)
    today = timezone.localdate(now)
    steps = StepPlan.objects.filter(
        case__state="running", due_on__lte=today + STEP_AHEAD, reminded_at=None
    ).values("case")
    cases = Case.objects.filter(state="running", due_on__lte=today + CASE_AHEAD, due_reminded_at=None)
    due = Case.objects.filter(pk__in=steps) | cases
    return sum(_remind(case, by=by, now=now) for case in due.distinct().order_by("pk"))


@transaction.atomic
def _remind(case: Case, *, by: Actor, now: datetime) -> int:
    """Who does a step is told of it; the lead where nobody in particular does, and of the case as a whole."""
    case = locked(case)
    if not case.is_open:
        return 0
    today, lead = timezone.localdate(now), lead_of(case)
    undone = {line.step.code for line in checklist(case) if line.state.state != "done"}
    told = 0
    for plan in case.step_plans.filter(due_on__lte=today + STEP_AHEAD, reminded_at=None).order_by("pk"):
        plan.reminded_at = now
        plan.save(update_fields=["reminded_at"])
        if plan.step in undone and plan.due_on:
            due = plan.due_on.isoformat()
            note(
                "exploration.step_plan_due",
                case,
                by=by,
                now=now,
                step=plan.step,
                due_on=due,
                person=plan.user or lead,
            )
            told += 1
    if case.due_on and case.due_reminded_at is None and case.due_on <= today + CASE_AHEAD:
        case.due_reminded_at = now
        case.save(update_fields=["due_reminded_at"])
        note("exploration.case_due", case, by=by, now=now, due_on=case.due_on.isoformat(), person=lead)
        told += 1
    return told
