"""What is wrong is said, with what to do; what is right is not."""

from collections import namedtuple
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from allmende.jobs import actions as jobs
from allmende.jobs import tasks
from allmende.operations import queries
from allmende.operations.queries import conditions, fatal_conditions
from allmende.search import engine
from tests.factories.people import somebody

pytestmark = pytest.mark.django_db


def broken(now: datetime) -> dict[str, str]:
    return {each.code: each.problem for each in conditions(now=now) if not each.is_met}


@pytest.fixture
def in_order(now: datetime, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A worker has just been here, and somebody runs the place; there is no index yet, whatever ran before."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.DEMO = True  # its pages may stay as they come; those of a real site are tested below
    engine.forget()
    jobs.follow_settings(now=now)
    somebody("operator_admin", now=now)
    yield
    engine.forget()


def test_a_house_in_order_says_nothing_but_that_the_index_is_missing(in_order: None, now: datetime) -> None:
    assert broken(now) == {"search": "Die Suche antwortet nicht."}


def test_a_house_that_nobody_runs_says_so(now: datetime) -> None:
    jobs.follow_settings(now=now)
    assert broken(now)["people"] == "Niemand hat die Rolle „Betrieb“."


def test_a_worker_that_is_silent_is_missed(in_order: None, now: datetime) -> None:
    later = now + timedelta(days=2)
    assert broken(now + timedelta(minutes=3)).get("worker") is None
    assert broken(later)["worker"].startswith("Kein Arbeiter meldet sich seit ")


def test_a_queue_that_nobody_serves_is_named(in_order: None, now: datetime) -> None:
    DBTaskResult.objects.all().delete()
    tasks.tidy.using(queue_name="harvest").enqueue()
    DBTaskResult.objects.update(enqueued_at=now - timedelta(minutes=31))
    assert broken(now)["queues"] == "In harvest warten Aufträge seit über 30 Minuten."


def test_a_failed_job_waits_for_a_person(in_order: None, now: datetime) -> None:
    DBTaskResult.objects.all().delete()
    tasks.tidy.enqueue()
    DBTaskResult.objects.update(status="FAILED", finished_at=now)
    assert broken(now)["failed"] == "Ein gescheiterter Auftrag wartet auf eine Entscheidung."


def test_a_full_disk_is_seen_before_it_is_full(in_order: None, now: datetime, monkeypatch: Any) -> None:
    usage = namedtuple("usage", "total used free")  # as the standard library's own
    monkeypatch.setattr(queries.shutil, "disk_usage", lambda _path: usage(9, 9, 120_000_000))
    assert broken(now)["disk"] == "Auf der Platte sind nur noch 120 MB frei."


def test_a_missing_cache_table_is_fatal_and_says_what_to_type(in_order: None, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")
    said = {each.code: each.mend for each in fatal_conditions(now=now) if not each.is_met}
    if connection.vendor == "sqlite":
        assert said == {"cache": "Geben Sie ein: allmende createcachetable"}
    else:
        assert "cache" in said


def test_check_says_all_of_it_and_fails_only_for_what_is_fatal(in_order: None, settings: Any) -> None:
    settings.DEMO = True  # what a public server needs is tested below
    out = StringIO()
    call_command("check", stdout=out)
    assert "Warnung: Die Suche antwortet nicht.\n  → Geben Sie ein: allmende index status" in out.getvalue()


def test_check_fails_where_the_database_is_old(in_order: None, monkeypatch: Any, settings: Any) -> None:
    settings.DEMO = True
    monkeypatch.setattr(queries.MigrationExecutor, "migration_plan", lambda *_: ["something"])
    out = StringIO()
    with pytest.raises(CommandError, match="1 Fehler"):
        call_command("check", stdout=out)
    assert "Fehler: Die Datenbank ist nicht auf dem Stand des Programms." in out.getvalue()


def test_with_djangos_options_it_is_djangos_command(capsys: Any) -> None:
    call_command("check", list_tags=True)
    assert "models" in capsys.readouterr().out.split()


PUBLIC = {
    "SITE_URL": "https://allmende.example",
    "ALLOWED_HOSTS": ["allmende.example"],
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "DEMO": False,
    "DEBUG": False,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECRET_KEY": "a-key-of-fifty-characters-0123456789-abcdefghijklm",
    "EMAIL_HOST": "mail.allmende.example",
    "DEFAULT_FROM_EMAIL": "Allmende <post@stadt.de>",
    "LETTER_SENDER": ["Geschäftsstelle", "Am Markt 1", "00101 Ahorn"],
    "LETTER_PHONE": "00000 0000",
    "LETTER_REPLY_TO": "post@stadt.de",
}


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({}, []),
        ({"SITE_URL": "http://allmende.example"}, ["allmende.W001"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["allmende.E002"]),
        ({"ALLOWED_HOSTS": ["other.example"]}, ["allmende.E003"]),
        ({"ALLOWED_HOSTS": [".example"]}, []),
        ({"SECURE_PROXY_SSL_HEADER": None}, ["allmende.W004"]),
        ({"DEMO": True}, ["allmende.E005"]),
        ({"EMAIL_HOST": ""}, ["allmende.E006"]),
        ({"DEFAULT_FROM_EMAIL": "allmende@localhost"}, ["allmende.E007"]),
        ({"DEFAULT_FROM_EMAIL": "Allmende <a@b.example>"}, ["allmende.E007"]),
        ({"SECRET_KEY": "a-key-of-forty-nine-characters-0123456789-abcdefg"}, ["allmende.E012"]),
        ({"SECRET_KEY": "ab" * 40}, ["allmende.E012"]),
        ({"SESSION_COOKIE_SECURE": False}, ["allmende.E013"]),
        ({"CSRF_COOKIE_SECURE": False}, ["allmende.E013"]),
        ({"SESSION_COOKIE_HTTPONLY": False}, ["allmende.E013"]),
        ({"SECURE_SSL_REDIRECT": False}, ["allmende.E013"]),
        ({"SECURE_HSTS_SECONDS": 0}, ["allmende.E013"]),
        ({"SITE_URL": "http://allmende.example", "SESSION_COOKIE_SECURE": False}, ["allmende.W001"]),
        ({"LETTER_SENDER": []}, ["allmende.W040"]),
        ({"LETTER_PHONE": ""}, ["allmende.W041"]),
        ({"LETTER_REPLY_TO": ""}, ["allmende.W042"]),
    ],
)
def test_each_setting_that_is_wrong_for_the_public_is_named(
    wrong: dict[str, Any], found: list[str], settings: Any
) -> None:
    for name, value in (PUBLIC | wrong).items():
        setattr(settings, name, value)
    ours = [
        each for each in run_checks(include_deployment_checks=True) if str(each.id).startswith("allmende.")
    ]
    assert sorted(str(each.id) for each in ours) == found
    assert all(each.hint for each in ours)


def test_nothing_is_said_twice_and_in_english(settings: Any) -> None:
    """Django says some of it too; what is silenced is what a check of ours says."""
    for name, value in PUBLIC.items():
        setattr(settings, name, value)
    wrong = {"SITE_URL": "http://allmende.example", "SECRET_KEY": "x", "SESSION_COOKIE_SECURE": False,
             "CSRF_COOKIE_SECURE": False, "SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 0}  # fmt: skip
    for name, value in wrong.items():
        setattr(settings, name, value)
    said = [each.id for each in run_checks(include_deployment_checks=True) if not each.is_silenced()]
    # The last is about how tests are run.
    assert sorted(each for each in said if each != "async.E001") == ["allmende.E012", "allmende.W001"]


@pytest.mark.parametrize(
    ("name", "mode", "found"),
    [("private.pem", 0o600, []), ("private.pem", 0o640, ["allmende.E009"]), ("checkpoint.json", 0o644, [])],
)
def test_a_key_that_others_can_read_is_an_error(
    name: str, mode: int, found: list[str], settings: Any, tmp_path: Any
) -> None:
    for setting, value in PUBLIC.items():
        setattr(settings, setting, value)
    (tmp_path / name).write_text("x")
    (tmp_path / name).chmod(mode)
    settings.BACKUP_KEYS = {"journal": tmp_path}
    every = run_checks(include_deployment_checks=True)
    assert [each.id for each in every if str(each.id).startswith("allmende.")] == found
