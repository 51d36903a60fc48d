from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.catalogue import rules
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import ConfirmedUse, MissingSolution, Solution
from allmende.catalogue.states import USE
from allmende.lib.actors import Actor
from allmende.lib.partial_dates import PartialDate, end_of, exactly
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.organisations.models import Organisation

Told = date | PartialDate
"""A day, or only its month or its year."""


@transaction.atomic
def confirm_use(
    solution: Solution,
    *,
    organisation: Organisation,
    state: str,
    since: Told | None = None,
    note: str = "",
    lock_version: int | None = None,
    by: Actor,
    now: datetime,
) -> ConfirmedUse:
    """The town says that it uses the solution, as a pilot or productively; said again, it is brought up to date.

    `lock_version`: of what the town had said so far (0: nothing); raises `OutOfDate` where a colleague was faster.
    """
    require(rules.may_confirm_use(by, organisation), "Das kann nur die Kommune selbst bestätigen.")
    if state == "ended":
        raise Refused("Beenden Sie eine Nutzung mit dem Tag, an dem sie geendet hat.")
    check_begin(since, now)
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    if solution.state != "published":
        raise Refused("Bestätigen können Sie nur die Nutzung einer veröffentlichten Lösung.")
    use = ConfirmedUse.objects.filter(solution=solution, organisation=organisation).first()
    if lock_version is not None and lock_version != (use.lock_version if use else 0):
        raise OutOfDate
    if use is None:
        use = ConfirmedUse(solution=solution, organisation=organisation)
    elif use.state != state:
        USE.require_move(use.state, state)
    use.state, use.ended_on, use.ended_precision, use.note = state, None, "day", note
    _begin(use, since)
    _save(use, solution, "catalogue.use_confirmed", by=by, now=now)
    return use


@transaction.atomic
def end_use(
    use: ConfirmedUse,
    *,
    ended_on: Told,
    note: str = "",
    lock_version: int | None = None,
    by: Actor,
    now: datetime,
) -> ConfirmedUse:
    """The town says that it no longer uses the solution; that stays visible, also where the entry is withdrawn."""
    solution = Solution.objects.select_for_update().get(pk=use.solution_id)
    use = ConfirmedUse.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=use.pk)
    require(rules.may_confirm_use(by, use.organisation), "Das kann nur die Kommune selbst sagen.")
    if lock_version is not None and use.lock_version != lock_version:
        raise OutOfDate
    USE.require_move(use.state, "ended")
    check_end(use.since, ended_on, now)
    _end(use, ended_on, now)
    use.note = note or use.note
    _save(use, solution, "catalogue.use_ended", by=by, now=now)
    return use


def use_as_told(
    solution: Solution, missing: MissingSolution, *, by: Actor, now: datetime
) -> ConfirmedUse | None:
    """What a town had said of its use before the entry was there; None where it said nothing, or has spoken since.

    For whoever takes up what the town has named: the right was asked for when it was said. The caller holds the
    solution's row.
    """
    town = missing.organisation
    said = ConfirmedUse.objects.filter(solution=solution, organisation=town)
    if not missing.use_state or said.exists():
        return None
    use = ConfirmedUse(solution=solution, organisation=town, state=missing.use_state)
    _begin(use, missing.since_told)
    if missing.ended_told is not None:
        _end(use, missing.ended_told, now)
    kind = "catalogue.use_ended" if use.state == "ended" else "catalogue.use_confirmed"
    _save(use, solution, kind, by=by, now=now, named=missing.public_id)
    return use


def check_begin(since: Told | None, now: datetime) -> None:
    if since and exactly(since).first > timezone.localdate(now):
        raise Refused("Der Beginn der Nutzung liegt in der Zukunft. Geben Sie einen Tag bis heute an.")


def check_end(since: date | None, ended_on: Told, now: datetime) -> None:
    """`since`: the first day of the use that is meant."""
    today = timezone.localdate(now)
    if exactly(ended_on).first > today or (since and end_of(exactly(ended_on), today=today) < since):
        raise Refused("Geben Sie einen Tag zwischen dem Beginn der Nutzung und heute an.")


def _begin(use: ConfirmedUse, since: Told | None) -> None:
    """What is not told again stays as it was told before."""
    if since is not None:
        told = exactly(since)
        use.since, use.since_precision = told.first, told.precision


def _end(use: ConfirmedUse, ended_on: Told, now: datetime) -> None:
    told = exactly(ended_on)
    use.state, use.ended_precision = "ended", told.precision
    use.ended_on = end_of(told, today=timezone.localdate(now))


def _save(use: ConfirmedUse, solution: Solution, kind: str, *, by: Actor, now: datetime, **data: Any) -> None:
    use.confirmed_at = now
    use.lock_version += 1
    use.save()
    town = use.organisation.public_id
    publish_changes(solution, by=by, now=now, kind=kind, use=use.public_id, town=town, **data)
