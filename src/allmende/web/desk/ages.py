"""How long something has waited in a queue, and how much of it is late: counted by the database where it can."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from allmende.lib.actors import Actor
from allmende.lib.workdays import earliest_in_time


@dataclass(frozen=True)
class Ages:
    """The day since when the oldest waits, None where nothing does or nobody knows; how many are overdue."""

    oldest: date | None
    overdue: int


# Who looks, when, and the target in working days. Says the same as `components.queues.Line` of each entry.
AgesOf = Callable[[Actor, datetime, int], Ages]
Rows = Callable[[Actor], QuerySet[Any]]


def by_moment(rows: Rows, field: str) -> AgesOf:
    """Of rows that have waited since the time in `field`; one query."""

    def ages(actor: Actor, now: datetime, days: int) -> Ages:
        first = earliest_in_time(timezone.localdate(now), days)
        return _ages(rows(actor), field, timezone.make_aware(datetime.combine(first, time.min)))

    return ages


def by_day(rows: Rows, field: str) -> AgesOf:
    """The same of rows with a date."""

    def ages(actor: Actor, now: datetime, days: int) -> Ages:
        return _ages(rows(actor), field, earliest_in_time(timezone.localdate(now), days))

    return ages


def by_list(moments: Callable[[Actor, datetime], Iterable[datetime]]) -> AgesOf:
    """The same of what has to be read anyway."""

    def ages(actor: Actor, now: datetime, days: int) -> Ages:
        first = earliest_in_time(timezone.localdate(now), days)
        waited = [timezone.localdate(moment) for moment in moments(actor, now)]
        return Ages(min(waited, default=None), sum(day < first for day in waited))

    return ages


def _ages(rows: QuerySet[Any], field: str, limit: date) -> Ages:
    found = rows.aggregate(oldest=Min(field), overdue=Count("pk", filter=Q(**{f"{field}__lt": limit})))
    oldest = found["oldest"]
    return Ages(timezone.localdate(oldest) if isinstance(oldest, datetime) else oldest, found["overdue"])
