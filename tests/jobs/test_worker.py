"""Real worker processes: how they stop, how they keep a long job, how soon they see a new one."""

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.jobs.yard.processes import Yard, until

Yards = Callable[[str], Yard]


@pytest.fixture
def yard(new_yard: Yards) -> Yard:
    return new_yard("one")


def gone(pid: int) -> bool:
    """Whether the process has ended (it may still be waiting to be buried)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.slow
@pytest.mark.parametrize("name", ["last", "last_in_one"])
def test_a_job_longer_than_its_lease_is_kept_by_the_heartbeat(yard: Yard, name: str) -> None:
    yard.enqueue(f"{name}.enqueue(1.5)")
    yard.start()
    yard.start()
    assert until(lambda: not yard.unfinished())
    report = yard.report()
    assert (report["jobs"], report["tallies"]) == ({f"{name} SUCCESSFUL": 1}, {"lasted": 1})
    assert yard.attempts() == [1]


def test_told_to_stop_a_worker_finishes_its_job_and_begins_no_other(yard: Yard) -> None:
    yard.enqueue("last.enqueue(0.6)\ncount.enqueue('next')")
    worker = yard.start()
    assert until(lambda: yard.is_at_work(worker))
    os.kill(worker, signal.SIGTERM)
    assert until(lambda: gone(worker))
    report = yard.report()
    assert report["jobs"] == {"count READY": 1, "last SUCCESSFUL": 1}
    assert report["left"] == [0, 0, 0]


def test_told_twice_a_worker_leaves_its_job_to_the_next_at_once(yard: Yard) -> None:
    yard.enqueue("last_in_one.enqueue(10)")
    worker = yard.start()
    assert until(lambda: yard.is_at_work(worker))
    time.sleep(0.1)
    os.kill(worker, signal.SIGINT)
    time.sleep(0.1)
    os.kill(worker, signal.SIGINT)
    assert until(lambda: gone(worker), seconds=5)
    report = yard.report()
    assert (report["jobs"], report["tallies"], report["left"]) == ({"last_in_one READY": 1}, {}, [0, 0, 0])


def test_a_job_that_kills_its_workers_fails_in_the_end(yard: Yard) -> None:
    yard.enqueue("die.enqueue()")
    for worker in [yard.start(), yard.start(), yard.start()]:
        assert until(partial(gone, worker))
    yard.start()
    assert until(lambda: not yard.unfinished())
    assert yard.report()["jobs"] == {"die FAILED": 1}


def test_a_new_job_is_seen_within_a_second_by_an_idle_worker(yard: Yard) -> None:
    yard.start()
    time.sleep(0.5)
    yard.enqueue("foreign.enqueue('seen')")
    started = time.monotonic()
    assert until(lambda: not yard.unfinished())
    # A poll takes 0.2 s; the rest is for a machine that is busy with other things.
    assert time.monotonic() - started < 2


def test_a_worker_of_one_queue_leaves_the_others_alone(yard: Yard) -> None:
    yard.enqueue("walk.enqueue('w', 1)\ncount.enqueue('other')")
    yard.start("harvest")
    assert until(lambda: yard.unfinished() == 1)
    assert yard.report()["jobs"] == {"count READY": 1, "walk SUCCESSFUL": 1}


def test_the_command_works_off_what_waits_and_says_how_much(yard: Yard) -> None:
    yard.enqueue("count.enqueue('a')\nwalk.enqueue('b', 2)\nforeign.enqueue('c')")
    command = yard.command("worker", "--once", "--queues", "default, harvest")
    out, _ = command.communicate(timeout=30)
    assert (command.returncode, out) == (0, "3 Aufträge bearbeitet.\n")
    assert yard.report()["tallies"] == {"a": 1, "b-0": 1, "b-1": 1, "c": 1}
