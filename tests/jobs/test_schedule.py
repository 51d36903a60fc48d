import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django_tasks_db.models import DBTaskResult

from allmende.jobs import actions, queries, tasks
from allmende.jobs.job import job
from allmende.jobs.models import Due, Schedule
from allmende.journal.actions import bump
from allmende.journal.models import Bump

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def times(topic: str) -> int:
    """How often a job that is done has done it."""
    return Bump.objects.filter(topic=topic).count()


@job()
def add(topic: str, often: int = 1) -> None:
    for _ in range(often):
        bump(topic)


def plan(now: datetime, every: timedelta = HOUR, first: datetime | None = None) -> Schedule:
    return actions.schedule("hourly", every=every, job=add, args=("a",), now=now, first=first)


def dues() -> list[datetime]:
    return list(Due.objects.order_by("due").values_list("due", flat=True))


def test_a_schedule_is_due_after_its_interval_and_then_again(now: datetime) -> None:
    plan(now)
    moments = [now, now + HOUR / 2, now + HOUR, now + HOUR, now + 2 * HOUR]
    assert [actions.begin_due(now=moment) for moment in moments] == [0, 0, 1, 0, 1]
    assert dues() == [now + HOUR, now + 2 * HOUR]
    actions.run_all(now)
    assert times("a") == 2


def test_a_first_due_may_be_named(now: datetime) -> None:
    plan(now, first=now)
    assert actions.begin_due(now=now) == 1


def test_missed_dues_are_made_up_once_and_the_rhythm_is_kept(now: datetime) -> None:
    plan(now)
    late = now + 5 * HOUR + timedelta(minutes=20)
    assert [actions.begin_due(now=late), actions.begin_due(now=late)] == [1, 0]
    assert queries.schedules().get().next_due == now + 6 * HOUR
    assert dues() == [now + HOUR]


def test_no_due_can_be_taken_twice(now: datetime) -> None:
    plan(now)
    actions.begin_due(now=now + HOUR)
    Schedule.objects.update(next_due=now + HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.begin_due(now=now + HOUR)
    assert queries.waiting().count() == 1


def test_planned_again_a_schedule_takes_its_new_arguments_and_keeps_its_next_due(now: datetime) -> None:
    plan(now)
    later = now + HOUR / 2
    actions.schedule("hourly", every=HOUR, job=add.module_path, kwargs={"topic": "b", "often": 3}, now=later)
    assert queries.schedules().get().next_due == now + HOUR
    actions.begin_due(now=now + HOUR)
    actions.run_all(now)
    assert (times("a"), times("b")) == (0, 3)


def test_a_shorter_interval_counts_from_now(now: datetime) -> None:
    plan(now, every=24 * HOUR)
    assert plan(now + HOUR, every=HOUR).next_due == now + 2 * HOUR


def test_an_unscheduled_job_comes_no_more(now: datetime) -> None:
    plan(now)
    assert [actions.unschedule("hourly"), actions.unschedule("hourly")] == [True, False]
    assert actions.begin_due(now=now + HOUR) == 0


def test_what_is_no_job_cannot_be_planned(now: datetime) -> None:
    with pytest.raises(TypeError):
        actions.schedule("x", every=HOUR, job=f"{__name__}.HOUR", now=now)
    with pytest.raises(ImportError):
        actions.schedule("x", every=HOUR, job=f"{__name__}.nothing", now=now)


def test_an_interval_of_nothing_is_refused_by_the_database(now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        plan(now, every=timedelta(0))


def test_the_written_schedules_are_those_of_the_settings(now: datetime, settings) -> None:
    plan(now)
    settings.JOBS_SCHEDULE = {"one": (tasks.tidy.module_path, HOUR), "two": (tasks.tidy.module_path, HOUR)}
    actions.follow_settings(now=now)
    settings.JOBS_SCHEDULE = {"two": (tasks.tidy.module_path, 2 * HOUR)}
    actions.follow_settings(now=now)
    planned = [(schedule.name, schedule.every) for schedule in queries.schedules()]
    assert planned == [("hourly", HOUR), ("two", 2 * HOUR)]


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_in_the_same_moment_plan_everything_once(now: datetime) -> None:
    together = threading.Barrier(4)

    def start() -> None:
        try:
            connection.ensure_connection()
            together.wait()
            actions.follow_settings(now=now)
        finally:
            connection.close()

    for _ in range(5):
        Schedule.objects.all().delete()
        with ThreadPoolExecutor(4) as workers:
            for begun in [workers.submit(start) for _ in range(4)]:
                begun.result()
        assert [plan.name for plan in queries.schedules()] == sorted(settings.JOBS_SCHEDULE)


def test_every_job_in_our_own_settings_exists(now: datetime, settings) -> None:
    actions.follow_settings(now=now)
    assert [schedule.name for schedule in queries.schedules()] == sorted(settings.JOBS_SCHEDULE)


def test_what_is_long_done_is_forgotten_and_what_failed_stays_longer(now: datetime) -> None:
    for status, age in [("SUCCESSFUL", 2), ("SUCCESSFUL", 4), ("FAILED", 4), ("FAILED", 91), ("READY", 365)]:
        identity = add.enqueue(status).id
        finished = datetime.now(now.tzinfo) - timedelta(days=age)
        DBTaskResult.objects.filter(id=identity).update(status=status, finished_at=finished)
    tasks.tidy.call()
    left = DBTaskResult.objects.order_by("status").values_list("status", flat=True)
    assert list(left) == ["FAILED", "READY", "SUCCESSFUL"]


@job(queue="index")
def first_of_the_index() -> None: ...


@job(queue="harvest")
def first_of_the_harvest() -> None: ...


@pytest.mark.parametrize(
    ("queues", "enqueued"),
    [((), ["index", "harvest"]), (("harvest", "default"), ["harvest"]), (("default",), [])],
)
def test_what_a_worker_does_first_is_a_written_list_for_its_queues(
    settings: Any, queues: tuple[str, ...], enqueued: list[str]
) -> None:
    settings.JOBS_AT_START = [f"{__name__}.first_of_the_{queue}" for queue in ("index", "harvest")]

    found = [path.rpartition("_")[2] for path in actions.enqueue_at_start(queues)]

    assert found == enqueued
    assert sorted(queries.waiting().values_list("queue_name", flat=True)) == sorted(enqueued)
