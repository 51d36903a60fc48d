"""Runs: what they count, what they write, and what they never do."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from allmende.accounts.models import User
from allmende.catalogue.actions import erase, withdraw
from allmende.catalogue.models import Edition, Listing, Solution, Statement
from allmende.federation.actions import accept_missing, pause_source, recording, resume_source, run, running
from allmende.federation.fetching import Limits
from allmende.federation.formats.registry import FORMATS
from allmende.federation.models import RawRecord, Run, Source
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.federation.conftest import OPERATOR, AddSource, Harvest
from tests.federation.entries import entry, put, put_many


def published() -> list[Any]:
    """All that anybody may see or cite."""
    return [list(model.objects.order_by("pk").values()) for model in (Solution, Listing, Statement, Edition)]


def writes(queries: CaptureQueriesContext) -> list[str]:
    """What was written, but for the run's own row."""
    statements = [query["sql"] for query in queries]
    changing = [sql for sql in statements if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    return [sql for sql in changing if '"federation_run"' not in sql]


def test_the_first_run_publishes_everything_and_says_so(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put_many(folder, 12)
    finished = harvest(source)
    assert (finished.state, finished.seen, finished.new) == ("complete", 12, 12)
    assert Solution.objects.filter(state="published").count() == 12
    assert [entry.kind for entry in history("source", source.public_id)] == [
        "federation.run_finished",
        "federation.source_added",
    ]


def test_the_second_run_writes_nothing_but_its_own_row(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put_many(folder, 12)
    put(folder, "leer/publiccode.yml", b"")
    harvest(source)
    before = published()
    with CaptureQueriesContext(connection) as queries:
        finished = harvest(source)
    assert (finished.state, finished.same, finished.unreadable) == ("complete", 12, 1)
    assert writes(queries) == []
    assert published() == before


def test_the_queries_of_an_unchanged_run_do_not_grow_with_its_records(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    counts = []
    for number in (1, 3, 90):
        put_many(folder, number)
        harvest(source)
        with CaptureQueriesContext(connection) as queries:
            harvest(source)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_a_changed_copy_shows_changed_and_keeps_its_place(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put_many(folder, 5)
    harvest(source)
    before = dict(Solution.objects.values_list("repository_key", "public_id"))
    put_many(folder, 2, version=2)
    finished = harvest(source, at=now + timedelta(days=1))
    assert (finished.changed, finished.same, finished.new) == (2, 3, 0)
    assert dict(Solution.objects.values_list("repository_key", "public_id")) == before
    changed = Solution.objects.get(name="Werkzeug Nummer 1")
    assert "Fassung 2" in changed.texts.get().summary
    assert list(Edition.objects.filter(subject_id=changed.public_id).values_list("number", flat=True)) == [
        1,
        2,
    ]
    assert [each.kind for each in history("solution", changed.public_id)] == [
        "catalogue.solution_changed",
        "catalogue.solution_published",
    ]
    # What the change did not touch holds since the first day.
    since = dict(Statement.objects.filter(listing__solution=changed).values_list("field", "stated_at"))
    assert since["licence"] == now
    assert since["texts.de"] == now + timedelta(days=1)


def test_other_bytes_with_the_same_meaning_are_changed_once_and_make_no_edition(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put(folder, "publiccode.yml", entry())
    harvest(source)
    put(folder, "publiccode.yml", "# Ein Kommentar\n" + entry())
    assert harvest(source).changed == 1
    assert harvest(source).same == 1
    assert Edition.objects.count() == 1


def test_a_file_that_vanishes_is_marked_missing_and_stays_published(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put_many(folder, 12)
    harvest(source)
    (folder / "003" / "publiccode.yml").unlink()
    finished = harvest(source)
    assert (finished.state, finished.same, finished.missing) == ("complete", 11, 1)
    listing = Listing.objects.get(key="003/publiccode.yml")
    assert (listing.missing_since, listing.solution.state) == (now, "published")
    again = harvest(source)
    assert (again.state, again.missing) == ("complete", 0)


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_that_comes_back_is_no_longer_missing(
    source: Source, folder: Path, harvest: Harvest, version: int
) -> None:
    put_many(folder, 12)
    harvest(source)
    (folder / "003" / "publiccode.yml").unlink()
    harvest(source)
    put_many(folder, 12)
    put_many(folder, 4, version)
    finished = harvest(source)
    assert (finished.same + finished.changed, finished.missing) == (12, 0)
    assert not Listing.objects.exclude(missing_since=None).exists()
    assert not RawRecord.objects.exclude(missing_since=None).exists()
    assert Solution.objects.count() == 12


def test_a_file_that_comes_back_broken_is_there_again_and_kept_back(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put_many(folder, 12)
    harvest(source)
    (folder / "003" / "publiccode.yml").unlink()
    harvest(source)
    put(folder, "003/publiccode.yml", b"")
    assert harvest(source).unreadable == 1
    assert not Listing.objects.exclude(missing_since=None).exists()


# --- Case 7: an empty source, a source that shrinks


def test_a_source_that_is_suddenly_empty_changes_nothing_and_has_failed(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put_many(folder, 7)
    harvest(source)
    before = published()
    for path in folder.rglob("publiccode.yml"):
        path.unlink()
    finished = harvest(source)
    assert (finished.state, finished.seen, finished.missing) == ("failed", 0, 0)
    assert finished.problem == ("Die Quelle ist leer. Nichts wurde geändert. Prüfen Sie den Ort der Quelle.")
    assert published() == before


def test_a_source_that_was_never_anything_has_failed_too(source: Source, harvest: Harvest) -> None:
    assert harvest(source).state == "failed"


def test_a_directory_that_is_gone_changes_nothing_and_has_failed(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put_many(folder, 7)
    harvest(source)
    before = published()
    folder.rename(folder.with_name("elsewhere"))
    finished = harvest(source)
    assert (finished.state, finished.problem) == (
        "failed",
        f"Das Verzeichnis „{folder}“ gibt es nicht, oder es ist nicht lesbar.",
    )
    assert published() == before


def test_a_source_that_shrinks_by_more_than_a_fifth_waits_for_a_person(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put_many(folder, 20)
    harvest(source)
    before = published()
    for number in range(5):
        (folder / f"{number:03}" / "publiccode.yml").unlink()
    for _ in range(2):
        finished = harvest(source)
        assert (finished.state, finished.same, finished.missing, finished.missing_held) == (
            "complete",
            15,
            0,
            5,
        )
    assert published() == before
    # One comes back before anybody has looked.
    put_many(folder, 1)
    finished = harvest(source)
    assert (finished.missing, finished.missing_held) == (4, 0)
    assert Listing.objects.exclude(missing_since=None).count() == 4


def test_a_person_may_accept_that_they_are_gone(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put_many(folder, 20)
    harvest(source)
    for number in range(10):
        (folder / f"{number:03}" / "publiccode.yml").unlink()
    assert harvest(source).missing_held == 10
    assert accept_missing(source, by=OPERATOR, now=now) == 10
    assert Listing.objects.exclude(missing_since=None).count() == 10
    assert Solution.objects.filter(state="published").count() == 20
    assert not Run.objects.exclude(missing_held=0).exists()
    with pytest.raises(Refused, match="nichts auf Ihre Prüfung"):
        accept_missing(source, by=OPERATOR, now=now)
    put_many(folder, 20)
    assert harvest(source).same == 20
    assert not Listing.objects.exclude(missing_since=None).exists()


def test_a_small_source_may_lose_a_few(source: Source, folder: Path, harvest: Harvest) -> None:
    put_many(folder, 5)
    harvest(source)
    for number in range(4):
        (folder / f"{number:03}" / "publiccode.yml").unlink()
    assert harvest(source).missing == 4


def test_exactly_a_fifth_does_not_wait(source: Source, folder: Path, harvest: Harvest) -> None:
    put_many(folder, 25)
    harvest(source)
    for number in range(5):
        (folder / f"{number:03}" / "publiccode.yml").unlink()
    finished = harvest(source)
    assert (finished.missing, finished.missing_held) == (5, 0)


def test_a_source_with_too_many_records_stops_and_marks_nothing_missing(
    source: Source, folder: Path, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_many(folder, 12)
    harvest(source)
    finished = harvest(source, limits=Limits(max_records=10))
    assert (finished.state, finished.missing) == ("failed", 0)
    assert finished.problem == "Die Quelle hat mehr als 10 Einträge."


# --- One at a time


def alive(source: Source, now: datetime, **other: Any) -> Run:
    """A run as another process has it."""
    return Run.objects.create(source=source, started_at=now, lease_until=now + timedelta(minutes=1), **other)


def test_two_runs_at_once_are_refused(source: Source, folder: Path, harvest: Harvest, now: datetime) -> None:
    alive(source, now)
    with pytest.raises(Refused, match="läuft schon"):
        harvest(source)
    assert Run.objects.count() == 1


def test_an_interrupted_run_is_closed_by_the_next(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put_many(folder, 3)
    dead = alive(source, now)
    assert harvest(source, at=now + timedelta(minutes=2)).new == 3
    dead.refresh_from_db()
    assert (dead.state, dead.problem) == (
        "interrupted",
        "Der Abgleich wurde unterbrochen. Der nächste holt nach, was fehlt.",
    )


def test_a_job_of_the_queue_knows_that_the_one_before_it_is_dead(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put_many(folder, 3)
    dead = alive(source, now, is_queued=True)
    assert harvest(source, is_queued=True).new == 3
    dead.refresh_from_db()
    assert dead.state == "interrupted"


def test_a_job_of_the_queue_does_not_push_aside_what_a_person_has_started(
    source: Source, harvest: Harvest, now: datetime
) -> None:
    alive(source, now)
    with pytest.raises(Refused, match="läuft schon"):
        harvest(source, is_queued=True)


def test_a_run_that_was_taken_for_dead_writes_nothing_more(
    source: Source, folder: Path, harvest: Harvest, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine slept through its lease; meanwhile another run has begun."""
    put_many(folder, 250)
    usual = recording.take_in
    batches = []

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        found = usual(*args, **kwargs)
        batches.append(found)
        return found

    def records(*args: Any, **kwargs: Any) -> Iterator[Any]:
        for number, fetched in enumerate(fetch(*args, **kwargs)):
            if number == 150:
                Run.objects.update(state="interrupted", finished_at=now)
                Run.objects.create(source=source, started_at=now, lease_until=now + timedelta(minutes=5))
            yield fetched

    fetch = running.fetch
    monkeypatch.setattr(running, "take_in", overtaken)
    monkeypatch.setattr(running, "fetch", records)
    finished = harvest(source)
    assert (finished.state, len(batches), RawRecord.objects.count()) == ("interrupted", 1, 100)
    assert Run.objects.filter(state="running").count() == 1


# --- Faults of our own


class Stumbling:
    """A reader with a defect."""

    code = "publiccode"
    version = 1
    label = ""

    def wants(self, *_: object) -> bool:
        return True

    def profile_problems(self, *_: object) -> tuple[str, ...]:
        return ()

    def read(self, *_: object, **__: object) -> Any:
        raise RecursionError


def test_a_reader_that_raises_keeps_the_record_back_and_the_run_goes_on(
    source: Source, folder: Path, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_many(folder, 3)
    monkeypatch.setitem(FORMATS, "publiccode", Stumbling())
    finished = harvest(source)
    assert (finished.state, finished.unreadable) == ("complete", 3)
    assert RawRecord.objects.values_list("reasons", flat=True).first() == [recording.OUR_FAULT]


def failing(error: Exception, only: str) -> Any:
    usual = recording.receive

    def receive(draft: Any, **kwargs: Any) -> Any:
        received = usual(draft, **kwargs)
        if kwargs["key"].startswith(only):
            raise error
        return received

    return receive


def test_a_gate_that_fails_takes_back_one_record_and_the_run_goes_on(
    source: Source, folder: Path, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_many(folder, 3)
    monkeypatch.setattr(recording, "receive", failing(ValueError("a defect of ours"), "001"))
    finished = harvest(source)
    assert (finished.state, finished.new, finished.refused) == ("complete", 2, 1)
    assert list(Solution.objects.order_by("pk").values_list("name", flat=True)) == [
        "Werkzeug Nummer 0",
        "Werkzeug Nummer 2",
    ]
    monkeypatch.undo()
    assert harvest(source).new == 1


def test_a_database_that_goes_away_ends_the_run_and_says_nothing_about_records(
    source: Source, folder: Path, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_many(folder, 3)
    monkeypatch.setattr(recording, "receive", failing(OperationalError("disk full"), "001"))
    with pytest.raises(OperationalError):
        harvest(source)
    finished = Run.objects.get()
    assert (finished.state, finished.adds_up, finished.seen) == ("failed", True, 0)
    assert not RawRecord.objects.exists()
    monkeypatch.undo()
    assert harvest(source).new == 3


def test_a_person_who_stops_a_run_leaves_it_closed(
    source: Source, folder: Path, harvest: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_many(folder, 3)
    monkeypatch.setattr(recording, "receive", failing(KeyboardInterrupt(), "001"))  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        harvest(source)
    assert Run.objects.get().state == "interrupted"
    monkeypatch.undo()
    assert harvest(source).new == 3


# --- What people have decided stays decided


def test_a_withdrawn_solution_stays_withdrawn_and_an_erased_one_does_not_come_back(
    source: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    put_many(folder, 3)
    harvest(source)
    withdraw(Solution.objects.get(name="Werkzeug Nummer 0"), reason="Auf Wunsch.", by=OPERATOR, now=now)
    erase(Solution.objects.get(name="Werkzeug Nummer 1"), reason="Urteil.", by=OPERATOR, now=now)
    put_many(folder, 3, version=2)
    finished = harvest(source)
    assert finished.state == "complete"
    states = dict(Solution.objects.values_list("pk", "state"))
    assert sorted(states.values()) == ["erased", "published", "withdrawn"]


# --- Who may


def test_only_operators_and_editors_may_run_and_only_operators_may_pause(
    source: Source, folder: Path, now: datetime
) -> None:
    put_many(folder, 1)
    stranger = Actor(kind="person", id="fremd")
    for act in (
        lambda: run(source, by=stranger, now=now),
        lambda: accept_missing(source, by=stranger, now=now),
        lambda: pause_source(source, by=stranger, now=now),
        lambda: resume_source(source, by=stranger, now=now),
    ):
        with pytest.raises(Refused):
            act()
    assert not Run.objects.exists()


def test_no_word_of_a_contact_reaches_an_edition_or_the_journal(
    source: Source, folder: Path, harvest: Harvest
) -> None:
    put(folder, "publiccode.yml", entry().replace("Team Digitales", "Erika Beispielfrau"))
    harvest(source)
    solution = Solution.objects.get()
    editions = "".join(Edition.objects.values_list("content", flat=True))
    journal = json.dumps([each.data for each in history("solution", solution.public_id)])
    assert "Erika" not in editions + journal
    assert not User.objects.exists()


def test_records_of_a_source_added_twice_are_counted_once(
    add: AddSource, folder: Path, harvest: Harvest
) -> None:
    put_many(folder, 2)
    harvest(add("eins", folder))
    finished = harvest(add("zwei", folder))
    assert (finished.new, finished.changed, Solution.objects.count(), Listing.objects.count()) == (0, 2, 2, 4)
