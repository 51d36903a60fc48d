"""Requests that were turned away, counted by the hour and forgotten after a month."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from allmende.operations.models import Rejection

KEPT = timedelta(days=30)


@transaction.atomic
def count_rejections(counts: Mapping[int, int], *, now: datetime) -> None:
    """Add numbers by status to the hour that is running; several processes may do so at once."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    Rejection.objects.bulk_create(
        [Rejection(hour=hour, status=status, number=0) for status in sorted(counts)], ignore_conflicts=True
    )
    for status, number in sorted(counts.items()):
        Rejection.objects.filter(hour=hour, status=status).update(number=F("number") + number)


def forget_rejections(*, now: datetime) -> int:
    """Delete what is older than a month; how many hours there were."""
    return Rejection.objects.filter(hour__lt=now - KEPT).delete()[0]
