"""What a job is and how it is handed in: `@job(...)` on a function, then `.enqueue(...)`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import connection, transaction
from django_tasks.base import Task, TaskResult
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult

from allmende.jobs.models import Waiting
from allmende.lib.canonical import digest

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Backoff:
    """How long a failed job waits: `first`, then twice as long each time, never longer than `cap`.

    Without chance in it, so that a test and a person can say when the next attempt comes.
    """

    first: timedelta = timedelta(seconds=5)
    cap: timedelta = timedelta(minutes=10)

    def delay(self, attempts: int) -> timedelta:
        """The wait after the given number of attempts (1 or more)."""
        # Beyond 2**30 the product leaves what a timedelta can hold, long after any cap.
        doubled: timedelta = self.first * 2 ** min(attempts - 1, 30)
        return min(doubled, self.cap)


@dataclass(frozen=True)
class Policy:
    """How a job is run. `retries` counts further attempts after the first; a lease lasts `lease_seconds` and is
    renewed while the worker lives; `atomic` puts the body and its completion into one transaction; `coalesce`
    lets one waiting job stand for all that ask for the same, and never runs two of them at once.
    """

    retries: int = 5
    backoff: Backoff = field(default_factory=Backoff)
    lease_seconds: float = 30
    atomic: bool = True
    coalesce: bool = False


# Tasks written by others (Wagtail) count on transactions of their own; they are run at least once.
FOREIGN = Policy(atomic=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task[P, T], Generic[P, T]):
    """A django task with a policy; everything that takes a task takes a job."""

    policy: Policy = field(default_factory=Policy)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> TaskResult[T]:
        """Write the job in the current transaction. Arguments are JSON: ids, not objects."""
        # A job for later never stands for one that is wanted now, so only undated ones coalesce.
        if self.policy.coalesce and self.run_after is None:
            return _enqueue_once(self, args, kwargs)
        return self.get_backend().enqueue(self, args, kwargs)


def job(
    *,
    queue: str = "default",
    priority: int = 0,
    retries: int = 5,
    backoff: Backoff | None = None,
    lease_seconds: float = 30,
    atomic: bool = True,
    coalesce: bool = False,
) -> Callable[[Callable[P, T]], Job[P, T]]:
    """Make a module-level function a job.

    - `atomic=True`: the body and the mark that it is done are one transaction, so its effect on the database
      happens exactly once. On SQLite it holds the write lock as long as it runs: keep such jobs short.
    - `atomic=False`: for long jobs and those that touch the outside world. The body may run again after a crash,
      so it must be idempotent; `jobs.actions.fenced()` gives it transactions that a lost lease cannot commit.
    """
    policy = Policy(retries, backoff or Backoff(), lease_seconds, atomic, coalesce)

    def wrap(function: Callable[P, T]) -> Job[P, T]:
        return Job(func=function, queue_name=queue, priority=priority, policy=policy)

    return wrap


def policy_of(task: object) -> Policy:
    """The job's own policy; that for foreign tasks where it has none."""
    return task.policy if isinstance(task, Job) else FOREIGN


def coalescing_key(task_path: str, args: Any, kwargs: Any) -> str:
    """The same for the same job with the same arguments: 64 hexadecimal digits."""
    return digest(normalize_json({"job": task_path, "args": args, "kwargs": kwargs}))


def current_transaction() -> int:
    """What tells this transaction from others that write at the same time.

    A waiting job may stand for mine only if no worker can begin it before I commit: it would miss what I write.
    On SQLite I hold the write lock, so that is true of every waiting job and they all bear number 0. On
    PostgreSQL it is true only of those that this very transaction (savepoints included) has written.
    """
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        return int(cursor.fetchone()[0])


def _enqueue_once(job: Job[P, T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> TaskResult[T]:
    key = coalescing_key(job.module_path, args, kwargs)
    with transaction.atomic():
        number = current_transaction()
        waiting = DBTaskResult.objects.filter(waiting__key=key, waiting__transaction=number).first()
        if waiting is not None:
            return waiting.task_result
        result = job.get_backend().enqueue(job, args, kwargs)
        Waiting.objects.create(task_id=result.id, key=key, transaction=number)
        return result
