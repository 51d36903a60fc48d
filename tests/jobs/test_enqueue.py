from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django_tasks import task
from hypothesis import given
from hypothesis import strategies as st

from allmende.jobs import actions, queries
from allmende.jobs.job import Backoff, Policy, coalescing_key, job, policy_of

pytestmark = pytest.mark.django_db

done: list[object] = []


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


@job(queue="index", retries=2, lease_seconds=7)
def note(what: object) -> object:
    done.append(what)
    return what


@job(coalesce=True)
def note_once(what: str) -> None:
    done.append(what)


@job(coalesce=True)
def note_and_ask_again(times: int) -> None:
    done.append(times)
    if times:
        note_and_ask_again.enqueue(times - 1)


@job()
def again_for_ever() -> None:
    again_for_ever.enqueue()


@job()
def break_down() -> None:
    raise ValueError("no")


@task()
def foreign(what: str) -> None:
    done.append(what)


@task(takes_context=True)
def foreign_with_context(context, what):
    done.append((context.attempt, what))


def test_a_job_is_run_later_with_its_arguments(now: datetime) -> None:
    note.enqueue({"id": "abc", "of": [1, None]})
    assert done == []
    assert actions.run_all(now) == 1
    assert done == [{"id": "abc", "of": [1, None]}]


def test_a_job_vanishes_with_the_transaction_that_enqueued_it(now: datetime) -> None:
    def enqueue_and_fail() -> None:
        note.enqueue("never")
        note_once.enqueue("never")
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue_and_fail()
    assert actions.run_all(now) == 0
    assert list(queries.waiting()) == []


def test_a_job_keeps_its_queue_and_its_policy(now: datetime) -> None:
    row = note.enqueue(1).db_result
    assert (row.queue_name, policy_of(row.task)) == ("index", Policy(retries=2, lease_seconds=7))


def test_a_job_may_be_enqueued_by_its_path(now: datetime) -> None:
    actions.enqueue(note.module_path, 1)
    assert actions.run_all(now) == 1
    assert done == [1]


def test_what_is_no_job_cannot_be_enqueued_by_its_path() -> None:
    with pytest.raises(TypeError, match="done is not a job"):
        actions.enqueue(f"{__name__}.done", 1)


def test_a_plain_task_is_run_as_well(now: datetime) -> None:
    foreign.enqueue("plain")
    foreign_with_context.enqueue("attempt")
    assert actions.run_all(now) == 2
    assert done == ["plain", (1, "attempt")]


def test_a_job_that_waits_stands_for_all_that_ask_for_the_same(now: datetime) -> None:
    first, second = note_once.enqueue("a"), note_once.enqueue("a")
    note_once.enqueue("b")
    assert first.id == second.id
    assert actions.run_all(now) == 2
    assert done == ["a", "b"]


def test_a_job_that_runs_does_not_stand_for_what_comes_after_it_began(now: datetime) -> None:
    note_and_ask_again.enqueue(0)
    actions.run_all(now)
    note_and_ask_again.enqueue(0)
    assert actions.run_all(now) == 1
    assert done == [0, 0]


def test_a_running_job_may_ask_for_itself(now: datetime) -> None:
    note_and_ask_again.enqueue(2)
    assert actions.run_all(now) == 3
    assert done == [2, 1, 0]


def test_a_job_for_later_does_not_stand_for_one_wanted_now(now: datetime) -> None:
    note_once.using(run_after=now + timedelta(hours=1)).enqueue("a")
    note_once.enqueue("a")
    assert actions.run_all(now) == 1
    assert actions.run_all(now + timedelta(hours=1)) == 1
    assert done == ["a", "a"]


def test_higher_priority_goes_first_and_then_who_came_first(now: datetime) -> None:
    note.enqueue(1)
    note.using(priority=5).enqueue(2)
    note.enqueue(3)
    actions.run_all(now)
    assert done == [2, 1, 3]


def test_run_all_raises_what_a_job_raises(now: datetime) -> None:
    break_down.enqueue()
    with pytest.raises(ValueError, match="no"):
        actions.run_all(now)


def test_run_all_does_not_hang_on_a_job_that_enqueues_itself(now: datetime, monkeypatch) -> None:
    monkeypatch.setattr(actions, "RUN_ALL_LIMIT", 5)
    again_for_ever.enqueue()
    with pytest.raises(RuntimeError, match="enqueue itself"):
        actions.run_all(now)


def test_run_all_without_a_time_takes_the_present() -> None:
    note.using(run_after=datetime.now(UTC) + timedelta(hours=1)).enqueue("later")
    note.enqueue("now")
    assert actions.run_all() == 1
    assert done == ["now"]


def test_arguments_in_another_order_ask_for_the_same() -> None:
    assert coalescing_key("j", [1], {"a": 1, "b": (2, 3)}) == coalescing_key("j", (1,), {"b": [2, 3], "a": 1})
    assert len({coalescing_key("j", [], {}), coalescing_key("k", [], {}), coalescing_key("j", [1], {})}) == 3


def test_the_wait_doubles_up_to_its_cap() -> None:
    backoff = Backoff(timedelta(seconds=5), timedelta(seconds=60))
    assert [backoff.delay(attempts).seconds for attempts in range(1, 7)] == [5, 10, 20, 40, 60, 60]


@given(st.integers(1, 10_000), st.integers(0, 3600), st.integers(0, 10**6))
def test_the_wait_never_shrinks_and_never_exceeds_its_cap(attempts: int, first: int, cap: int) -> None:
    backoff = Backoff(timedelta(seconds=first), timedelta(seconds=cap))
    assert backoff.delay(attempts) <= backoff.delay(attempts + 1) <= timedelta(seconds=cap)
