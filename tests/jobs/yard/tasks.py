import time
from datetime import UTC, datetime, timedelta

from django_tasks import task

from allmende.jobs.actions import fenced
from allmende.jobs.job import Backoff, job
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from tests.jobs.yard.models import Tally

# Killed twenty times, a job may be hit more than once; that it gives up is another test's matter.
OFTEN = {"retries": 30, "backoff": Backoff(timedelta(milliseconds=50)), "lease_seconds": 0.5}

# Room for being killed in; a worker that nobody kills needs none.
pause = time.sleep


@job(**OFTEN)
def count(name: str) -> None:
    """Not idempotent at all: only the transaction keeps it from counting twice."""
    Tally.objects.get_or_create(name=name)
    tally = Tally.objects.select_for_update().get(name=name)
    pause(0.015)
    tally.count += 1
    tally.save()
    record("yard.counted", subject=("tally", name), by=Actor.program("yard"), now=datetime.now(UTC))


@job(**OFTEN)
def fan(name: str, times: int) -> None:
    """What it enqueues commits or vanishes with it."""
    for number in range(times):
        count.enqueue(name)
        if number % 5 == 0:
            pause(0.005)


@job(**OFTEN, atomic=False, queue="harvest")
def walk(name: str, steps: int) -> None:
    """Long, in transactions of its own, and idempotent: a step that is done stays done."""
    for step in range(steps):
        with fenced():
            Tally.objects.get_or_create(name=f"{name}-{step}", defaults={"count": 1})
        pause(0.01)


@job(**OFTEN, atomic=False)
def last(seconds: float) -> None:
    """Longer than its lease."""
    time.sleep(seconds)
    with fenced():
        Tally.objects.create(name="lasted", count=1)


@job(**OFTEN)
def last_in_one(seconds: float) -> None:
    """Longer than its lease, in one transaction."""
    Tally.objects.create(name="lasted", count=1)
    time.sleep(seconds)


@job(**OFTEN | {"retries": 2}, atomic=False)
def die() -> None:
    """Takes its worker with it."""
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


@task()
def foreign(name: str) -> None:
    """Written by somebody who knows nothing of leases, as Wagtail's are: run at least once."""
    Tally.objects.get_or_create(name=name, defaults={"count": 1})
