from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import Solution
from allmende.catalogue.states import SOLUTION
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require


def lock(solution: Solution, lock_version: int | None) -> Solution:
    """The row, locked; raises `OutOfDate` where somebody saved since the given version was read."""
    locked = Solution.objects.select_for_update().get(pk=solution.pk)
    if lock_version is not None and locked.lock_version != lock_version:
        raise OutOfDate
    return locked


@transaction.atomic
def withdraw(
    solution: Solution, *, reason: str, by: Actor, now: datetime, lock_version: int | None = None
) -> Solution:
    """Take a solution out of search; it stays citable, with the reason."""
    solution = lock(solution, lock_version)
    require(rules.may_withdraw(by, solution))
    if not reason.strip():
        raise Refused("Nennen Sie den Grund. Er steht auf der Seite der Lösung.")
    take_away(solution, reason.strip(), by=by, now=now)
    return solution


def take_away(solution: Solution, reason: str, *, by: Actor, now: datetime, organisation: str = "") -> None:
    """For actions that have asked for the right, hold the row and have a reason."""
    SOLUTION.require_move(solution.state, "withdrawn")
    solution.state, solution.withdrawn_at, solution.withdrawal_reason = "withdrawn", now, reason
    solution.lock_version += 1
    solution.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "lock_version"])
    record("catalogue.solution_withdrawn", subject=solution, by=by, now=now, organisation=organisation)


@transaction.atomic
def restore(solution: Solution, *, by: Actor, now: datetime, lock_version: int | None = None) -> Solution:
    """Publish a withdrawn solution again."""
    solution = lock(solution, lock_version)
    require(rules.may_withdraw(by, solution))
    if solution.state != "withdrawn":
        SOLUTION.require_move(solution.state, "published")
        raise Refused("Nur eine zurückgezogene Lösung kann wieder veröffentlicht werden.")
    solution.state, solution.withdrawn_at, solution.withdrawal_reason = "published", None, ""
    solution.lock_version += 1
    solution.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "lock_version"])
    record("catalogue.solution_restored", subject=solution, by=by, now=now)
    # What the sources said in the meantime becomes public now.
    publish_changes(solution, by=by, now=now)
    return solution
