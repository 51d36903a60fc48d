"""Sealing while others write, with real transactions of several connections."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from allmende.journal.actions import record, seal_waiting
from allmende.journal.models import Entry, Seal
from allmende.journal.verification import verify
from allmende.lib.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor.program("test")


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path / "journal"


def one_more(subject: str) -> None:
    record("catalogue.solution_changed", subject=("solution", subject), by=BY, now=datetime.now(UTC))


def beside(work: Callable[[], None]) -> threading.Thread:
    """Run in a thread with a connection of its own; what it raises fails the test by the missing entries."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_an_entry_that_commits_after_a_later_one_was_sealed_gets_its_own_seal() -> None:
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            one_more("slow")
            written.set()
            assert may_commit.wait(30)

    thread = beside(slow)
    assert written.wait(30)
    with transaction.atomic():
        one_more("fast")
    assert seal_waiting(now=datetime.now(UTC)) == 1  # and did not wait for the slow one
    may_commit.set()
    thread.join()
    slow_entry, fast_entry = Entry.objects.get(subject_id="slow"), Entry.objects.get(subject_id="fast")
    assert slow_entry.pk < fast_entry.pk
    report = verify(now=datetime.now(UTC))
    assert (report.waiting, report.faults) == (1, [])
    assert seal_waiting(now=datetime.now(UTC)) == 1
    assert [each.ids for each in Seal.objects.all()] == [str(fast_entry.pk), str(slow_entry.pk)]
    assert verify(now=datetime.now(UTC)).faults == []


def test_with_writers_at_work_every_entry_is_sealed_once() -> None:
    writers, each = 3, 15

    def write() -> None:
        for number in range(each):
            with transaction.atomic():
                one_more(f"w{number}")

    threads = [beside(write) for _ in range(writers)]
    sealed = 0
    while any(thread.is_alive() for thread in threads):
        sealed += seal_waiting(now=datetime.now(UTC))
    for thread in threads:
        thread.join()
    sealed += seal_waiting(now=datetime.now(UTC))
    report = verify(now=datetime.now(UTC))
    assert Entry.objects.count() == writers * each
    assert (sealed, report.entries, report.waiting, report.faults) == (writers * each, writers * each, 0, [])


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_gap_stays_open_as_long_as_its_transaction_and_no_longer() -> None:
    """However long it lasts, and whatever else commits meanwhile."""
    start, written, may_end = datetime.now(UTC), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            one_more("slow")
            written.set()
            assert may_end.wait(60)
            transaction.set_rollback(True)

    def at(minutes: int) -> str:
        """Something else commits, and is sealed at that time; the gaps that are left."""
        with transaction.atomic():
            one_more(f"m{minutes}")
        assert seal_waiting(now=start + timedelta(minutes=minutes)) == 1
        return Seal.objects.latest("number").gaps

    thread = beside(slow)
    assert written.wait(30)
    gap = at(0)
    assert gap != ""
    assert [at(minutes) for minutes in (20, 60, 300)] == [gap] * 3
    may_end.set()
    thread.join()
    assert at(301) == ""
    assert verify(now=start + timedelta(minutes=302)).faults == []
