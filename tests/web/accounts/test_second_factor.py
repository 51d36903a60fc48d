"""A second factor: set up, shown, lost, and required of whoever works for the platform."""

import re
import time
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client, TestCase

from allmende.accounts.actions import lock_keys_anew, reset_second_factor
from allmende.accounts.models import User
from allmende.catalogue.models import Solution
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import grant_role
from allmende.organisations.roles import SECOND_FACTOR
from tests.factories.market import open_market
from tests.factories.people import sign_in as sign_in_as
from tests.factories.people import somebody
from tests.web.accounts.conftest import (
    PASSWORD,
    account,
    code_of,
    letters,
    recovery_codes,
    who,
    with_app,
)  # fmt: skip

pytestmark = pytest.mark.django_db

ENTER, SHOW = "/konto/zweiter-faktor/eingeben", "/konto/zweiter-faktor/bestaetigen"
APP, REMOVE_APP = "/konto/zweiter-faktor/app", "/konto/zweiter-faktor/app/entfernen"
INDEX, CODES = "/konto/zweiter-faktor", "/konto/zweiter-faktor/notfallcodes"


def by_password(client: Client, user: User) -> Any:
    return client.post("/konto/anmelden", {"login": user.email, "password": PASSWORD})


def set_up_app(client: Client) -> str:
    """As a person does: password once more, the key from the page, the code of the app; the key."""
    client.post("/konto/bestaetigen", {"password": PASSWORD})
    key = re.findall(r"<code>(\w+)</code>", client.get(APP).content.decode())[0]
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(APP, {"code": code_of(key)})
    return key


def passkey(user: User, name: str = "Diensthandy") -> Authenticator:
    """Stands for one; the journey with a browser makes a real one."""
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


class TestSettingUpAnApp:
    @pytest.fixture
    def inside(self, client: Client, anna: User) -> Client:
        by_password(client, anna)
        return client

    def test_it_asks_for_the_password_first(self, inside: Client) -> None:
        assert inside.get(APP).headers["Location"].startswith("/konto/bestaetigen")

    def test_it_is_set_up_with_a_code_and_told_by_mail(self, inside: Client, anna: User) -> None:
        set_up_app(inside)
        assert sorted(Authenticator.objects.filter(user=anna).values_list("type", flat=True)) == [
            "recovery_codes", "totp"
        ]  # fmt: skip
        assert "Eingerichtet am" in inside.get(INDEX).content.decode()
        assert [letter.kind for letter in letters(anna.email)] == ["accounts.totp_activated"]
        kinds = Entry.objects.filter(kind="accounts.second_factor_added").order_by("pk")
        assert [entry.data["type"] for entry in kinds] == ["totp", "recovery_codes"]

    def test_a_wrong_code_sets_up_nothing(self, inside: Client) -> None:
        inside.post("/konto/bestaetigen", {"password": PASSWORD})
        inside.get(APP)
        page = inside.post(APP, {"code": "000000"}).content.decode()
        assert "Dieser Code stimmt nicht." in page
        assert Authenticator.objects.count() == 0

    def test_its_key_is_not_readable_in_the_database(self, inside: Client) -> None:
        key = set_up_app(inside)
        assert key not in str(Authenticator.objects.get(type="totp").data)

    def test_ten_recovery_codes_come_with_it_and_can_be_kept(self, inside: Client, anna: User) -> None:
        set_up_app(inside)
        page = inside.get(CODES).content.decode()
        assert [code for code in recovery_codes(anna) if code in page] == recovery_codes(anna)
        assert len(recovery_codes(anna)) == 10
        file = inside.get(f"{CODES}/laden")
        assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
        assert file.content.decode().startswith("Notfallcodes für Allmende")

    def test_new_codes_replace_the_old(self, inside: Client, anna: User) -> None:
        set_up_app(inside)
        before = recovery_codes(anna)
        inside.post("/konto/bestaetigen", {"password": PASSWORD})
        inside.post(f"{CODES}/neu")
        assert set(before) & set(recovery_codes(anna)) == set()

    def test_it_can_be_taken_away_by_whoever_need_not_have_one(self, inside: Client, anna: User) -> None:
        set_up_app(inside)
        inside.post(REMOVE_APP)
        assert Authenticator.objects.count() == 0
        assert letters(anna.email)[-1].kind == "accounts.totp_deactivated"


class TestSigningInWithAnApp:
    def test_the_password_alone_opens_nothing(self, client: Client, anna: User) -> None:
        with_app(anna)
        assert by_password(client, anna).headers["Location"] == ENTER
        assert who(client) is None
        assert client.get("/konto").headers["Location"].startswith("/konto/anmelden")

    def test_with_the_code_one_is_in(self, client: Client, anna: User) -> None:
        secret = with_app(anna)
        by_password(client, anna)
        client.post(ENTER, {"code": code_of(secret)})
        assert who(client) == anna.public_id

    def test_a_code_works_once(self, client: Client, anna: User) -> None:
        secret = with_app(anna)
        code = code_of(secret)
        by_password(client, anna)
        client.post(ENTER, {"code": code})
        second = Client()
        by_password(second, anna)
        second.post(ENTER, {"code": code})
        assert who(second) is None

    @pytest.mark.parametrize("away", [-60, 60, 3600])
    def test_a_code_of_another_time_does_not_work(self, client: Client, anna: User, away: int) -> None:
        secret = with_app(anna)
        by_password(client, anna)
        client.post(ENTER, {"code": code_of(secret, time.time() + away)})
        assert who(client) is None

    def test_a_recovery_code_works_once(self, client: Client, anna: User) -> None:
        with_app(anna)
        code = recovery_codes(anna)[0]
        by_password(client, anna)
        client.post(ENTER, {"code": code})
        assert who(client) == anna.public_id
        assert code not in recovery_codes(anna)
        second = Client()
        by_password(second, anna)
        second.post(ENTER, {"code": code})
        assert who(second) is None

    def test_codes_cannot_be_tried_through(self, client: Client, anna: User) -> None:
        secret = with_app(anna)
        by_password(client, anna)
        for _ in range(6):
            page = client.post(ENTER, {"code": "000000"}).content.decode()
        assert "Das waren zu viele Versuche." in page
        client.post(ENTER, {"code": code_of(secret)})
        assert who(client) is None

    def test_no_code_without_a_password_before(self, client: Client, anna: User) -> None:
        secret = with_app(anna)
        answer = client.post(ENTER, {"code": code_of(secret)})
        assert (answer.headers["Location"], who(client)) == ("/konto/anmelden", None)

    def test_the_database_of_yesterday_is_still_understood(self, client: Client, anna: User) -> None:
        """Keys that were kept before they were encrypted."""
        secret = with_app(anna)
        Authenticator.objects.filter(type="totp").update(data={"secret": secret})
        by_password(client, anna)
        client.post(ENTER, {"code": code_of(secret)})
        assert who(client) == anna.public_id

    def test_after_a_change_of_the_secret_key_the_former_one_still_opens(
        self, client: Client, anna: User, settings: Any
    ) -> None:
        secret = with_app(anna)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "x" * 50
        by_password(client, anna)
        client.post(ENTER, {"code": code_of(secret)})
        assert who(client) == anna.public_id

    def test_a_day_later_the_former_key_is_needed_no_more(
        self, client: Client, anna: User, settings: Any
    ) -> None:
        secret = with_app(anna)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "x" * 50
        assert lock_keys_anew() == 2
        settings.SECRET_KEY_FALLBACKS = []
        assert lock_keys_anew() == 0
        by_password(client, anna)
        client.post(ENTER, {"code": code_of(secret)})
        assert who(client) == anna.public_id

    def test_without_the_former_key_no_code_fits_and_nothing_breaks(
        self, client: Client, anna: User, settings: Any
    ) -> None:
        secret = with_app(anna)
        by_password(client, anna)
        settings.SECRET_KEY = "x" * 50
        by_password(client, anna)
        assert client.post(ENTER, {"code": code_of(secret)}).status_code == 200
        assert who(client) is None


WORK = ["/", "/suche", "/mein", "/redaktion", "/redaktion/quellen", "/konto", "/konto/daten", "/verwaltung/"]


class TestStaffHaveOne:
    @pytest.fixture
    def editor(self, now: datetime) -> User:
        return somebody("catalogue_editor", now=now)

    @pytest.mark.parametrize("path", WORK)
    def test_without_one_there_is_only_the_page_to_set_it_up(
        self, client: Client, editor: User, path: str
    ) -> None:
        sign_in_as(client, editor, second_factor=False)
        answer = client.get(path)
        assert answer.headers["Location"].startswith("/konto/zweiter-faktor?next=")
        page = client.get(INDEX)
        assert page.status_code == 200
        assert "Mit Ihrer Rolle brauchen Sie einen zweiten Faktor." in page.content.decode()

    @pytest.mark.parametrize("path", ["/impressum", "/datenschutz", "/barrierefreiheit", "/robots.txt"])
    def test_what_the_law_wants_open_stays_open(self, client: Client, editor: User, path: str) -> None:
        sign_in_as(client, editor, second_factor=False)
        assert client.get(path).status_code in (200, 404)

    @pytest.mark.parametrize("role", SECOND_FACTOR)
    def test_every_such_role_asks_for_one(self, client: Client, now: datetime, role: str) -> None:
        sign_in_as(client, somebody(role, now=now), second_factor=False)
        assert client.get("/mein").headers["Location"].startswith("/konto/zweiter-faktor")

    @pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
    def test_so_does_each_flag(self, client: Client, anna: User, flag: str) -> None:
        User.objects.filter(pk=anna.pk).update(**{flag: True})
        sign_in_as(client, anna, second_factor=False)
        assert client.get("/mein").headers["Location"].startswith("/konto/zweiter-faktor")

    def test_so_does_a_role_that_is_given_meanwhile(self, client: Client, anna: User, now: datetime) -> None:
        sign_in_as(client, anna, second_factor=False)
        assert client.get("/mein").status_code == 200
        grant_role("catalogue_editor", user=anna, organisation=None, by=Actor.program("setup"), now=now)
        assert client.get("/mein").headers["Location"].startswith("/konto/zweiter-faktor")

    def test_others_are_not_asked(self, client: Client, anna: User) -> None:
        sign_in_as(client, anna, second_factor=False)
        assert client.get("/mein").status_code == 200

    def test_a_form_without_it_does_nothing(self, client: Client, editor: User, now: datetime) -> None:
        published = open_market(now).melder
        sign_in_as(client, editor, second_factor=False)
        path = f"/redaktion/loesungen/{published.public_id}/zurueckziehen"
        assert client.post(path, {"reason": "Test"}).headers["Location"].startswith("/konto/zweiter-faktor")
        assert Solution.objects.get(pk=published.pk).state == "published"

    @pytest.mark.django_db(transaction=True)
    def test_whoever_sets_one_up_gets_on(self, client: Client) -> None:
        chief = account("chef@beispiel.example", is_staff=True)
        by_password(client, chief)
        assert client.get("/mein").status_code == 302
        set_up_app(client)
        assert client.get("/mein").status_code == 200
        assert client.get("/konto").status_code == 200

    def test_from_then_on_it_is_asked_for_at_every_sign_in(self, client: Client) -> None:
        chief = account("chef@beispiel.example", is_staff=True)
        secret = with_app(chief)
        by_password(client, chief)
        assert who(client) is None
        client.post(ENTER, {"code": code_of(secret)})
        assert client.get("/mein").status_code == 200

    @pytest.mark.parametrize(
        "path", [*WORK, INDEX, APP, REMOVE_APP, CODES, f"{CODES}/neu", "/konto/bestaetigen"]
    )
    def test_a_session_that_has_not_shown_it_may_only_show_it(
        self, client: Client, editor: User, path: str
    ) -> None:
        """Above all, the password does not take it away."""
        with_app(editor)
        sign_in_as(client, editor, second_factor=False)
        for answer in (client.get(path), client.post(path)):
            assert answer.headers["Location"].startswith(SHOW)
        assert Authenticator.objects.filter(user=editor).count() == 2

    def test_showing_it_leads_on(self, client: Client, editor: User) -> None:
        secret = with_app(editor)
        sign_in_as(client, editor, second_factor=False)
        there = client.get("/redaktion").headers["Location"]
        answer = client.post(there, {"code": code_of(secret), "next": "/redaktion"})
        assert answer.headers["Location"] == "/redaktion"
        assert client.get("/redaktion").status_code == 200

    def test_another_persons_mark_in_the_session_counts_for_nothing(
        self, client: Client, editor: User, anna: User
    ) -> None:
        sign_in_as(client, anna)
        records = client.session["account_authentication_methods"]
        client.force_login(editor)
        session = client.session
        session["account_authentication_methods"] = records
        session.save()
        assert client.get("/redaktion").headers["Location"].startswith("/konto/zweiter-faktor")

    def test_the_last_one_stays(self, client: Client, editor: User) -> None:
        with_app(editor)
        sign_in_as(client, editor)
        editor.set_password(PASSWORD)
        editor.save()
        sign_in_as(client, editor)
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        page = client.post(REMOVE_APP).content.decode()
        assert "Richten Sie zuerst einen anderen ein." in page
        assert Authenticator.objects.filter(user=editor, type="totp").count() == 1

    def test_the_last_passkey_stays(self, client: Client, editor: User) -> None:
        key = passkey(editor)
        sign_in_as(client, editor)
        answer = client.post(f"/konto/passkeys/{key.pk}/entfernen")
        assert answer.headers["Location"] == "/konto/passkeys"
        assert Authenticator.objects.filter(pk=key.pk).exists()

    def test_one_of_two_may_go(self, client: Client, editor: User) -> None:
        editor.set_password(PASSWORD)
        editor.save()
        with_app(editor)
        key = passkey(editor)
        sign_in_as(client, editor)
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        client.post(f"/konto/passkeys/{key.pk}/entfernen")
        assert not Authenticator.objects.filter(pk=key.pk).exists()

    def test_somebody_elses_passkey_is_nobodys_business(
        self, client: Client, editor: User, anna: User
    ) -> None:
        key = passkey(editor)
        by_password(client, anna)
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        for deed in ("entfernen", "umbenennen"):
            assert client.post(f"/konto/passkeys/{key.pk}/{deed}", {"name": "meiner"}).status_code == 404
        assert Authenticator.objects.get(pk=key.pk).data["name"] == "Diensthandy"

    def test_what_is_gone_counts_no_more_in_the_session(
        self, client: Client, anna: User, now: datetime
    ) -> None:
        by_password(client, anna)
        set_up_app(client)
        client.post(REMOVE_APP)
        grant_role("catalogue_editor", user=anna, organisation=None, by=Actor.program("setup"), now=now)
        assert client.get("/redaktion").headers["Location"].startswith("/konto/zweiter-faktor")

    def test_a_shown_one_costs_no_query(self, client: Client, editor: User, rf: Any) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from allmende.web.accounts.second_factor import SecondFactorMiddleware

        sign_in_as(client, editor)
        request = rf.get("/redaktion")
        request.user, request.session = editor, client.session
        request.session.get("x")
        with CaptureQueriesContext(connection) as captured:
            assert SecondFactorMiddleware(lambda _: None).process_view(request, None, (), {}) is None  # type: ignore[arg-type,return-value]
        assert len(captured) == 0


class TestTheDemo:
    """Its passwords are printed. It alone does without, and says so."""

    SENTENCE = "Im Betrieb verlangt Allmende von Ihrem Konto einen zweiten Faktor"

    def test_staff_get_in_without_and_are_told(self, client: Client, now: datetime, settings: Any) -> None:
        settings.DEMO = True
        sign_in_as(client, somebody("catalogue_editor", now=now), second_factor=False)
        page = client.get("/redaktion")
        assert page.status_code == 200
        assert self.SENTENCE in page.content.decode()

    def test_others_are_not_bothered(self, client: Client, anna: User, settings: Any) -> None:
        settings.DEMO = True
        sign_in_as(client, anna, second_factor=False)
        assert self.SENTENCE not in client.get("/mein").content.decode()

    def test_whoever_has_one_there_is_asked_for_it(self, client: Client, anna: User, settings: Any) -> None:
        settings.DEMO = True
        with_app(anna)
        assert by_password(client, anna).headers["Location"] == ENTER


class TestPasskeys:
    """What no browser would send. The journey signs in with a real one."""

    @pytest.mark.parametrize(
        "credential",
        ["", "{}", "[]", "null", "1", '"x"', "{", '{"id": 1}', '{"response": {"userHandle": "MQ"}}',
         '{"id":"AA","rawId":"AA","type":"public-key","response":{"authenticatorData":"AA","clientDataJSON":"AA",'
         '"signature":"AA","userHandle":"MQ"}}', '{"response": []}', '{"response": {"userHandle": 5}}'],
    )  # fmt: skip
    def test_an_answer_that_is_none_is_refused_in_peace(
        self, client: Client, anna: User, credential: str
    ) -> None:
        client.get("/konto/passkeys/anmelden", headers={"accept": "application/json"})
        answer = client.post("/konto/passkeys/anmelden", {"credential": credential})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/konto/anmelden")
        assert who(client) is None

    @pytest.mark.parametrize("credential", ["", "{}", "[]", "1", '{"response": {}}', '{"id": null}'])
    def test_so_is_a_new_one(self, client: Client, anna: User, credential: str) -> None:
        by_password(client, anna)
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        client.get("/konto/passkeys/neu")
        answer = client.post("/konto/passkeys/neu", {"name": "x", "credential": credential})
        assert answer.status_code == 200
        assert Authenticator.objects.count() == 0

    def test_the_question_for_a_passkey_names_no_account(self, client: Client, anna: User) -> None:
        passkey(anna)
        data = client.get("/konto/passkeys/anmelden", headers={"accept": "application/json"}).json()
        asked = data["request_options"]["publicKey"]
        assert asked.get("allowCredentials", []) == []
        assert (asked["rpId"], asked["userVerification"]) == ("testserver", "required")


class TestALostOne:
    """Only whoever has the server may take it away, and its owner is told."""

    def test_the_operator_takes_it_away_and_everybody_is_out(
        self, client: Client, anna: User, capsys: pytest.CaptureFixture[str]
    ) -> None:
        secret = with_app(anna)
        by_password(client, anna)
        client.post(ENTER, {"code": code_of(secret)})
        call_command("reset_second_factor", "Anna@Beispiel.example")
        assert "hat keinen zweiten Faktor mehr" in capsys.readouterr().out
        assert Authenticator.objects.count() == 0
        assert client.get("/konto").status_code == 302
        (letter,) = letters(anna.email)
        assert letter.kind == "accounts.second_factor_reset"
        assert letter.text.startswith("Guten Tag,\n\nder Betreiber hat")
        assert "\nhttp://localhost:8000/konto/zweiter-faktor\n" in letter.text
        entry = Entry.objects.get(kind="accounts.second_factor_removed")
        assert (entry.actor_kind, entry.subject_id) == ("program", anna.public_id)

    @pytest.mark.parametrize(
        ("email", "sentence"),
        [
            ("niemand@beispiel.example", "gibt es nicht"),
            ("anna@beispiel.example", "hat keinen zweiten Faktor"),
        ],
    )
    def test_what_cannot_be_is_said(self, anna: User, email: str, sentence: str) -> None:
        with pytest.raises(CommandError, match=sentence):
            call_command("reset_second_factor", email)

    def test_no_person_may(self, anna: User, now: datetime) -> None:
        with_app(anna)
        for who_asks in (anna, somebody("operator_admin", now=now)):
            with pytest.raises(Refused, match="nur der Betreiber"):
                reset_second_factor(anna, by=Actor("person", who_asks.public_id), now=now)
