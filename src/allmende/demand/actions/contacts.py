"""The contact of a town that a provider was given: erased when the need has been over for a time."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction

from allmende.demand.models import NeedResponse
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.periods import months_before

# From the end of the need (closed or withdrawn). Ours: the talk that the contact was given for has begun by then.
CONTACT_MONTHS = 6


@transaction.atomic
def forget_contacts(*, by: Actor, now: datetime) -> int:
    """Erase the contacts of needs that ended so many months ago; how many went. The journal keeps that one was given.

    `RETENTION_MONTHS["need_contact"]` sets another period. Times of the limit are UTC midnight.
    """
    limit = _limit(now.date())
    over = NeedResponse.objects.select_for_update(of=("self",)).filter(
        need__state__in=("closed", "withdrawn"), need__ended_at__lt=limit, contact__isnull=False
    )
    found = list(over.select_related("need__organisation").order_by("pk"))
    for response in found:
        response.contact = response.contact_given_at = None
        response.save(update_fields=["contact", "contact_given_at"])
        record(
            "demand.contact_forgotten",
            subject=response,
            by=by,
            now=now,
            organisation=response.need.organisation.public_id,
        )
    return len(found)


def _limit(today: date) -> datetime:
    day = months_before(today, int(settings.RETENTION_MONTHS.get("need_contact", CONTACT_MONTHS)))
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
