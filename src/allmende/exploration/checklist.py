"""How far a case is, step by step: what is missing and why. Each part says so of its own steps; this is the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from allmende.exploration.models import Case
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


def _open(case: Case) -> StepState:
    return StepState("open")


# Who says how far a step is. Parts join by a line here.
SAYS: Mapping[str, Say] = {}


def state_of(case: Case, step: Step) -> StepState:
    """How far a step is; blocked where something has to come first."""
    if step.needs_plan and case.plan_fixed_at is None:
        return StepState("blocked", "Legen Sie zuerst den Plan fest (Schritt 4).")
    if step.is_after and case.state != "frozen":
        return StepState("blocked", "Das kommt, wenn die Markterkundung freigegeben ist.")
    return SAYS.get(step.code, _open)(case)


def checklist(case: Case) -> list[Line]:
    """All fifteen steps in order. A fixed number of queries, whatever lies in the case."""
    return [Line(step, state_of(case, step)) for step in STEPS.values()]


def missing(case: Case) -> list[Line]:
    """What has to be done before the case can be handed in."""
    return [line for line in checklist(case) if line.is_missing]
