"""When an offer is to be renewed. A year, counted in days of the German calendar."""

from datetime import date, datetime, timedelta

from django.utils import timezone

# The issue of every year: an offer that nobody has looked at for longer is not to be relied on.
DAYS_OF_AN_OFFER = 365
REMIND_BEFORE = timedelta(days=60)


def a_year_after(now: datetime) -> date:
    """The day by which an offer published or renewed now is to be renewed."""
    return timezone.localdate(now) + timedelta(days=DAYS_OF_AN_OFFER)


def may_be_renewed_from(renew_by: date) -> date:
    """Earlier than this, renewing says nothing that is not known."""
    return renew_by - REMIND_BEFORE
