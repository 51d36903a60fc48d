"""What the harvest has seen: all of it for staff, and for others only what names no place on the server."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from allmende.federation import queries
from allmende.federation.actions import pause_source
from allmende.federation.actions.sources import request_run
from allmende.federation.models import RawRecord, Run, Source
from allmende.jobs.actions import run_all
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.federation.conftest import OPERATOR, Harvest
from tests.federation.entries import put, put_many

EDITOR = Actor(kind="person", id="editor", roles=frozenset({("catalogue_editor", None)}))
STRANGER = Actor(kind="person", id="fremd")


@pytest.fixture
def harvested(source: Source, folder: Path, harvest: Harvest) -> Source:
    put_many(folder, 20)
    put(folder, "leer/publiccode.yml", b"")
    harvest(source)
    return source


def test_staff_sees_sources_and_records_and_strangers_see_none(harvested: Source) -> None:
    assert list(queries.sources(EDITOR)) == [harvested]
    assert queries.records(harvested, EDITOR).count() == 21
    assert [record.key for record in queries.waiting(EDITOR)] == ["leer/publiccode.yml"]
    for actor in (STRANGER, Actor.anonymous()):
        assert list(queries.sources(actor)) == []
        assert list(queries.records(harvested, actor)) == []
        assert list(queries.waiting(actor)) == []
        assert list(queries.held_sources(actor)) == []


def test_what_waits_for_a_look_is_found_and_then_is_not(
    harvested: Source, folder: Path, harvest: Harvest
) -> None:
    assert list(queries.held_sources(EDITOR)) == []
    for number in range(10):
        (folder / f"{number:03}" / "publiccode.yml").unlink()
    harvest(harvested)
    assert list(queries.held_sources(EDITOR)) == [harvested]
    assert queries.held_records(harvested, EDITOR).count() == 10
    put_many(folder, 10)
    harvest(harvested)
    assert list(queries.held_sources(EDITOR)) == []


def test_everybody_may_know_when_a_source_was_harvested_last_and_how_it_ended(
    harvested: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    folder.rename(folder.with_name("elsewhere"))
    harvest(harvested, at=now + timedelta(days=1))
    Run.objects.create(
        source=harvested, started_at=now + timedelta(days=2), lease_until=now + timedelta(days=3)
    )
    (last,) = queries.last_runs().values()
    assert (last.state, last.label, last.is_paused) == ("failed", "gescheitert", False)
    assert last.finished_at.date() == (now + timedelta(days=1)).date()
    assert str(folder) not in repr(last)


def test_the_last_run_of_each_source_comes_in_two_queries(
    harvested: Source, harvest: Harvest, django_assert_num_queries: object
) -> None:
    harvest(harvested)
    with django_assert_num_queries(2):  # type: ignore[operator]
        (found,) = queries.sources_with_last_run(EDITOR)
    assert [run.same for run in found.last_runs] == [20]
    assert queries.runs(harvested).count() == 2


def test_a_record_is_found_by_its_address_and_without_its_bytes(harvested: Source) -> None:
    record = RawRecord.objects.get(key="leer/publiccode.yml")
    found = queries.record_by_address(record.public_id)
    assert found == record
    assert found is not None
    assert "content" in found.get_deferred_fields()
    assert queries.record_by_address("nirgends") is None


def test_a_run_that_a_person_asks_for_is_done_by_the_worker_and_stands_in_the_journal(
    source: Source, folder: Path, now: datetime
) -> None:
    put_many(folder, 2)
    request_run(source, by=EDITOR, now=now)
    request_run(source, by=EDITOR, now=now)
    run_all(now=now)
    assert Run.objects.get().new == 2
    entries = [
        entry for entry in history("source", source.public_id) if entry.kind == "federation.run_requested"
    ]
    assert [entry.actor_id for entry in entries] == ["editor", "editor"]


def test_a_run_cannot_be_asked_for_by_strangers_or_while_the_source_pauses(
    source: Source, now: datetime
) -> None:
    with pytest.raises(Refused):
        request_run(source, by=STRANGER, now=now)
    pause_source(source, by=OPERATOR, now=now)
    source.refresh_from_db()
    with pytest.raises(Refused, match="angehalten"):
        request_run(source, by=EDITOR, now=now)
