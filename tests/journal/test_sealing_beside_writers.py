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
from allmende.journal.queries import _oldest_writer, newest_transaction
from allmende.journal.verification import verify
from allmende.lib.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)

BY = Actor.program("test")
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path / "journal"


def one_more(subject: str) -> None:
    record("catalogue.solution_changed", subject=("solution", subject), by=BY, now=datetime.now(UTC))


def one_by_itself(subject: str) -> None:
    with transaction.atomic():
        one_more(subject)


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


def gaps_at(minutes: int) -> str:
    """Something else commits, and is sealed that many minutes later; the gaps that are left."""
    one_by_itself(f"m{minutes}")
    assert seal_waiting(now=START + timedelta(minutes=minutes)) == 1
    return Seal.objects.latest("number").gaps


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_gap_stays_open_as_long_as_its_transaction_and_no_longer() -> None:
    """However long it lasts, and whatever else commits meanwhile."""
    written, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            one_more("slow")
            written.set()
            assert may_end.wait(60)
            transaction.set_rollback(True)

    thread = beside(slow)
    assert written.wait(30)
    gap = gaps_at(0)
    assert gap != ""
    assert [gaps_at(minutes) for minutes in (20, 60, 300)] == [gap] * 3
    may_end.set()
    thread.join()
    assert gaps_at(301) == ""
    assert verify(now=START + timedelta(minutes=302)).faults == []


def elsewhere() -> Any:
    """A connection to another database of the same server, which Django knows nothing of."""
    params = connection.get_connection_params()
    names = [name for name in ("host", "port", "user", "password") if params.get(name)]
    return connection.Database.connect(dbname="postgres", **{name: params[name] for name in names})


def rolled_back() -> None:
    with transaction.atomic():
        one_more("gone")
        transaction.set_rollback(True)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_transaction_of_another_database_keeps_no_gap_open() -> None:
    """Transactions are numbered for the whole server: a stranger's long export must not leave our gaps open."""
    with elsewhere() as stranger:
        stranger.execute("SELECT pg_current_xact_id()")
        rolled_back()
        gap = gaps_at(0)
        assert (gap != "", [gaps_at(minutes) for minutes in (20, 60)]) == (True, [gap, ""])
        stranger.rollback()
    assert verify(now=START + timedelta(minutes=61)).faults == []


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_transaction_that_writes_no_entries_keeps_no_gap_open_either() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def other_work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
            begun.set()
            assert may_end.wait(60)

    thread = beside(other_work)
    assert begun.wait(30)
    rolled_back()
    gap = gaps_at(0)
    assert (gap != "", [gaps_at(minutes) for minutes in (20, 60)]) == (True, [gap, ""])
    may_end.set()
    thread.join()


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_the_oldest_writer_is_the_transaction_that_wrote_the_earliest() -> None:
    """Before, during and after: the number never passes a transaction that may still commit an entry."""
    numbers: list[int] = []
    written, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            one_more("slow")
            numbers.append(newest_transaction())
            written.set()
            assert may_end.wait(60)

    thread = beside(slow)
    assert written.wait(30)
    for number in range(3):
        one_by_itself(f"n{number}")
    assert _oldest_writer() == numbers[0]
    may_end.set()
    thread.join()
    assert _oldest_writer() > numbers[0]
