"""Sources plan their own harvest, and raw bytes are not kept for ever."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from allmende.catalogue.models import Solution
from allmende.federation.actions import change_source, expire_raw_bytes, pause_source, resume_source
from allmende.federation.models import RawRecord, Run, Source
from allmende.federation.tasks import expire, run_source
from allmende.jobs.actions import begin_due, follow_settings, run_all
from allmende.jobs.models import Schedule
from allmende.lib.refusals import Refused
from tests.federation.conftest import OPERATOR, AddSource, Harvest
from tests.federation.entries import put_many

DAY = timedelta(days=1)


@pytest.fixture
def daily(add: AddSource, folder: Path) -> Source:
    put_many(folder, 3)
    return add("musterland", folder, every_hours=24)


def changed(source: Source, now: datetime, **told: object) -> Source:
    fields = ("kind", "location", "format", "profile", "every_hours")
    return change_source(
        source, by=OPERATOR, now=now, **({field: getattr(source, field) for field in fields} | told)
    )


def test_a_source_is_harvested_when_it_is_due(daily: Source, now: datetime) -> None:
    assert begin_due(now=now + DAY - timedelta(minutes=1)) == 0
    assert begin_due(now=now + DAY) == 1
    run_all(now=now + DAY)
    finished = Run.objects.get()
    assert (finished.state, finished.new, finished.is_queued) == ("complete", 3, True)
    begin_due(now=now + 2 * DAY)
    run_all(now=now + 2 * DAY)
    assert list(Run.objects.order_by("pk").values_list("new", "same")) == [(3, 0), (0, 3)]


def test_a_source_without_an_interval_is_harvested_by_hand_only(source: Source) -> None:
    assert not Schedule.objects.exists()


def test_a_source_that_pauses_is_not_harvested_and_goes_on_later(daily: Source, now: datetime) -> None:
    pause_source(daily, by=OPERATOR, now=now)
    assert not Schedule.objects.exists()
    run_source.enqueue(daily.public_id)  # it was waiting already
    run_all(now=now)
    assert not Run.objects.exists()
    resume_source(daily, by=OPERATOR, now=now)
    assert Schedule.objects.get().name == "harvest:musterland"


def test_another_interval_is_another_plan(daily: Source, now: datetime) -> None:
    changed(daily, now, every_hours=6)
    assert Schedule.objects.get().every == timedelta(hours=6)
    changed(Source.objects.get(), now, every_hours=None)
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kind": "ftp"}, "Die Art „ftp“ gibt es nicht"),
        ({"format": "word"}, "Das Format „word“ gibt es nicht"),
        ({"location": "  "}, "Geben Sie an, wo die Quelle liegt"),
        ({"every_hours": 0}, "zwischen einer Stunde und 31 Tagen"),
        ({"every_hours": 24 * 32}, "zwischen einer Stunde und 31 Tagen"),
        ({"format": "markdown", "profile": {"fields": {"preis": "x"}}}, "„preis“ nicht"),
    ],
)
def test_what_a_source_cannot_be_is_refused(
    daily: Source, now: datetime, told: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        changed(daily, now, **told)


def test_the_same_told_again_writes_nothing(daily: Source, now: datetime) -> None:
    before = Source.objects.values().get()
    changed(daily, now)
    assert Source.objects.values().get() == before


def test_a_job_that_meets_a_run_by_hand_leaves_it_alone(daily: Source, now: datetime) -> None:
    by_hand = Run.objects.create(source=daily, started_at=now, lease_until=now + 9_999 * DAY)
    run_source.enqueue(daily.public_id)
    run_all(now=now)
    assert list(Run.objects.all()) == [by_hand]


# --- Raw bytes


def test_raw_bytes_are_forgotten_after_a_year_and_nothing_else_is(
    daily: Source, harvest: Harvest, now: datetime
) -> None:
    harvest(daily)
    assert expire_raw_bytes(by=OPERATOR, now=now + 365 * DAY) == 0
    assert expire_raw_bytes(by=OPERATOR, now=now + 366 * DAY) == 3
    assert list(RawRecord.objects.values_list("content", flat=True)) == [None] * 3
    assert all(record.digest and record.findings and record.listing for record in RawRecord.objects.all())
    assert Solution.objects.filter(state="published").count() == 3
    assert harvest(daily, at=now + 367 * DAY).same == 3


def test_bytes_that_changed_lately_are_kept(
    daily: Source, folder: Path, harvest: Harvest, now: datetime
) -> None:
    harvest(daily)
    put_many(folder, 1, version=2)
    harvest(daily, at=now + 300 * DAY)
    assert expire_raw_bytes(by=OPERATOR, now=now + 400 * DAY) == 2


def test_the_expiry_is_planned_in_settings_and_runs_as_a_job(vocabulary: None, now: datetime) -> None:
    assert settings.JOBS_SCHEDULE["federation.expire"] == (expire.module_path, DAY)
    follow_settings(now=now)
    assert begin_due(now=now + DAY) >= 1
    run_all(now=now + DAY)
