"""Mark what was read, and forget what is old."""

from datetime import datetime, timedelta

from django.db import transaction

from allmende.lib.actors import Actor
from allmende.notifications.models import NewsItem
from allmende.notifications.queries import news_of

# Read or not: whoever has not looked for so long has other ways to find out.
KEEP = timedelta(days=365)


@transaction.atomic
def read(item: NewsItem, *, by: Actor, now: datetime) -> int:
    """Mark news of one's own as read, and with it what says the same of the same thing; how many."""
    same = news_of(by).filter(
        kind=item.kind,
        subject_type=item.subject_type,
        subject_id=item.subject_id,
        data=item.data,
        at__lte=item.at,
    )
    return same.filter(read_at=None).update(read_at=now)


@transaction.atomic
def read_all(*, by: Actor, now: datetime) -> int:
    """Mark everything that the actor was told up to now as read; how many there were."""
    return news_of(by).filter(read_at=None, noted_at__lte=now).update(read_at=now)


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Delete items whose time is over; how many."""
    return NewsItem.objects.filter(at__lt=now - KEEP).delete()[0]
