"""A session that has been open for long: staff are asked again, and so is everybody before what cannot be undone."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from allmende.accounts.models import User
from allmende.organisations.models import Membership
from allmende.web.accounts.again import ASKED_AGAIN, SEEN_EVERY
from tests.factories.people import sign_in, somebody
from tests.web.accounts.conftest import PASSWORD, account, code_of, with_app

pytestmark = pytest.mark.django_db

SHOW, CONFIRM = "/konto/zweiter-faktor/bestaetigen", "/konto/bestaetigen"
HALF_AN_HOUR, HALF_A_DAY = 30 * 60, 12 * 60 * 60


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass, for sessions alone."""
    moved, real = [0.0], time.time

    def pass_by(seconds: float) -> None:
        moved[0] += seconds

    monkeypatch.setattr("allmende.web.accounts.again.time.time", lambda: real() + moved[0])
    return pass_by


@pytest.fixture
def editor(now: datetime) -> User:
    return somebody("catalogue_editor", now=now)


@pytest.fixture
def secret(editor: User) -> str:
    return with_app(editor)


def place(answer: Any) -> str:
    return str(answer.headers.get("Location", "")).partition("?")[0]


def test_the_times_are_those_of_the_standard() -> None:
    times = (settings.STAFF_SESSION_IDLE, settings.STAFF_SESSION_LONGEST)
    assert (*times, settings.ACCOUNT_REAUTHENTICATION_TIMEOUT) == (HALF_AN_HOUR, HALF_A_DAY, 600)


class TestStaff:
    @pytest.fixture
    def inside(self, client: Client, editor: User, secret: str) -> Client:
        sign_in(client, editor)
        return client

    def test_after_half_an_hour_of_silence_the_second_factor_is_asked_for(
        self, inside: Client, later: Callable[[float], None], secret: str
    ) -> None:
        later(HALF_AN_HOUR - 60)
        assert inside.get("/redaktion").status_code == 200
        later(HALF_AN_HOUR + 60)
        for path in ("/redaktion", "/mein", "/konto", "/verwaltung/", "/suche"):
            assert place(inside.get(path)) == SHOW, path
        page = inside.get(f"{SHOW}?next=/redaktion").content.decode()
        assert "Sie sind seit Längerem angemeldet." in page
        assert place(inside.post(SHOW, {"code": code_of(secret), "next": "/redaktion"})) == "/redaktion"

    def test_who_works_on_is_not_asked(self, inside: Client, later: Callable[[float], None]) -> None:
        for _ in range(4):
            later(HALF_AN_HOUR - 60)
            assert inside.get("/redaktion").status_code == 200

    def test_after_twelve_hours_also_who_works_on(
        self, inside: Client, later: Callable[[float], None]
    ) -> None:
        for _ in range(HALF_A_DAY // 1_500):
            later(1_500)
            answer = inside.get("/mein")
        assert (answer.status_code, place(inside.get("/mein"))) == (200, "")
        later(1_500)
        assert place(inside.get("/mein")) == SHOW

    def test_shown_again_it_counts_from_then(
        self, inside: Client, later: Callable[[float], None], secret: str
    ) -> None:
        session = inside.session
        session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= HALF_A_DAY
        session.save()
        assert place(inside.get("/redaktion")) == SHOW
        inside.post(SHOW, {"code": code_of(secret)})
        later(HALF_AN_HOUR - 60)
        assert inside.get("/redaktion").status_code == 200

    def test_the_password_is_not_enough(
        self, inside: Client, later: Callable[[float], None], editor: User
    ) -> None:
        later(HALF_A_DAY + 1)
        assert place(inside.post(CONFIRM, {"password": "nur-fuer-tests-123"})) == SHOW

    def test_what_was_just_written_is_carried_out_after_the_answer(
        self, inside: Client, later: Callable[[float], None], editor: User, secret: str
    ) -> None:
        later(HALF_AN_HOUR + 60)
        assert place(inside.post("/konto/name", {"name": "Edda Esche"})) == SHOW
        assert User.objects.get(pk=editor.pk).name == ""
        answer = inside.post(SHOW, {"code": code_of(secret), "next": "/konto/name"})
        assert place(answer) == "/konto"
        assert User.objects.get(pk=editor.pk).name == "Edda Esche"

    def test_it_costs_no_query_while_somebody_works(
        self, inside: Client, later: Callable[[float], None]
    ) -> None:
        """The session is written once in five minutes, and not with every click."""
        inside.get("/robots.txt")
        counts = []
        for seconds in (1, SEEN_EVERY, 1):
            later(seconds)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                inside.get("/robots.txt")
            counts.append(len([each for each in queries if each["sql"].startswith("UPDATE")]))
        assert counts == [0, 1, 0]


class TestOthers:
    def test_members_stay_signed_in(self, client: Client, anna: User, later: Callable[[float], None]) -> None:
        with_app(anna)
        sign_in(client, anna)
        later(5 * HALF_A_DAY)
        assert client.get("/mein").status_code == 200

    def test_in_the_demo_nobody_has_a_second_factor_to_show(
        self, client: Client, editor: User, secret: str, later: Callable[[float], None], settings: Any
    ) -> None:
        settings.DEMO = True
        sign_in(client, editor)
        later(HALF_A_DAY + 1)
        assert client.get("/redaktion").status_code == 200


class TestBeforeWhatCannotBeTakenBack:
    def test_the_table_names_addresses_that_there_are(self) -> None:
        names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
        assert {name for name, _ in ASKED_AGAIN} - names == set()

    @pytest.mark.parametrize(
        "path",
        [
            "/organisation/0000000000/einladen",
            "/organisation/0000000000/mitglied/0000000000",
            "/organisation/0000000000/anfragen/0000000000",
            "/redaktion/rollen",
            "/redaktion/rollen/1/beenden",
            "/redaktion/rollen/vorschlaege/0000000000",
            "/redaktion/organisationen/zusammenfuehrungen/0000000000",
            "/redaktion/loesungen/0000000000/loeschen",
            "/redaktion/loeschungen/0000000000",
            "/redaktion/journal/1/text/reason",
            "/redaktion/betrieb/aufbewahrung/0000000000",
            "/konto/anbieter",
            "/konto/anbieter/verbinden",
        ],
    )
    def test_a_form_asks_after_ten_minutes_and_looking_does_not(
        self, client: Client, anna: User, later: Callable[[float], None], path: str
    ) -> None:
        sign_in(client, anna)
        soon, looked = client.post(path), client.get(path)
        later(601)
        assert CONFIRM not in (place(soon), place(looked))
        assert place(client.get(path)) != CONFIRM
        assert place(client.post(path)) == CONFIRM
        client.post(CONFIRM, {"password": PASSWORD})
        assert place(client.post(path)) == place(soon)

    @pytest.mark.parametrize(
        "path", ["/redaktion/loesungen/0000000000/zurueckziehen", "/konto/name", "/mein"]
    )
    def test_other_forms_do_not(
        self, client: Client, anna: User, later: Callable[[float], None], path: str
    ) -> None:
        sign_in(client, anna)
        later(601)
        assert place(client.post(path)) != CONFIRM

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("post", "/konto/adresse"),
            ("get", "/konto/zweiter-faktor/app"),
            ("get", "/konto/passkeys/neu"),
            ("get", "/konto/daten/auszug.json"),
            ("get", "/konto/loeschen"),
            ("post", "/konto/loeschen"),
            ("get", "/konto/passwort/festlegen"),
        ],
    )
    def test_nor_does_a_fresh_sign_in_open_what_changes_the_account(
        self, client: Client, anna: User, method: str, path: str
    ) -> None:
        sign_in(client, anna)
        if path.endswith("festlegen"):
            # Who has a password is sent on to change it, which asks for the one that they have.
            assert place(client.get(path)) == "/konto/passwort"
            return
        assert (
            place(getattr(client, method)(path, {"email": "neu@beispiel.example", "action_add": "1"}))
            == CONFIRM
        )

    def test_a_role_is_given_once_the_answer_is_right(
        self, client: Client, now: datetime, later: Callable[[float], None]
    ) -> None:
        """Nothing of what was typed is lost."""
        operator, friend = somebody("operator_admin", now=now), account("bert@beispiel.example")
        secret = with_app(operator)
        sign_in(client, operator)
        later(601)
        form = {"email": friend.email, "role": "catalogue_editor"}
        assert place(client.post("/redaktion/rollen", form)) == SHOW
        assert not Membership.objects.filter(user=friend).exists()
        client.post(SHOW, {"code": "000000", "next": "/redaktion/rollen"})
        assert not Membership.objects.filter(user=friend).exists()
        client.post(SHOW, {"code": code_of(secret), "next": "/redaktion/rollen"})
        assert [each.role for each in Membership.objects.filter(user=friend)] == ["catalogue_editor"]

    def test_who_has_nothing_but_an_identity_provider_cannot_be_asked(
        self, client: Client, later: Callable[[float], None]
    ) -> None:
        sign_in(client, account("carla@beispiel.example", password=None), second_factor=False)
        later(601)
        assert place(client.post("/redaktion/rollen")) == ""
