"""What is turned away is counted and noted, without a word about who asked and for what."""

import logging
import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpResponse  # noqa: TID251  # the middleware stands around any answer
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from allmende.accounts.models import User
from allmende.operations.actions import count_rejections, forget_rejections
from allmende.operations.models import Rejection
from allmende.operations.queries import Rejections, rejections
from allmende.web.operations.rejections import RejectionMiddleware, Tally, tally
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db

LABELS = (
    (403, "Das Recht fehlte (403)"),
    (404, "Das gibt es nicht, oder nicht für diese Person (404)"),
    (429, "Zu viele Versuche (429)"),
)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """What stands in the log about it; tests that share the process may have noted other things."""
    return [
        (each.levelname, each.getMessage())
        for each in caplog.records
        if each.name == "allmende.web.operations.rejections"
    ]


class TestTheLog:
    @pytest.fixture(autouse=True)
    def _everything(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO", logger="allmende")

    def test_an_address_that_is_not_there(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        client.get("/wp-login.php", REMOTE_ADDR="192.0.2.7")
        assert lines(caplog) == [("INFO", "turned away status=404 method=GET page=none session=no")]

    def test_a_thing_that_is_not_theirs(self, caplog: pytest.LogCaptureFixture) -> None:
        client = signed_in(User.objects.create_user("anna@beispiel.example"))
        client.post("/angebote/0000000000/abgeben")
        assert lines(caplog) == [
            ("INFO", "turned away status=404 method=POST page=offer_hand_in session=yes")
        ]

    def test_a_right_that_is_missing(self, caplog: pytest.LogCaptureFixture) -> None:
        signed_in(User.objects.create_user("anna@beispiel.example")).get("/redaktion")
        assert lines(caplog) == [("WARNING", "turned away status=403 method=GET page=desk session=yes")]

    def test_a_form_without_its_token(self, caplog: pytest.LogCaptureFixture) -> None:
        Client(enforce_csrf_checks=True).post("/konto/anmelden", {"login": "anna", "password": "geheim"})
        assert lines(caplog) == [
            ("WARNING", "turned away status=403 method=POST page=account_login session=no")
        ]

    def test_too_many_of_them(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        for _ in range(11):
            client.post("/konto/passkeys/anmelden", {"credential": "{}"}, REMOTE_ADDR="127.0.44.1")
        assert lines(caplog) == [
            ("WARNING", "turned away status=429 method=POST page=mfa_login_webauthn session=no")
        ]

    def test_no_secret_of_a_link_and_no_name_is_in_any_log(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO")
        secret = "geheim0123456789"
        client.get(f"/einladung/{secret}", {"name": secret}, REMOTE_ADDR="192.0.2.7")
        client.get(f"/{secret}")
        client.generic(secret.upper(), f"/konto/{secret}", REMOTE_ADDR="192.0.2.7")
        told = "\n".join(each.getMessage() for each in caplog.records if each.levelno < logging.ERROR)
        assert secret not in told.lower()
        assert "192.0.2.7" not in told
        assert "turned away status=404 method=other page=none session=no" in told

    @pytest.mark.parametrize("path", ["/", "/konto/anmelden", "/mein", "/zustand"])
    def test_who_is_let_in_or_sent_to_the_door_is_not(
        self, client: Client, caplog: pytest.LogCaptureFixture, path: str
    ) -> None:
        client.get(path)
        assert lines(caplog) == []


class TestTheNumbers:
    def test_they_are_handed_over_once_a_minute(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(3):
            client.get("/nichts")
        assert Rejection.objects.count() == 0
        monkeypatch.setattr("allmende.web.operations.rejections.REPORTS_SECONDS", 0.0)
        client.get("/nichts")
        assert [(each.status, each.number) for each in Rejection.objects.all()] == [(404, 4)]

    def test_an_ordinary_page_never_pays_for_it(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.get("/nichts")
        monkeypatch.setattr("allmende.web.operations.rejections.REPORTS_SECONDS", 0.0)
        client.get("/robots.txt")
        assert Rejection.objects.count() == 0

    def test_hours_are_told_apart_and_added_up(self, now: datetime) -> None:
        count_rejections({403: 1, 404: 5}, now=now)
        count_rejections({404: 2}, now=now + timedelta(minutes=59))
        count_rejections({404: 1}, now=now + timedelta(minutes=60))
        found = Rejection.objects.order_by("hour", "status").values_list("hour", "status", "number")
        assert list(found) == [(now, 403, 1), (now, 404, 7), (now + timedelta(hours=1), 404, 1)]

    def test_a_day_and_a_week(self, now: datetime, django_assert_num_queries: Any) -> None:
        for days, number in ((0, 1), (1, 10), (2, 100), (7, 1_000), (8, 10_000)):
            count_rejections({404: number}, now=now - timedelta(days=days))
        count_rejections({429: 3}, now=now - timedelta(days=3))
        with django_assert_num_queries(1):
            found = rejections(now)
        counted = {403: (0, 0), 404: (11, 1_111), 429: (0, 3)}
        assert found == [Rejections(status, label, *counted[status]) for status, label in LABELS]

    def test_after_a_month_they_are_forgotten(self, now: datetime) -> None:
        for days in (29, 30, 31):
            count_rejections({404: 1}, now=now - timedelta(days=days))
        assert forget_rejections(now=now) == 1
        assert Rejection.objects.count() == 2

    def test_where_the_database_is_away_they_wait(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(counts: object, *, now: datetime) -> None:
            raise DatabaseError

        mine = Tally()
        mine.add(404)
        with monkeypatch.context() as patched:
            patched.setattr("allmende.web.operations.rejections.count_rejections", gone)
            mine.report(now=now)
        mine.add(404)
        mine.report(now=now)
        mine.report(now=now)
        assert [(each.status, each.number) for each in Rejection.objects.all()] == [(404, 2)]

    def test_a_flood_takes_no_memory(self) -> None:
        mine = Tally()
        threads = [threading.Thread(target=lambda: [mine.add(404) for _ in range(500)]) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert mine._counts == {404: 2_000}

    @given(st.integers(100, 599))
    def test_only_these_three_answers_are_counted(self, status: int) -> None:
        tally.forget()
        RejectionMiddleware(lambda _request: HttpResponse(status=status))(RequestFactory().get("/"))
        assert tally._counts == ({status: 1} if status in (403, 404, 429) else {})


def test_the_operator_sees_how_many_there_were(client: Client, now: datetime) -> None:
    operator = signed_in(somebody("operator_admin", now=now))
    count_rejections({404: 1_234}, now=datetime.now(UTC) - timedelta(days=2))
    client.get("/nichts")
    section = operator.get("/redaktion/betrieb").content.decode().split('id="abgewiesen"')[1]
    assert "Gezählt wird nur, wie oft das vorkam" in section
    cells = [
        " ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in re.findall(r"<t[hd] .*?</t[hd]>", section)
    ]
    assert cells[3:] == [
        *(LABELS[0][1], "0", "0"),
        *(LABELS[1][1], "1", "1.235"),
        *(LABELS[2][1], "0", "0"),
    ]
