"""Who may run a job: claimed by one worker, renewed while it lives, collected when it is gone.

Every step that ends a claim deletes the lease *by its token* first and raises `LeaseLost` where it is gone. That is
the fence: an old worker that wakes up again cannot commit what another one has taken over.
"""

import logging
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult

from allmende.jobs import queries
from allmende.jobs.job import FOREIGN, Policy, coalescing_key, policy_of
from allmende.jobs.models import Lease, Waiting

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has taken the job over; nothing of this attempt may be committed."""


class WorkerGone(Exception):
    """The worker that ran the job stopped renewing its lease."""


@dataclass(frozen=True)
class Claim:
    """A job that is mine: the row as claimed, the token of the lease, how it wants to be run."""

    row: DBTaskResult
    token: str
    policy: Policy
    key: str | None

    @property
    def attempts(self) -> int:
        return len(self.row.worker_ids)


# The claim that this thread works on, for `fenced`.
current: ContextVar[Claim | None] = ContextVar("current_claim", default=None)


def claim(worker: str, *, now: datetime, queues: Collection[str] = ()) -> Claim | None:
    """Take the next ready job, or None. The attempt counts from here, whatever becomes of the worker."""
    with transaction.atomic():
        row = queries.ready(now, queues).select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        mine = _claim_of(row)
        if not _lease(mine, worker, now):
            return None
        _stand_for_twins(mine)
        _begin(row, worker, now)
        return mine


def _begin(row: DBTaskResult, worker: str, now: datetime) -> None:
    row.status, row.started_at, row.worker_ids = TaskResultStatus.RUNNING, now, [*row.worker_ids, worker]
    DBTaskResult.objects.filter(pk=row.pk).update(
        status=row.status, started_at=row.started_at, worker_ids=row.worker_ids
    )


def _claim_of(row: DBTaskResult) -> Claim:
    policy = _policy_of_row(row)
    key = None
    if policy.coalesce:
        key = coalescing_key(row.task_path, row.args_kwargs["args"], row.args_kwargs["kwargs"])
    return Claim(row, secrets.token_hex(16), policy, key)


def _policy_of_row(row: DBTaskResult) -> Policy:
    try:
        return policy_of(row.task)
    except (ImportError, SuspiciousOperation):
        # The job of another release. The attempt to run it will say so; a later deployment may know it again.
        return FOREIGN


def _lease(mine: Claim, worker: str, now: datetime) -> bool:
    lease = Lease(
        task=mine.row,
        token=mine.token,
        worker=worker,
        key=mine.key,
        expires_at=now + timedelta(seconds=mine.policy.lease_seconds),
    )
    # Two workers may reach for two twins in the same moment; the unique key lets one of them through.
    Lease.objects.bulk_create([lease], ignore_conflicts=mine.key is not None)
    return mine.key is None or Lease.objects.filter(token=mine.token).exists()


def _stand_for_twins(mine: Claim) -> None:
    """Remove the waiting jobs that ask for the same: all were committed before this one begins, so it sees what
    they were enqueued for."""
    if mine.key is None:
        return
    twins = DBTaskResult.objects.filter(
        pk__in=Waiting.objects.filter(key=mine.key).exclude(task=mine.row).values("task"),
        status=TaskResultStatus.READY,
    )
    found = [row.pk for row in twins.select_for_update(skip_locked=True).only("pk")]
    if found:
        DBTaskResult.objects.filter(pk__in=found).delete()
    Waiting.objects.filter(task=mine.row).delete()


def renew(mine: Claim, *, now: datetime) -> bool:
    """Prolong the lease; False: it is lost."""
    until = now + timedelta(seconds=mine.policy.lease_seconds)
    return Lease.objects.filter(token=mine.token).update(expires_at=until) == 1


@contextmanager
def fenced() -> Iterator[None]:
    """A transaction that commits only while the job that runs it still holds its lease; outside of jobs, a plain
    one. For the steps of a job with `atomic=False`."""
    with transaction.atomic():
        yield
        mine = current.get()
        if mine is not None and not list(
            Lease.objects.select_for_update().filter(token=mine.token).values_list("pk")
        ):
            raise LeaseLost(mine.row.task_path)


def finish(mine: Claim, value: Any, *, now: datetime) -> None:
    """Mark the job as done, in the transaction of its body where it has one. Raise `LeaseLost` if it is not mine."""
    # A savepoint around the last step of a transaction would only cost two statements.
    with transaction.atomic(savepoint=not mine.policy.atomic):
        _let_go(mine)
        done = {"finished_at": now, "return_value": normalize_json(value)}
        _settle(mine.row, TaskResultStatus.SUCCESSFUL, **done, exception_class_path="", traceback="")


def give_back(mine: Claim, error: BaseException, *, now: datetime, delay: timedelta | None = None) -> None:
    """Put the job back for another attempt after its back-off (or `delay`), or mark it as failed for good."""
    with transaction.atomic():
        _let_go(mine)
        _put_back(
            mine, error, now=now, delay=mine.policy.backoff.delay(mine.attempts) if delay is None else delay
        )


def reap(*, now: datetime) -> int:
    """Collect leases that ran out and give their jobs back to the queue; how many there were."""
    gone = Lease.objects.filter(expires_at__lte=now)
    # An idle look takes no write lock.
    if not gone.exists():
        return 0
    with transaction.atomic():
        leases = list(gone.select_for_update(skip_locked=True, of=("self",)).select_related("task"))
        for lease in leases:
            _collect(lease, now)
    return len(leases)


def _collect(lease: Lease, now: datetime) -> None:
    logger.warning("%s no longer renews its lease of %s", lease.worker, lease.task.task_path)
    mine = Claim(lease.task, lease.token, _policy_of_row(lease.task), lease.key)
    lease.delete()
    # At once: the worker's end says nothing against the job. The attempt counts, so one that kills workers ends.
    _put_back(mine, WorkerGone(lease.worker), now=now, delay=timedelta(0))


def _let_go(mine: Claim) -> None:
    if Lease.objects.filter(token=mine.token).delete()[0] == 0:
        raise LeaseLost(mine.row.task_path)


def _put_back(mine: Claim, error: BaseException, *, now: datetime, delay: timedelta) -> None:
    what = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(format_exception(error)),
    }
    if mine.attempts > mine.policy.retries:
        _settle(mine.row, TaskResultStatus.FAILED, finished_at=now, **what)
        return
    _settle(mine.row, TaskResultStatus.READY, run_after=now + delay, **what)
    if mine.key is not None:
        Waiting.objects.create(task=mine.row, key=mine.key, transaction=None)


def _settle(row: DBTaskResult, status: TaskResultStatus, **values: Any) -> None:
    changed = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING).update(
        status=status, **values
    )
    if changed != 1:
        raise LeaseLost(row.task_path)
