"""Hand jobs in, plan them, run them."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.base import Task, TaskResult
from django_tasks_db.models import DBTaskResult

from allmende.jobs import leases, queries, running
from allmende.jobs.leases import LeaseLost, fenced
from allmende.jobs.models import Due, Schedule
from allmende.lib.refusals import Refused

__all__ = [
    "LeaseLost",
    "begin_due",
    "drop",
    "enqueue",
    "enqueue_at_start",
    "fenced",
    "follow_settings",
    "retry",
    "run_all",
    "schedule",
    "unschedule",
]

# More than any test enqueues: a job that enqueues itself again would otherwise hang the run.
RUN_ALL_LIMIT = 10_000


def enqueue(path: str, *args: Any, **kwargs: Any) -> TaskResult[Any]:
    """Enqueue a job by its dotted path, for callers that lie below `tasks.py` in the order of imports."""
    return _task(path).enqueue(*args, **kwargs)


def schedule(
    name: str,
    *,
    every: timedelta,
    job: Task[Any, Any] | str,
    now: datetime,
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
    first: datetime | None = None,
    written: bool = False,
) -> Schedule:
    """Have a job come again; called again, it changes what was planned. `first` (default: `now + every`) is the
    first due of a new schedule; an old one keeps its next due unless the new interval is shorter.
    """
    path = job if isinstance(job, str) else job.module_path
    _task(path)
    planned = first or now + every
    what = {
        "task_path": path,
        "every": every,
        "written": written,
        "arguments": {"args": list(args), "kwargs": kwargs or {}},
    }
    with transaction.atomic():
        # Workers start together and plan the same: who comes second gets what the first has written.
        plan, _new = Schedule.objects.select_for_update().get_or_create(
            name=name, defaults={**what, "next_due": planned}
        )
        for field, value in what.items():
            setattr(plan, field, value)
        plan.next_due = min(plan.next_due, planned)
        plan.save()
        return plan


def unschedule(name: str) -> bool:
    """Stop a schedule; False where there was none. A job that is already waiting is still run."""
    return Schedule.objects.filter(name=name).delete()[0] > 0


def follow_settings(*, now: datetime) -> None:
    """Make the written schedules those of `settings.JOBS_SCHEDULE`: name → (dotted path of the job, interval)."""
    listed: dict[str, tuple[str, timedelta]] = getattr(settings, "JOBS_SCHEDULE", {})
    with transaction.atomic():
        for name, (path, every) in listed.items():
            schedule(name, every=every, job=path, now=now, written=True)
        Schedule.objects.filter(written=True).exclude(name__in=listed).delete()


def enqueue_at_start(queues: Collection[str] = ()) -> list[str]:
    """Enqueue the jobs of `settings.JOBS_AT_START` that belong to these queues (none named: all); their paths."""
    listed: list[str] = getattr(settings, "JOBS_AT_START", [])
    mine = [path for path in listed if not queues or _task(path).queue_name in queues]
    for path in mine:
        enqueue(path)
    return mine


def begin_due(*, now: datetime) -> int:
    """Enqueue the jobs of all schedules that are due; how many there were."""
    names = list(queries.schedules().filter(next_due__lte=now).values_list("name", flat=True))
    return sum(_begin(name, now) for name in names)


def _begin(name: str, now: datetime) -> bool:
    with transaction.atomic():
        plan = (
            Schedule.objects.select_for_update(skip_locked=True).filter(name=name, next_due__lte=now).first()
        )
        if plan is None:
            return False
        result = _task(plan.task_path).enqueue(*plan.arguments["args"], **plan.arguments["kwargs"])
        Due.objects.create(name=name, due=plan.next_due, taken_at=now, task_id=result.id)
        # What was missed while nobody worked is made up once: on to the next date that lies ahead.
        plan.next_due += ((now - plan.next_due) // plan.every + 1) * plan.every
        plan.save(update_fields=["next_due"])
        return True


@transaction.atomic
def retry(job_id: UUID) -> str:
    """Hand a job that failed for good in once more, as a new one; its dotted path. Raises `Refused` for any other."""
    row = _failed(job_id)
    _task(row.task_path).enqueue(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    row.delete()
    return str(row.task_path)


@transaction.atomic
def drop(job_id: UUID) -> str:
    """Forget a job that failed for good; its dotted path. Raises `Refused` for any other."""
    row = _failed(job_id)
    row.delete()
    return str(row.task_path)


def _failed(job_id: UUID) -> DBTaskResult:
    row = queries.failed().select_for_update().filter(pk=job_id).first()
    if row is None:
        raise Refused(
            "Diesen gescheiterten Auftrag gibt es nicht mehr. Vielleicht hat ihn schon jemand erledigt."
        )
    return row


def run_all(now: datetime | None = None, *, raise_errors: bool = True) -> int:
    """Run in this process what waits, and what that enqueues, until nothing is ready; how many jobs were run.

    For tests and one-off commands. A failing job raises its error here, unless `raise_errors` is off.
    """
    for done in range(RUN_ALL_LIMIT):
        mine = leases.claim("run_all", now=now or datetime.now(UTC))
        if mine is None:
            return done
        error = running.run(mine, clock=lambda: now or datetime.now(UTC))
        if error is not None and raise_errors:
            raise error
    raise RuntimeError(f"more than {RUN_ALL_LIMIT} jobs in a row: one seems to enqueue itself")


def _task(path: str) -> Task[Any, Any]:
    task = import_string(path)
    if not isinstance(task, Task):
        raise TypeError(f"{path} is not a job")
    return task
