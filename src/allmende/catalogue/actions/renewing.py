"""Once a year the offering party says that an offer still holds; reminded before, marked after, never taken away."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from allmende.catalogue import rules
from allmende.catalogue.actions.offers import lock_offer
from allmende.catalogue.models import Offer
from allmende.catalogue.renewals import a_year_after, may_be_renewed_from
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
    offer.renew_by, offer.reminded_of = a_year_after(now), None
    offer.lock_version += 1
    offer.save(update_fields=["renew_by", "reminded_of", "lock_version"])
    record(
        "catalogue.offer_renewed",
        subject=offer,
        by=by,
        now=now,
        data={"solution": offer.solution.public_id, "renew_by": offer.renew_by},
    )
    return offer
