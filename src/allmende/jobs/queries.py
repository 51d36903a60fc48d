"""What waits, runs, hangs or has failed."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from allmende.jobs.models import Lease, Schedule, Waiting


def _jobs() -> QuerySet[DBTaskResult]:
    return cast("QuerySet[DBTaskResult]", DBTaskResult.objects.all())


def waiting() -> QuerySet[DBTaskResult]:
    """Jobs that have not begun or wait for another attempt, the next one first."""
    return _jobs().filter(status=TaskResultStatus.READY)


def ready(now: datetime, queues: Collection[str] = ()) -> QuerySet[DBTaskResult]:
    """Waiting jobs that a worker may begin now, in the named queues or in all; the next one first."""
    found = waiting().filter(Q(run_after=get_date_max()) | Q(run_after__lte=now))
    if queues:
        found = found.filter(queue_name__in=queues)
    # A twin of a running coalescing job waits until that one is done. Asked apart, because mostly none runs.
    busy = list(Lease.objects.filter(key__isnull=False).values_list("key", flat=True))
    if busy:
        found = found.exclude(Exists(Waiting.objects.filter(task=OuterRef("pk"), key__in=busy)))
    return found


def running() -> QuerySet[DBTaskResult]:
    return _jobs().filter(status=TaskResultStatus.RUNNING)


def stuck(now: datetime) -> QuerySet[DBTaskResult]:
    """Running jobs that nobody holds, or whose lease ran out and has not been collected yet."""
    return running().filter(Q(lease__isnull=True) | Q(lease__expires_at__lte=now))


def failed() -> QuerySet[DBTaskResult]:
    """Jobs whose last attempt failed, the latest first; `traceback` says why."""
    return _jobs().filter(status=TaskResultStatus.FAILED).order_by("-finished_at")


def schedules() -> QuerySet[Schedule]:
    return Schedule.objects.order_by("name")
