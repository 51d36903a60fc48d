"""Signing in, in one place only."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.test import Client

from allmende.accounts.models import User
from tests.factories.people import sign_in as sign_in_as

pytestmark = pytest.mark.django_db

PASSWORD = "ein Satz den niemand kennt"


@pytest.fixture
def person() -> User:
    someone = User.objects.create_user("anna@beispiel.de", PASSWORD, name="Anna")
    EmailAddress.objects.create(user=someone, email=someone.email, verified=True, primary=True)
    return someone


def sign_in(client: Client, email: str = "anna@beispiel.de", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/konto/anmelden", {"login": email, "password": password, **more})


def test_signing_in_leads_to_where_one_wanted_to_go(client: Client, person: User) -> None:
    answer = client.post(
        "/konto/anmelden?next=/verwaltung/",
        {"login": person.email, "password": PASSWORD, "next": "/verwaltung/"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/verwaltung/")


def test_the_case_of_the_address_does_not_matter(client: Client, person: User) -> None:
    assert sign_in(client, "Anna@Beispiel.DE").headers["Location"] == "/mein"


def test_nobody_is_sent_to_another_host(client: Client, person: User) -> None:
    assert sign_in(client, next="https://boese.invalid/").headers["Location"] == "/mein"


@pytest.mark.parametrize("email", ["anna@beispiel.de", "niemand@beispiel.de"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: Client, person: User, email: str
) -> None:
    answer = sign_in(client, email, "falsch")
    assert answer.status_code == 200
    assert "E-Mail-Adresse und Passwort passen nicht zusammen. Prüfen Sie beides." in answer.content.decode()


def test_an_empty_form_says_what_is_missing(client: Client) -> None:
    page = client.post("/konto/anmelden", {}).content.decode()
    assert "2 Angaben stimmen noch nicht" in page
    assert "Geben Sie Ihre E-Mail-Adresse ein." in page
    assert "Geben Sie Ihr Passwort ein." in page


def test_a_closed_account_is_told_so(client: Client, person: User) -> None:
    person.is_active = False
    person.save()
    answer = client.post("/konto/anmelden", {"login": person.email, "password": PASSWORD}, follow=True)
    assert "gesperrt" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_asks_first(client: Client, person: User) -> None:
    client.force_login(person)
    assert "Möchten Sie sich abmelden?" in client.get("/konto/abmelden").content.decode()
    assert "_auth_user_id" in client.session
    client.post("/konto/abmelden")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "/konto/zweiter-faktor",
        "/konto/zweiter-faktor/app",
        "/konto/passwort",
        "/konto/adresse",
        "/konto",
        "/konto/name",
        "/konto/anmeldungen",
        "/konto/daten",
        "/konto/loeschen",
        "/konto/anbieter",
        "/konto/passkeys",
        "/konto/bestaetigen",
    ],
)
def test_pages_of_an_account_open_for_its_owner_and_for_nobody_else(
    client: Client, person: User, path: str
) -> None:
    assert client.get(path).headers["Location"].startswith("/konto/anmelden")
    sign_in(client)
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert "</h1>" in answer.content.decode()


class TestBackOffice:
    def test_a_stranger_is_sent_to_the_one_sign_in(self, client: Client) -> None:
        answer = client.get("/verwaltung/", follow=True)
        assert answer.redirect_chain[-1][0] == "/konto/anmelden?next=%2Fverwaltung%2F"
        assert "<h1>Anmelden</h1>" in answer.content.decode()

    def test_wagtails_own_sign_in_takes_no_password(self, client: Client) -> None:
        User.objects.create_superuser("chef@beispiel.de", PASSWORD)
        answer = client.post("/verwaltung/login/", {"username": "chef@beispiel.de", "password": PASSWORD})
        assert answer.headers["Location"].startswith("/konto/anmelden")
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize(
        "path", ["/verwaltung/", "/verwaltung/pages/", "/verwaltung/reports/site-history/"]
    )
    def test_who_lacks_the_right_gets_a_no_and_no_loop(self, client: Client, person: User, path: str) -> None:
        client.force_login(person)
        answer = client.get(path, follow=True)
        assert answer.status_code == 403
        assert len(answer.redirect_chain) == 1
        assert "Dafür fehlt Ihnen die Berechtigung" in answer.content.decode()

    def test_passwords_are_not_reset_there(self, client: Client) -> None:
        assert client.get("/verwaltung/password_reset/").status_code == 404

    def test_an_editor_gets_in(self, client: Client, person: User) -> None:
        group = Group.objects.create(name="Redaktion")
        group.permissions.add(
            Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
        )
        person.groups.add(group)
        sign_in_as(client, person)
        assert client.get("/verwaltung/").status_code == 200
