"""Once a year the offering party says that an offer still holds; reminded before, marked after, never taken away."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from allmende.catalogue import rules
from allmende.catalogue.actions.offers import lock_offer
from allmende.catalogue.models import Offer, Solution, WorkingCopy
from allmende.catalogue.renewals import REMIND_BEFORE, a_year_after, may_be_renewed_from
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require


@transaction.atomic
def renew_offer(offer: Offer, *, by: Actor, now: datetime, lock_version: int | None = None) -> Offer:
    """The offer holds for another year, from today on; possible from 60 days before it is due."""
    offer = lock_offer(offer, lock_version)
    require(rules.may_change_offer(by, offer))
    if offer.state != "published":
        raise Refused("Erneuern können Sie nur ein veröffentlichtes Angebot.")
    if offer.renew_by and timezone.localdate(now) < may_be_renewed_from(offer.renew_by):
        raise Refused(
            f"Das Angebot gilt noch bis zum {offer.renew_by:%d.%m.%Y}. "
            f"Erneuern können Sie es ab dem {may_be_renewed_from(offer.renew_by):%d.%m.%Y}."
        )
    offer.renew_by, offer.reminded_of, offer.lapsed_of = a_year_after(now), None, None
    offer.lock_version += 1
    offer.save(update_fields=["renew_by", "reminded_of", "lapsed_of", "lock_version"])
    # It says what it said: a change that somebody has begun still starts from it.
    begun = WorkingCopy.objects.filter(offer=offer, offer_version=offer.lock_version - 1)
    begun.update(offer_version=offer.lock_version)
    record(
        "catalogue.offer_renewed",
        subject=offer,
        by=by,
        now=now,
        data={"solution": offer.solution.public_id, "renew_by": offer.renew_by},
    )
    return offer


def remind_of_renewals(*, by: Actor, now: datetime) -> int:
    """Tell the parties of every offer that is due within 60 days, and of every one that was not renewed; each once.

    What is told is a journal entry; who hears of it and how, notifications know. One transaction an offer, so that a
    job that is broken off goes on where it was. Returns how many were told of.
    """
    today = timezone.localdate(now)
    due = Q(renew_by__gte=today, renew_by__lte=today + REMIND_BEFORE) & (
        Q(reminded_of=None) | ~Q(reminded_of=F("renew_by"))
    )
    lapsed = Q(renew_by__lt=today) & (Q(lapsed_of=None) | ~Q(lapsed_of=F("renew_by")))
    return _tell(due, "reminded_of", "catalogue.offer_renewal_due", by=by, now=now) + _tell(
        lapsed, "lapsed_of", "catalogue.offer_lapsed", by=by, now=now
    )


def _tell(which: Q, mark: str, kind: str, *, by: Actor, now: datetime) -> int:
    published = Offer.objects.filter(which, state="published", solution__state="published")
    told = 0
    for key in list(published.order_by("pk").values_list("pk", flat=True)):
        told += _tell_one(key, which, mark, kind, by=by, now=now)
    return told


@transaction.atomic
def _tell_one(key: int, which: Q, mark: str, kind: str, *, by: Actor, now: datetime) -> int:
    """1 where it was told; 0 where somebody has renewed it or told of it meanwhile."""
    solutions = Offer.objects.filter(pk=key).values("solution")
    Solution.objects.select_for_update().get(pk__in=solutions)
    offer = (
        Offer.objects.select_for_update(of=("self",)).select_related("solution").filter(which, pk=key).first()
    )
    if offer is None:
        return 0
    setattr(offer, mark, offer.renew_by)
    offer.save(update_fields=[mark])
    record(
        kind,
        subject=offer,
        by=by,
        now=now,
        data={"solution": offer.solution.public_id, "renew_by": offer.renew_by},
    )
    return 1
