"""Hand a case in for approval, take it back, give it back, stop it. Freezing is `freezing.py`."""

from datetime import datetime

from django.db import transaction

from allmende.exploration import rules
from allmende.exploration.actions.cases import (
    MAY_NOT_EDIT,
    NOT_RUNNING,
    expect_version,
    locked,
    move,
    note,
    running,
)
from allmende.exploration.checklist import missing
from allmende.exploration.models import Case
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require


@transaction.atomic
def submit_case(case: Case, *, lock_version: int, by: Actor, now: datetime) -> Case:
    """Hand a case in: every needed step is done; declarations and somebody who approves belong to the second."""
    case = running(case)
    require(
        rules.may_edit(by, case) and rules.may_lead(by, case), "Zur Freigabe gibt die federführende Person."
    )
    expect_version(case, lock_version)
    if lines := missing(case):
        first = lines[0]
        raise Refused(
            f"Noch nicht fertig. Schritt {first.step.number}: {first.state.why or first.step.title}"
        )
    case = move(case, now, "submitted", submitted_at=now, submitted_by=by.id, returned_reason="")
    note("exploration.case_submitted", case, by=by, now=now)
    return case


@transaction.atomic
def take_back_case(case: Case, *, lock_version: int, by: Actor, now: datetime) -> Case:
    """Go on with a case that was handed in and not yet approved: whoever leads it."""
    case = locked(case)
    require(rules.may_lead(by, case), MAY_NOT_EDIT)
    expect_version(case, lock_version)
    case = move(case, now, "running")
    note("exploration.case_returned", case, by=by, now=now, taken_back=True)
    return case


@transaction.atomic
def return_case(case: Case, *, reason: str, lock_version: int, by: Actor, now: datetime) -> Case:
    """The second person gives the case back, and says why."""
    case = locked(case)
    require(
        rules.may_approve(by, case),
        "Zurückgeben kann, wer freigibt, und nie, wer den Fall führt oder vorgelegt hat.",
    )
    expect_version(case, lock_version)
    if not reason.strip():
        raise Refused("Schreiben Sie, was noch fehlt oder geändert werden soll.")
    case = move(case, now, "running", returned_reason=reason.strip())
    note("exploration.case_returned", case, by=by, now=now, words={"reason": reason})
    return case


@transaction.atomic
def stop_case(case: Case, *, reason: str, lock_version: int, by: Actor, now: datetime) -> Case:
    """Go on with it no more. What was written stays to be read, and the reason with it."""
    case = locked(case)
    if not case.is_open:
        raise Refused(NOT_RUNNING[case.state])
    require(rules.may_lead(by, case), "Abbrechen kann die federführende Person.")
    expect_version(case, lock_version)
    if not reason.strip():
        raise Refused("Schreiben Sie, warum Sie abbrechen. Der Grund bleibt in der Dokumentation.")
    case = move(case, now, "stopped", ended_at=now, stopped_reason=reason.strip())
    note("exploration.case_stopped", case, by=by, now=now, words={"reason": reason})
    return case
