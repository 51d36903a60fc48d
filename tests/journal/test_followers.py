from collections.abc import Sequence
from datetime import datetime
from itertools import chain

import pytest
from django.utils.module_loading import import_string

from allmende.jobs import queries as jobs
from allmende.jobs.actions import run_all
from allmende.journal import actions, kinds, tasks
from allmende.journal.actions import record
from allmende.journal.models import Delivery
from allmende.journal.queries import Entry, followers_of, undelivered
from allmende.lib.actors import Actor

pytestmark = pytest.mark.django_db

told: list[list[str]] = []
unbearable: set[str] = set()


def follow(entries: Sequence[Entry]) -> None:
    ids = [entry.subject_id for entry in entries]
    if unbearable & set(ids):
        raise ValueError(f"cannot bear {', '.join(ids)}")
    told.append(ids)


def follow_too(entries: Sequence[Entry]) -> None:
    told.append([f"too {entry.subject_id}" for entry in entries])


FOLLOW, FOLLOW_TOO = f"{__name__}.follow", f"{__name__}.follow_too"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    told.clear()
    unbearable.clear()
    monkeypatch.setattr(kinds, "known_kinds", lambda: {"catalogue.changed": "", "regions.changed": ""})
    settings.JOURNAL_FOLLOWERS = {"catalogue.": [FOLLOW]}


def happen(*ids: str, kind: str = "catalogue.changed", now: datetime) -> None:
    for subject_id in ids:
        record(kind, subject=("thing", subject_id), by=Actor.program("test"), now=now)


def due() -> list[str]:
    return [delivery.entry.subject_id for delivery in undelivered(FOLLOW)]


def test_a_burst_is_told_by_one_job_in_one_go(now: datetime) -> None:
    happen("a", "b", "c", now=now)
    assert jobs.waiting().count() == 1
    assert run_all(now) == 1
    assert told == [["a", "b", "c"]]
    assert Delivery.objects.count() == 0


def test_much_is_told_in_batches(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BATCH", 2)
    happen("a", "b", "c", "d", "e", now=now)
    run_all(now)
    assert told == [["a", "b"], ["c", "d"], ["e"]]


def test_followers_are_told_of_their_kinds_only(now: datetime, settings) -> None:
    settings.JOURNAL_FOLLOWERS = {
        "catalogue.": [FOLLOW, FOLLOW_TOO],
        "catalogue.changed": [FOLLOW],
        "x.": ["y"],
    }
    happen("a", now=now)
    happen("r", kind="regions.changed", now=now)
    assert run_all(now) == 2
    assert sorted(told) == [["a"], ["too a"]]
    assert followers_of("regions.changed") == []


def test_an_entry_of_a_transaction_that_commits_late_is_told(now: datetime) -> None:
    """A cursor on the highest id told would pass over it: its id is lower than one told before."""
    happen("late", "early", now=now)
    late = Delivery.objects.get(entry__subject_id="late")
    late.delete()
    run_all(now)
    late.save(force_insert=True)
    happen("next", now=now)
    run_all(now)
    assert told == [["early"], ["late", "next"]]


def test_one_follower_that_fails_does_not_hold_up_another(now: datetime, settings) -> None:
    settings.JOURNAL_FOLLOWERS = {"catalogue.": [FOLLOW, FOLLOW_TOO]}
    unbearable.add("a")
    happen("a", now=now)
    run_all(now, raise_errors=False)
    assert told == [["too a"]]
    assert due() == ["a"]


def test_an_entry_that_a_follower_cannot_bear_holds_up_no_other(now: datetime) -> None:
    unbearable.add("c")
    happen("a", "b", "c", "d", "e", now=now)
    run_all(now, raise_errors=False)
    assert sorted(chain(*told)) == ["a", "b", "d", "e"]
    assert due() == ["c"]
    happen("f", now=now)
    run_all(now, raise_errors=False)
    assert told[-1] == ["f"]


def test_what_could_not_be_borne_is_told_again_later(now: datetime) -> None:
    unbearable.add("a")
    happen("a", now=now)
    run_all(now, raise_errors=False)
    job = jobs.waiting().get()
    assert "cannot bear a" in job.traceback
    unbearable.clear()
    run_all(job.run_after)
    assert (told, due()) == ([["a"]], [])


def test_what_was_given_up_is_told_once_the_follower_is_mended(now: datetime) -> None:
    unbearable.add("a")
    happen("a", now=now)
    while job := jobs.waiting().first():
        run_all(max(job.run_after if job.worker_ids else now, now), raise_errors=False)
    assert jobs.failed().count() == 1
    unbearable.clear()
    assert actions.tell_leftovers() == 1
    run_all(now)
    assert told == [["a"]]


def test_what_is_due_to_a_follower_that_left_the_settings_is_dropped(now: datetime, settings) -> None:
    happen("a", now=now)
    settings.JOURNAL_FOLLOWERS = {"catalogue.": [FOLLOW_TOO]}
    assert actions.tell_leftovers() == 0
    assert Delivery.objects.count() == 0


def test_the_minute_job_asks_for_leftovers(now: datetime) -> None:
    happen("a", now=now)
    jobs.waiting().delete()
    tasks.tidy.enqueue()
    assert run_all(now) == 2
    assert told == [["a"]]


def test_the_followers_in_our_own_settings_exist() -> None:
    from allmende.config import settings as written

    paths = {path for paths in written.JOURNAL_FOLLOWERS.values() for path in paths}
    assert {path for path in paths if not callable(import_string(path))} == set()
