"""Taking an entry or an offer off the pages after a notice, and bringing it back."""

from datetime import datetime

from allmende.catalogue.actions.offers import withdraw_offer
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.actions.solutions import restore, withdraw
from allmende.catalogue.models import Offer, Solution
from allmende.catalogue.states import OFFER
from allmende.lib.actors import Actor


def take_away(subject: Solution | Offer, reason: str, *, by: Actor, now: datetime) -> None:
    """Off the pages, with the reason; where it is away already, the reason is the newer one."""
    if subject.state == "withdrawn":
        type(subject).objects.filter(pk=subject.pk).update(withdrawal_reason=reason)
    elif isinstance(subject, Solution):
        withdraw(subject, reason=reason, by=by, now=now)
    else:
        withdraw_offer(subject, reason=reason, by=by, now=now)


def bring_back(subject: Solution | Offer, *, by: Actor, now: datetime) -> None:
    if subject.state != "withdrawn":
        return
    if isinstance(subject, Solution):
        restore(subject, by=by, now=now)
        return
    solution = Solution.objects.select_for_update().get(pk=subject.solution_id)
    offer = Offer.objects.select_for_update().get(pk=subject.pk)
    OFFER.require_move(offer.state, "published")
    offer.state, offer.withdrawn_at, offer.withdrawal_reason = "published", None, ""
    offer.lock_version += 1
    offer.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "lock_version"])
    publish_changes(solution, by=by, now=now, kind="catalogue.offer_restored", offer=offer.public_id)
