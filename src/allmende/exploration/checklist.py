"""How far a case is, step by step: what is missing and why. Each part says so of its own steps; this is the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from allmende.exploration.models import Case, StepPlan
from allmende.exploration.queries import asking, candidates, estimates, matrix, progress, searches, talks
from allmende.exploration.steps import STEPS, Step, StepState

Say = Callable[[Case], StepState]


@dataclass(frozen=True)
class Line:
    """One step of a case with how far it is, by when it is due, and who does it (public id of an account, "")."""

    step: Step
    state: StepState
    due_on: date | None = None
    who: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether it keeps the case from being handed in."""
        return self.step.is_needed and self.state.state != "done" and self.step.code != "freigabe"


def _evaluation(case: Case) -> StepState:
    """The comparison, and what is written about it."""
    state = matrix.step_state(case)
    return progress.sheet_state(case, "auswertung") if state.state in ("open", "done") else state


def _unless_nobody(say: Say) -> Say:
    """Where the town concludes that there is no market, nobody is listed, asked or estimated."""

    def says(case: Case) -> StepState:
        state = say(case)
        if state.state == "open" and progress.found_nobody(case):
            return StepState("done", "Es gibt niemanden: So steht es in den Schlussfolgerungen.")
        return state

    return says


# Who says how far a step is. A part joins by a line here.
SAYS: Mapping[str, Say] = {
    "bedarf": progress.need_state,
    "zustaendigkeit": progress.people_state,
    "wege": partial(progress.sheet_state, step="wege"),
    "plan": progress.plan_state,
    "recherche": searches.step_state,
    "auswahl": _unless_nobody(candidates.step_state),
    "ansprache": _unless_nobody(asking.step_state),
    "gespraeche": talks.step_state,
    "auswertung": _evaluation,
    "auftragswert": _unless_nobody(estimates.step_state),
    "schlussfolgerung": partial(progress.sheet_state, step="schlussfolgerung"),
    "vorbefassung": progress.involvement_state,
    "freigabe": progress.approval_state,
    "vergabe": progress.award_state,
    "nachlauf": progress.follow_up_state,
}


def state_of(case: Case, step: Step) -> StepState:
    """How far a step is; blocked where something has to come first."""
    if step.needs_plan and case.plan_fixed_at is None:
        return StepState("blocked", "Legen Sie zuerst den Plan fest (Schritt 4).")
    if step.is_after and case.state not in ("frozen", "stopped"):
        return StepState("blocked", "Das kommt, wenn die Markterkundung freigegeben ist.")
    return SAYS[step.code](case)


def checklist(case: Case) -> list[Line]:
    """All fifteen steps in order, as they are now. A fixed number of queries, whatever lies in the case."""
    whole = (
        Case.objects.select_related("organisation", "need", "need__outcome")
        .prefetch_related("sheets", "members", "declarations", "step_plans", "involvements")
        .get(pk=case.pk)
    )
    plans = {plan.step: plan for plan in whole.step_plans.all()}
    return [_line(whole, step, plans.get(step.code)) for step in STEPS.values()]


def _line(case: Case, step: Step, plan: StepPlan | None) -> Line:
    state = state_of(case, step)
    return Line(step, state, plan.due_on, plan.user) if plan else Line(step, state)


def missing(case: Case) -> list[Line]:
    """What has to be done before the case can be handed in."""
    return [line for line in checklist(case) if line.is_missing]
