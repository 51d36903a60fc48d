"""Signing in with a real identity provider: a program of its own, on this machine."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from allmende.accounts.models import User
from allmende.config.oidc import identity_providers
from allmende.journal.models import Entry
from tests.support.identity_provider import IdentityProvider, running
from tests.web.accounts.conftest import PASSWORD, account, code_of, letters, link_in, who, with_app

pytestmark = pytest.mark.django_db

BACK = "http://testserver/konto/anmelden/mit/{}/zurueck"
PEOPLE = {
    "anna": {"email": "anna@beispiel.example", "email_verified": True, "name": "Anna Ahorn"},
    "neu": {"email": "neu@beispiel.example", "email_verified": True, "name": "Nele Neu"},
    "ungeprueft": {"email": "anna@beispiel.example", "email_verified": False, "name": "Wer Auch Immer"},
    "ohne": {"name": "Ohne Adresse"},
}


@pytest.fixture(scope="module")
def land() -> Iterator[IdentityProvider]:
    with running(redirects=[BACK.format("land"), BACK.format("stadt")], people=PEOPLE) as provider:
        yield provider


@pytest.fixture(autouse=True)
def _configured(settings: Any, land: IdentityProvider) -> None:
    """As `ALLMENDE_OIDC` with two providers."""
    import json

    written = json.dumps([land.settings(), land.settings("stadt", "Stadtkonto")])
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": identity_providers(written)}
    }


def by_way_of(
    client: Client, land: IdentityProvider, somebody: str, *, code: str = "land", **asked: str
) -> Any:
    """Press the button, sign in over there, come back; our answer."""
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    page = client.post(f"/konto/anmelden/mit/{code}?{query}")
    assert page.status_code == 200
    back = land.sign_in(page.context["target"], somebody)
    assert back.startswith(BACK.format(code))
    return client.get(back)


def test_each_provider_has_a_button_with_its_name(client: Client) -> None:
    page = client.get("/konto/anmelden").content.decode()
    assert 'action="/konto/anmelden/mit/land"' in page
    assert 'action="/konto/anmelden/mit/stadt"' in page
    assert "Landeskonto" in page
    assert "Stadtkonto" in page


def test_without_providers_nothing_is_said_about_them(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Mit einem anderen Konto anmelden" not in client.get("/konto/anmelden").content.decode()


def test_the_way_there_is_a_page_that_says_where_it_leads(client: Client, land: IdentityProvider) -> None:
    page = client.post("/konto/anmelden/mit/land")
    target = page.context["target"]
    assert target.startswith(f"{land.address}/auth?")
    assert "code_challenge=" in target
    assert "Weiter zu 127.0.0.1" in page.content.decode()
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["get", "put"])
def test_nobody_is_sent_there_by_a_mere_link(client: Client, method: str) -> None:
    assert getattr(client, method)("/konto/anmelden/mit/land").status_code == 405


def test_a_provider_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.post("/konto/anmelden/mit/unfug").status_code == 404


def test_a_newcomer_sees_what_is_in_the_account_before_there_is_one(
    client: Client, land: IdentityProvider
) -> None:
    answer = by_way_of(client, land, "neu")
    assert answer.headers["Location"] == "/konto/anbieter/registrieren"
    page = client.get("/konto/anbieter/registrieren").content.decode()
    assert 'value="neu@beispiel.example"' in page
    assert 'value="Nele Neu"' in page
    assert User.objects.count() == 0
    client.post("/konto/anbieter/registrieren", {"email": "neu@beispiel.example", "name": "Nele Neu"})
    newcomer = User.objects.get()
    assert who(client) == newcomer.public_id
    assert (newcomer.email, newcomer.name, newcomer.has_usable_password()) == (
        "neu@beispiel.example", "Nele Neu", False
    )  # fmt: skip
    assert EmailAddress.objects.get().verified
    assert SocialAccount.objects.get().provider == "land"


def test_the_confirmed_address_cannot_be_exchanged_for_another(
    client: Client, land: IdentityProvider
) -> None:
    """Otherwise one would get in by an address that is one's own, and be known by somebody else's."""
    by_way_of(client, land, "neu")
    client.post("/konto/anbieter/registrieren", {"email": "andere@beispiel.example", "name": ""})
    assert [each.email for each in EmailAddress.objects.all()] == ["neu@beispiel.example"]
    assert User.objects.get().email == "neu@beispiel.example"


def test_an_address_that_was_typed_has_to_be_confirmed(client: Client, land: IdentityProvider) -> None:
    by_way_of(client, land, "ohne")
    client.post("/konto/anbieter/registrieren", {"email": "andere@beispiel.example", "name": ""})
    assert who(client) is None
    (letter,) = letters("andere@beispiel.example")
    client.post(link_in(letter))
    assert by_way_of(client, land, "ohne").headers["Location"] == "/mein"


def test_who_comes_again_is_signed_in(client: Client, land: IdentityProvider) -> None:
    by_way_of(client, land, "neu")
    client.post("/konto/anbieter/registrieren", {"email": "neu@beispiel.example", "name": ""})
    again = Client()
    assert by_way_of(again, land, "neu").headers["Location"] == "/mein"
    assert who(again) == User.objects.get().public_id


def test_the_way_leads_on_to_where_one_wanted_to_go(client: Client, land: IdentityProvider) -> None:
    by_way_of(client, land, "neu")
    client.post("/konto/anbieter/registrieren", {"email": "neu@beispiel.example", "name": ""})
    assert by_way_of(Client(), land, "neu", next="/vergleich").headers["Location"] == "/vergleich"


def test_nobody_is_sent_on_to_another_host(client: Client, land: IdentityProvider) -> None:
    by_way_of(client, land, "neu")
    client.post("/konto/anbieter/registrieren", {"email": "neu@beispiel.example", "name": ""})
    answer = by_way_of(Client(), land, "neu", next="https://boese.invalid/")
    assert answer.headers["Location"] == "/mein"


class TestAnAccountThatIsThere:
    """Joined by its owner alone: signed in as usual, address confirmed on both sides, asked and answered."""

    def test_nothing_is_joined_in_silence(self, client: Client, anna: User, land: IdentityProvider) -> None:
        answer = by_way_of(client, land, "anna")
        assert answer.headers["Location"] == "/konto/anbieter/verbinden"
        page = client.get("/konto/anbieter/verbinden").content.decode()
        assert "Melden Sie sich einmal so an, wie Sie es bisher tun" in page
        assert who(client) is None
        assert SocialAccount.objects.count() == 0

    def test_its_owner_signs_in_agrees_and_has_both(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        by_way_of(client, land, "anna")
        client.post(
            "/konto/anmelden",
            {"login": anna.email, "password": PASSWORD, "next": "/konto/anbieter/verbinden"},
        )
        assert "Möchten Sie die beiden verbinden?" in client.get("/konto/anbieter/verbinden").content.decode()
        assert SocialAccount.objects.count() == 0
        client.post("/konto/anbieter/verbinden")
        assert SocialAccount.objects.get().user == anna
        again = Client()
        by_way_of(again, land, "anna")
        assert who(again) == anna.public_id
        assert [letter.kind for letter in letters(anna.email)] == ["accounts.account_connected"]
        assert Entry.objects.filter(kind="accounts.identity_provider_joined").count() == 1

    def test_who_does_not_agree_has_no_more_than_before(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        by_way_of(client, land, "anna")
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        client.post("/konto/anbieter/verbinden", {"no": "1"})
        assert SocialAccount.objects.count() == 0
        assert client.get("/konto/anbieter/verbinden").headers["Location"] == "/konto"

    def test_the_second_factor_is_asked_for_before(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        secret = with_app(anna)
        by_way_of(client, land, "anna")
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        client.post("/konto/anbieter/verbinden")
        assert SocialAccount.objects.count() == 0
        client.post("/konto/zweiter-faktor/eingeben", {"code": code_of(secret)})
        client.post("/konto/anbieter/verbinden")
        assert SocialAccount.objects.get().user == anna

    def test_the_second_factor_is_asked_for_ever_after(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        SocialAccount.objects.create(user=anna, provider="land", uid="anna")
        with_app(anna)
        assert by_way_of(client, land, "anna").headers["Location"] == "/konto/zweiter-faktor/eingeben"
        assert who(client) is None

    def test_somebody_else_cannot_take_it(self, client: Client, anna: User, land: IdentityProvider) -> None:
        account("bert@beispiel.example")
        by_way_of(client, land, "anna")
        client.post("/konto/anmelden", {"login": "bert@beispiel.example", "password": PASSWORD})
        answer = client.post("/konto/anbieter/verbinden")
        assert "hat eine andere" in answer.content.decode()
        assert SocialAccount.objects.count() == 0

    def test_an_address_that_the_account_has_not_confirmed_joins_nothing(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        EmailAddress.objects.filter(user=anna).update(email="anna.neu@beispiel.example")
        EmailAddress.objects.create(user=anna, email="anna@beispiel.example", verified=False)
        by_way_of(client, land, "anna")
        client.force_login(anna)
        client.post("/konto/anbieter/verbinden")
        assert SocialAccount.objects.count() == 0

    @pytest.mark.parametrize("stranger", ["ungeprueft", "ohne"])
    def test_an_address_that_the_provider_has_not_confirmed_tells_nothing(
        self, client: Client, anna: User, land: IdentityProvider, stranger: str
    ) -> None:
        """The same page as for anybody, and the owner of the address is told by mail."""
        answer = by_way_of(client, land, stranger)
        assert answer.headers["Location"] == "/konto/anbieter/registrieren"
        answer = client.post("/konto/anbieter/registrieren", {"email": anna.email, "name": ""})
        assert answer.headers["Location"] == "/konto/adresse-bestaetigen"
        assert [letter.kind for letter in letters(anna.email)] == ["accounts.account_already_exists"]
        assert who(client) is None
        assert SocialAccount.objects.count() == 0
        assert User.objects.count() == 1


class TestJoinedProviders:
    def test_joining_from_inside_asks_for_the_password(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        answer = by_way_of(client, land, "neu", process="connect")
        assert answer.headers["Location"] == "/konto/bestaetigen"
        answer = client.post("/konto/bestaetigen", {"password": PASSWORD})
        assert answer.headers["Location"] == "/konto/anbieter"
        assert SocialAccount.objects.get().user == anna
        assert "Verbunden am" in client.get("/konto/anbieter").content.decode()

    def test_what_belongs_to_somebody_else_stays_there(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        bert = account("bert@beispiel.example")
        SocialAccount.objects.create(user=bert, provider="land", uid="neu")
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        by_way_of(client, land, "neu", process="connect")
        assert SocialAccount.objects.get().user == bert
        assert "gehört schon zu einem anderen Konto" in client.get("/konto/anbieter").content.decode()

    def test_the_last_way_in_stays(self, client: Client, land: IdentityProvider) -> None:
        by_way_of(client, land, "neu")
        client.post("/konto/anbieter/registrieren", {"email": "neu@beispiel.example", "name": ""})
        answer = client.post("/konto/anbieter", {"account": SocialAccount.objects.get().pk})
        assert "Legen Sie zuerst ein Passwort fest." in answer.content.decode()
        assert SocialAccount.objects.count() == 1

    def test_a_joined_provider_can_be_parted_with(self, client: Client, anna: User) -> None:
        joined = SocialAccount.objects.create(user=anna, provider="land", uid="anna")
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        client.post("/konto/anbieter", {"account": joined.pk})
        assert SocialAccount.objects.count() == 0
        assert [letter.kind for letter in letters(anna.email)] == ["accounts.account_disconnected"]

    def test_without_a_password_one_can_be_set(self, client: Client, land: IdentityProvider) -> None:
        by_way_of(client, land, "neu")
        client.post("/konto/anbieter/registrieren", {"email": "neu@beispiel.example", "name": ""})
        assert client.get("/konto/passwort").headers["Location"] == "/konto/passwort/festlegen"
        client.post("/konto/passwort/festlegen", {"password1": PASSWORD, "password2": PASSWORD})
        assert User.objects.get().check_password(PASSWORD)


class TestAnswersThatDoNotFit:
    def test_an_answer_nobody_asked_for_opens_nothing(self, client: Client) -> None:
        answer = client.get("/konto/anmelden/mit/land/zurueck?code=x&state=y", follow=True)
        assert who(client) is None
        assert "nicht geklappt" in answer.content.decode()

    def test_an_answer_to_somebody_elses_question_opens_nothing(
        self, client: Client, anna: User, land: IdentityProvider
    ) -> None:
        """Otherwise one could be signed in to a stranger's account by a link."""
        SocialAccount.objects.create(user=anna, provider="land", uid="anna")
        page = Client().post("/konto/anmelden/mit/land")
        client.get(land.sign_in(page.context["target"], "anna"))
        assert who(client) is None

    def test_an_answer_works_once(self, client: Client, anna: User, land: IdentityProvider) -> None:
        SocialAccount.objects.create(user=anna, provider="land", uid="anna")
        page = client.post("/konto/anmelden/mit/land")
        back = land.sign_in(page.context["target"], "anna")
        client.get(back)
        assert who(client) == anna.public_id
        again = Client()
        again.cookies = client.cookies.copy()
        client.post("/konto/abmelden")
        again.get(back)
        assert who(again) is None

    def test_a_refusal_over_there_is_no_error_here(self, client: Client) -> None:
        page = client.post("/konto/anmelden/mit/land")
        state = page.context["target"].split("state=")[1].split("&")[0]
        answer = client.get(
            f"/konto/anmelden/mit/land/zurueck?error=access_denied&state={state}", follow=True
        )
        assert who(client) is None
        assert answer.status_code == 200

    def test_a_provider_that_does_not_answer_is_said_to(self, client: Client, settings: Any) -> None:
        entry = '[{"id": "fort", "name": "Fort", "server_url": "http://127.0.0.1:9", "client_id": "x"}]'
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": identity_providers(entry)}}
        answer = client.post("/konto/anmelden/mit/fort", follow=True)
        assert answer.status_code == 200
        assert "nicht geklappt" in answer.content.decode()


def test_a_person_made_by_a_provider_can_get_a_password_by_mail(
    client: Client, land: IdentityProvider
) -> None:
    by_way_of(client, land, "neu")
    client.post("/konto/anbieter/registrieren", {"email": "neu@beispiel.example", "name": ""})
    stranger = Client()
    stranger.post("/konto/passwort-vergessen", {"email": "neu@beispiel.example"})
    assert link_in(letters("neu@beispiel.example")[-1]).startswith("/konto/passwort-neu/")
