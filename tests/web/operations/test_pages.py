"""What machines and the operator see of the house."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client
from django_tasks_db.models import DBTaskResult

from allmende.jobs.job import job
from allmende.operations import queries
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db


@job()
def clear_snow(street: str) -> None: ...


@pytest.fixture
def failed(now: datetime) -> DBTaskResult:
    clear_snow.enqueue("Hauptstraße")
    DBTaskResult.objects.update(
        status="FAILED",
        finished_at=now,
        traceback="Traceback …\nValueError: no snow\n",
        worker_ids=["a", "b"],
    )
    return DBTaskResult.objects.get()


def test_a_process_that_lives_says_so_without_asking_anybody(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/zustand")
    assert (answer.status_code, answer.content) == (200, b"lebt\n")


def test_a_process_that_can_work_is_ready(client: Client) -> None:
    answer = client.get("/zustand/bereit")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert answer["Cache-Control"] == "no-store"


def test_a_load_balancer_calls_by_number_and_without_tls(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["allmende.example"], True
    answers = [
        client.get(address, HTTP_HOST="10.1.2.3").status_code for address in ("/zustand", "/zustand/bereit")
    ]
    assert answers == [200, 200]


def test_a_process_without_its_database_is_not_and_says_nothing_more(
    client: Client, monkeypatch: Any
) -> None:
    def gone(_now: datetime) -> None:
        raise DatabaseError("password=secret host=db")

    monkeypatch.setattr(queries, "_CONDITIONS", (("database", "Datenbank", "fatal", gone),))
    answer = client.get("/zustand/bereit")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "conditions": {"database": False}})


def test_the_operator_sees_what_failed_and_why(failed: DBTaskResult, now: datetime) -> None:
    text = signed_in(somebody("operator_admin", now=now)).get("/redaktion/betrieb").content.decode()
    assert "clear_snow" in text
    assert "ValueError: no snow" in text
    assert "Hauptstraße" in text
    assert "2\N{NO-BREAK SPACE}Versuche" in text


def test_once_more_is_a_new_job_with_the_same_arguments(failed: DBTaskResult, now: datetime) -> None:
    client = signed_in(somebody("operator_admin", now=now))
    client.post(f"/redaktion/betrieb/auftraege/{failed.id}", {"entscheidung": "noch-einmal"})
    again = DBTaskResult.objects.get(task_path=failed.task_path)
    assert (again.id != failed.id, again.status, again.args_kwargs["args"]) == (
        True,
        "READY",
        ["Hauptstraße"],
    )


def test_what_is_dropped_is_gone_and_dropping_it_twice_says_so(failed: DBTaskResult, now: datetime) -> None:
    client = signed_in(somebody("operator_admin", now=now))
    address = f"/redaktion/betrieb/auftraege/{failed.id}"
    answers = [
        client.post(address, {"entscheidung": "verwerfen"}, follow=True).content.decode() for _ in range(2)
    ]
    assert "Der Auftrag ist verworfen." in answers[0]
    assert "Diesen gescheiterten Auftrag gibt es nicht mehr." in answers[1]
    assert not DBTaskResult.objects.filter(task_path=failed.task_path).exists()


def test_a_job_that_has_not_failed_cannot_be_begun_again(now: datetime) -> None:
    clear_snow.enqueue("Hauptstraße")
    waiting = DBTaskResult.objects.get()
    client = signed_in(somebody("operator_admin", now=now))
    client.post(f"/redaktion/betrieb/auftraege/{waiting.id}", {"entscheidung": "noch-einmal"})
    assert DBTaskResult.objects.filter(task_path=waiting.task_path).count() == 1


@pytest.mark.parametrize(
    ("role", "page", "decision"),
    [
        (None, 302, 302),
        ("provider_editor", 403, 403),
        ("catalogue_editor", 200, 403),
        ("operator_admin", 200, 302),
    ],
)
def test_only_the_operator_decides(
    role: str | None,
    page: int,
    decision: int,
    failed: DBTaskResult,
    now: datetime,
    provider: Any,
    client: Client,
) -> None:
    if role:
        client = signed_in(somebody(role, provider if role == "provider_editor" else None, now=now))
    assert client.get("/redaktion/betrieb").status_code == page
    answer = client.post(f"/redaktion/betrieb/auftraege/{failed.id}", {"entscheidung": "verwerfen"})
    assert answer.status_code == decision
    assert DBTaskResult.objects.filter(pk=failed.pk).exists() == (role != "operator_admin")


def test_an_unknown_decision_or_job_is_not_found_or_refused(failed: DBTaskResult, now: datetime) -> None:
    client = signed_in(somebody("operator_admin", now=now))
    assert client.post(f"/redaktion/betrieb/auftraege/{failed.id}", {"entscheidung": "x"}).status_code == 404
    answer = client.post(
        f"/redaktion/betrieb/auftraege/{uuid4()}", {"entscheidung": "verwerfen"}, follow=True
    )
    assert "gibt es nicht mehr" in answer.content.decode()
    assert client.get(f"/redaktion/betrieb/auftraege/{failed.id}").status_code == 405
