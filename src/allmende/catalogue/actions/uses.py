from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from allmende.catalogue import rules
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import ConfirmedUse, Solution
from allmende.catalogue.states import USE
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.organisations.models import Organisation


@transaction.atomic
def confirm_use(
    solution: Solution,
    *,
    organisation: Organisation,
    state: str,
    since: date | None = None,
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
    if since and since > timezone.localdate(now):
        raise Refused("Der Beginn der Nutzung liegt in der Zukunft. Geben Sie einen Tag bis heute an.")
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
    use.state, use.since, use.ended_on, use.note, use.confirmed_at = (
        state,
        since or use.since,
        None,
        note,
        now,
    )
    use.lock_version += 1
    use.save()
    publish_changes(
        solution,
        by=by,
        now=now,
        kind="catalogue.use_confirmed",
        use=use.public_id,
        town=organisation.public_id,
    )
    return use


@transaction.atomic
def end_use(
    use: ConfirmedUse,
    *,
    ended_on: date,
    note: str = "",
    lock_version: int | None = None,
    by: Actor,
    now: datetime,
) -> ConfirmedUse:
    """The town says that it no longer uses the solution; that stays visible."""
    solution = Solution.objects.select_for_update().get(pk=use.solution_id)
    use = ConfirmedUse.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=use.pk)
    require(rules.may_confirm_use(by, use.organisation), "Das kann nur die Kommune selbst sagen.")
    if lock_version is not None and use.lock_version != lock_version:
        raise OutOfDate
    USE.require_move(use.state, "ended")
    if ended_on > timezone.localdate(now) or (use.since and ended_on < use.since):
        raise Refused("Geben Sie einen Tag zwischen dem Beginn der Nutzung und heute an.")
    use.state, use.ended_on, use.note, use.confirmed_at = "ended", ended_on, note or use.note, now
    use.lock_version += 1
    use.save()
    publish_changes(
        solution,
        by=by,
        now=now,
        kind="catalogue.use_ended",
        use=use.public_id,
        town=use.organisation.public_id,
    )
    return use
