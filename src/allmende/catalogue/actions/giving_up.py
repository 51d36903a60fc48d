"""An owner takes its entry off the marketplace, or lets go of it where others live on it."""

from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.claims import end_claim
from allmende.catalogue.actions.later_edits import note_later_edit
from allmende.catalogue.actions.solutions import lock, take_away
from allmende.catalogue.models import EntryClaim, LaterEdit, Solution
from allmende.catalogue.queries import offers_of_others
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations.models import Organisation

NOT_ONES_OWN = "Zurückziehen kann den Eintrag die Organisation, der er gehört."
LONGEST_REASON = 2000


@transaction.atomic
def withdraw_own_entry(
    solution: Solution,
    *,
    organisation: Organisation,
    reason: str,
    lock_version: int | None = None,
    by: Actor,
    now: datetime,
) -> LaterEdit:
    """Withdraw one's own entry; it stays citable, with the reason. The desk is shown it.

    Where somebody else offers the solution, the entry is not the owner's alone: it is given up instead, stays online
    with the words of the sources, and the desk decides. `act` of what is returned says which of the two happened.
    """
    solution = lock(solution, lock_version)
    require(rules.owns(by, organisation, solution), NOT_ONES_OWN)
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Refused("Nennen Sie den Grund. Er steht auf der Seite der Lösung.")
    if solution.state != "published":
        raise Refused("Dieser Eintrag ist schon nicht mehr veröffentlicht.")
    before, is_shared = solution.edition_number, offers_of_others(solution, organisation).exists()
    if is_shared:
        _give_up(solution, organisation, reason, by=by, now=now)
        solution = Solution.objects.get(pk=solution.pk)
    else:
        take_away(solution, reason, by=by, now=now, organisation=organisation.public_id)
    noted = note_later_edit(
        solution,
        offer=None,
        parties=[organisation],
        before=before,
        act="given_up" if is_shared else "withdrawn",
        words=reason,
        by=by,
        now=now,
    )
    assert noted is not None  # noqa: S101  # whoever owns an entry keeps the offers of its organisation
    return noted


def _give_up(
    solution: Solution, organisation: Organisation, reason: str, *, by: Actor, now: datetime
) -> None:
    claim = EntryClaim.objects.get(solution=solution, organisation=organisation, state="granted")
    end_claim(claim, reason=reason, by=by, now=now)
