from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from allmende.jobs import actions, leases, queries, running
from allmende.jobs.job import Backoff, job
from allmende.jobs.leases import Claim, LeaseLost, claim
from allmende.jobs.models import Lease, Waiting
from allmende.journal.actions import bump
from allmende.journal.models import Bump

pytestmark = pytest.mark.django_db

SOON = Backoff(timedelta(seconds=10), timedelta(seconds=30))


def times(topic: str) -> int:
    """How often a job that is done has done it."""
    return Bump.objects.filter(topic=topic).count()


# What a job under test does between its writes.
meanwhile: list[Callable[[], None]] = []


@pytest.fixture(autouse=True)
def _nothing_happens() -> None:
    meanwhile.clear()


@job(retries=2, backoff=SOON, lease_seconds=60)
def add(topic: str) -> None:
    bump(topic)
    for act in meanwhile:
        act()


@job(retries=2, backoff=SOON, atomic=False)
def add_in_steps(topic: str) -> None:
    for act in [lambda: None, *meanwhile]:
        with actions.fenced():
            bump(topic)
            act()


@job(coalesce=True, retries=2, backoff=SOON)
def add_one_at_a_time(topic: str) -> None:
    bump(topic)
    for act in meanwhile:
        act()


def claimed(worker: str, now: datetime) -> Claim:
    mine = claim(worker, now=now)
    assert mine is not None
    return mine


def run(mine: Claim, now: datetime) -> Exception | None:
    return running.run(mine, clock=lambda: now)


def only_job() -> DBTaskResult:
    found: DBTaskResult = DBTaskResult.objects.get()
    return found


def fail() -> None:
    raise ValueError("not today")


def test_a_claimed_job_is_nobody_elses(now: datetime) -> None:
    add.enqueue("a")
    claimed("one", now)
    assert claim("two", now=now) is None


def test_a_worker_takes_only_from_its_queues(now: datetime) -> None:
    add.enqueue("a")
    assert claim("one", now=now, queues=["index"]) is None
    assert claim("one", now=now, queues=["index", "default"]) is not None


def test_a_finished_job_leaves_no_lease_and_is_marked(now: datetime) -> None:
    add.enqueue("a")
    assert run(claimed("one", now), now) is None
    row = only_job()
    assert (row.status, row.worker_ids, row.finished_at) == ("SUCCESSFUL", ["one"], now)
    assert (Lease.objects.count(), times("a")) == (0, 1)


def test_a_failed_job_writes_nothing_and_waits_longer_each_time(now: datetime) -> None:
    meanwhile.append(fail)
    add.enqueue("a")
    for wait in (10, 20):
        error = run(claimed("one", now), now)
        assert isinstance(error, ValueError)
        assert only_job().run_after == now + timedelta(seconds=wait)
        assert claim("one", now=now + timedelta(seconds=wait - 1)) is None
        now += timedelta(seconds=wait)
    assert times("a") == 0


def test_after_its_last_attempt_a_job_stays_listed_with_its_error(now: datetime) -> None:
    meanwhile.append(fail)
    add.enqueue("a")
    for _ in range(3):
        run(claimed("one", now), now)
        now += timedelta(hours=1)
    assert claim("one", now=now) is None
    row = queries.failed().get()
    assert (row.exception_class_path, len(row.worker_ids)) == ("builtins.ValueError", 3)
    assert "not today" in row.traceback


def test_an_error_is_forgotten_once_the_job_succeeds(now: datetime) -> None:
    meanwhile.append(fail)
    add.enqueue("a")
    run(claimed("one", now), now)
    meanwhile.clear()
    now += timedelta(seconds=10)
    run(claimed("one", now), now)
    row = only_job()
    assert (row.status, row.exception_class_path, row.traceback) == ("SUCCESSFUL", "", "")


def test_a_renewed_lease_is_not_collected(now: datetime) -> None:
    add.enqueue("a")
    mine = claimed("one", now)
    assert leases.renew(mine, now=now + timedelta(seconds=50)) is True
    assert leases.reap(now=now + timedelta(seconds=109)) == 0
    assert leases.reap(now=now + timedelta(seconds=110)) == 1
    assert leases.renew(mine, now=now + timedelta(seconds=111)) is False


def test_the_job_of_a_dead_worker_goes_back_to_the_queue_and_the_attempt_counts(now: datetime) -> None:
    add.enqueue("a")
    for worker in ("one", "two", "three"):
        claimed(worker, now)
        now += timedelta(seconds=60)
        assert list(queries.stuck(now)) == [only_job()]
        assert leases.reap(now=now) == 1
        assert list(queries.stuck(now)) == []
    row = queries.failed().get()
    assert (row.exception_class_path, row.worker_ids) == (
        "allmende.jobs.leases.WorkerGone",
        ["one", "two", "three"],
    )


def taken_over(now: datetime) -> Callable[[], None]:
    """The lease runs out in the middle of a job, and another worker does it."""

    def act() -> None:
        meanwhile.clear()
        leases.reap(now=now + timedelta(hours=1))
        run(claimed("two", now + timedelta(hours=1)), now)

    return act


def test_a_worker_that_lost_its_lease_cannot_mark_the_job_as_done(now: datetime) -> None:
    add.enqueue("a")
    late = claimed("one", now)
    now += timedelta(hours=1)
    leases.reap(now=now)
    claimed("two", now)
    assert run(late, now) is None
    assert (times("a"), only_job().status) == (0, "RUNNING")
    with pytest.raises(LeaseLost):
        leases.finish(late, None, now=now)


def test_a_worker_that_lost_its_lease_cannot_give_the_job_back(now: datetime) -> None:
    add.enqueue("a")
    late = claimed("one", now)
    taken_over(now)()
    meanwhile.append(fail)
    assert isinstance(run(late, now), ValueError)
    assert (times("a"), only_job().status) == (1, "SUCCESSFUL")


def test_a_step_of_a_long_job_is_not_committed_after_the_lease_is_lost(now: datetime) -> None:
    meanwhile[:] = [lambda: None, lambda: leases.reap(now=now + timedelta(hours=1)), lambda: None]
    add_in_steps.enqueue("a")
    assert run(claimed("one", now), now) is None
    # Two steps before the lease was lost; the third rolls back what was in its transaction, the loss included.
    assert times("a") == 2


def test_fenced_is_a_plain_transaction_outside_of_jobs() -> None:
    def bump_and_fail() -> None:
        bump("a")
        fail()

    with pytest.raises(ValueError, match="not today"), actions.fenced():
        bump_and_fail()
    with actions.fenced():
        bump("a")
    assert times("a") == 1


def test_a_worker_told_to_stop_at_once_leaves_the_job_to_the_next(now: datetime) -> None:
    def stop() -> None:
        raise SystemExit

    meanwhile.append(stop)
    add.enqueue("a")
    with pytest.raises(SystemExit):
        run(claimed("one", now), now)
    meanwhile.clear()
    assert run(claimed("two", now), now) is None
    assert times("a") == 1


def test_two_of_a_kind_never_run_at_once(now: datetime) -> None:
    add_one_at_a_time.enqueue("a")
    mine = claimed("one", now)
    add_one_at_a_time.enqueue("a")
    add_one_at_a_time.enqueue("b")
    assert claimed("two", now).row.args_kwargs["args"] == ["b"]
    assert claim("three", now=now) is None
    run(mine, now)
    assert claimed("three", now).row.args_kwargs["args"] == ["a"]


def test_a_job_begun_stands_for_its_waiting_twins(now: datetime) -> None:
    add_one_at_a_time.enqueue("a")
    # As transactions that run at the same time on PostgreSQL write them: none sees the other's.
    Waiting.objects.update(transaction=-1)
    add_one_at_a_time.enqueue("a")
    assert queries.waiting().count() == 2
    run(claimed("one", now), now)
    assert (only_job().status, times("a")) == ("SUCCESSFUL", 1)


def test_a_new_request_does_not_wait_for_another_attempt_and_replaces_it(now: datetime) -> None:
    meanwhile.append(fail)
    add_one_at_a_time.enqueue("a")
    run(claimed("one", now), now)
    meanwhile.clear()
    assert claim("one", now=now) is None
    add_one_at_a_time.enqueue("a")
    run(claimed("one", now), now)
    assert (only_job().status, times("a"), Waiting.objects.count()) == ("SUCCESSFUL", 1, 0)


def test_a_worker_that_is_late_for_a_twin_claims_nothing(now: datetime) -> None:
    add_one_at_a_time.enqueue("a")
    mine = claimed("one", now)
    other = leases._claim_of(only_job())
    DBTaskResult.objects.update(status="READY")
    Lease.objects.update(task=add.enqueue("b").id)
    assert leases._lease(other, "two", now) is False
    assert Lease.objects.get().token == mine.token


def test_a_job_that_this_release_does_not_know_is_tried_again_and_fails(now: datetime) -> None:
    add.enqueue("a")
    DBTaskResult.objects.update(task_path="allmende.jobs.tasks.of_another_release")
    error = run(claimed("one", now), now)
    assert isinstance(error, ImportError)
    assert only_job().status == "READY"


def test_a_path_that_is_no_task_is_not_run(now: datetime) -> None:
    add.enqueue("a")
    DBTaskResult.objects.update(task_path="allmende.journal.actions.bump")
    assert type(run(claimed("one", now), now)).__name__ == "SuspiciousOperation"
    assert times("a") == 0


def test_a_result_that_is_no_json_is_an_error(now: datetime) -> None:
    result_of_fail.enqueue()
    assert isinstance(run(claimed("one", now), now), TypeError)
    assert times("a") == 0


@job()
def result_of_fail() -> object:
    bump("a")
    return object()
