"""Taking one's data along, and leaving for good."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.test import Client

from allmende.accounts.actions import erase, hand_out
from allmende.accounts.models import User
from allmende.accounts.queries import personal_data
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.actions import send
from allmende.mail.models import Letter
from allmende.organisations.actions import grant_role
from allmende.organisations.models import Membership
from tests.factories.market import open_market
from tests.web.accounts.conftest import PASSWORD, account, code_of, letters, who, with_app

pytestmark = pytest.mark.django_db

SETUP = Actor.program("setup")


@pytest.fixture
def inside(client: Client, anna: User) -> Client:
    """Anna, who has just typed her password once more."""
    client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
    client.post("/konto/bestaetigen", {"password": PASSWORD})
    return client


def person(user: User) -> Actor:
    return Actor("person", user.public_id)


class TestTakingDataAlong:
    def test_the_file_for_machines_holds_every_topic(self, inside: Client, anna: User) -> None:
        with_app(anna)
        SocialAccount.objects.create(
            user=anna, provider="land", uid="0815", extra_data={"name": "Anna Ahorn"}
        )
        answer = inside.get("/konto/daten/auszug.json")
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="allmende-konto-20')
        data = json.loads(answer.content)
        assert data["format"] == "allmende.account/1"
        own = ("account", "addresses", "second_factors", "providers", "sessions", "letters", "journal")
        assert [topic for topic in own if topic not in data] == []
        assert data["account"][0]["E-Mail-Adresse"] == anna.email
        assert data["addresses"] == [{"E-Mail-Adresse": anna.email, "Bestätigt": True, "Zum Anmelden": True}]
        assert [row["Art"] for row in data["second_factors"]] == ["App mit Einmalcodes", "Notfallcodes"]
        assert data["providers"][0]["Kennung dort"] == "0815"

    def test_every_letter_is_listed_once(self, inside: Client, anna: User) -> None:
        inside.post("/konto/passwort-vergessen", {"email": anna.email})
        page = inside.get("/konto/daten/auszug.html").content.decode()
        assert page.count(letters(anna.email)[-1].subject) == 1
        assert page.count("E-Mails an Sie") == 1

    def test_no_secret_is_in_it(self, inside: Client, anna: User) -> None:
        secret = with_app(anna)
        anna.refresh_from_db()
        kept = Authenticator.objects.get(type="totp").data["secret"]
        for form in ("json", "html"):
            text = inside.get(f"/konto/daten/auszug.{form}").content.decode()
            for hidden in (secret, kept, anna.password, inside.session.session_key, PASSWORD):
                assert hidden not in text

    def test_the_page_is_for_reading(self, inside: Client, anna: User) -> None:
        answer = inside.get("/konto/daten/auszug.html")
        page = answer.content.decode()
        assert "<h1>Ihr Konto bei Allmende</h1>" in page
        assert "<dt>Name</dt><dd>Anna Ahorn</dd>" in page
        assert "<dt>Bestätigt</dt><dd>ja</dd>" in page
        assert "None" not in page

    def test_what_somebody_wrote_is_text_in_it(self, inside: Client, anna: User) -> None:
        User.objects.filter(pk=anna.pk).update(name="<script>alert(1)</script>")
        assert "<script>alert" not in inside.get("/konto/daten/auszug.html").content.decode()

    def test_it_asks_for_the_password_before(self, client: Client, anna: User) -> None:
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        answer = client.get("/konto/daten/auszug.json")
        assert answer.headers["Location"].startswith("/konto/bestaetigen?next=")

    def test_or_for_the_second_factor(self, client: Client, anna: User) -> None:
        secret = with_app(anna)
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        client.post("/konto/zweiter-faktor/eingeben", {"code": code_of(secret)})
        client.get("/konto/daten/auszug.json")
        code = code_of(secret, datetime.now(UTC).timestamp() + 30)
        client.post("/konto/zweiter-faktor/bestaetigen", {"code": code})
        assert client.get("/konto/daten/auszug.json").status_code == 200

    def test_nobody_gets_somebody_elses(self, anna: User) -> None:
        bert = account("bert@beispiel.example")
        with pytest.raises(Refused, match="Berechtigung"):
            hand_out(anna, by=person(bert), now=datetime.now(UTC))

    def test_roles_are_in_it(self, anna: User, now: datetime) -> None:
        grant_role("municipality_editor", user=anna, organisation=open_market(now).town, by=SETUP, now=now)
        (roles,) = [part for part in personal_data(anna) if part.code == "memberships"]
        assert [row["Rolle"] for row in roles.rows] == ["Digitalisierung der Kommune"]

    def test_that_it_was_handed_out_is_noted(self, inside: Client, anna: User) -> None:
        inside.get("/konto/daten/auszug.json")
        entry = Entry.objects.get(kind="accounts.exported")
        assert (entry.actor_id, entry.data) == (anna.public_id, {})

    def test_it_is_limited(self, inside: Client) -> None:
        answers = [inside.get("/konto/daten/auszug.json").status_code for _ in range(21)]
        assert answers == [200] * 20 + [429]


class TestErasing:
    def leave(self, client: Client, address: str) -> Any:
        return client.post("/konto/loeschen", {"email": address})

    def test_everything_personal_is_gone(self, inside: Client, anna: User) -> None:
        with_app(anna)
        SocialAccount.objects.create(user=anna, provider="land", uid="0815")
        assert self.leave(inside, anna.email).headers["Location"] == "/konto/geloescht"
        gone = User.objects.get(pk=anna.pk)
        assert (gone.name, gone.email, str(gone)) == (
            "", f"{anna.public_id}@geloescht.invalid", "gelöschtes Konto"
        )  # fmt: skip
        assert (gone.is_active, gone.has_usable_password(), gone.last_login) == (False, False, None)
        for personal in (EmailAddress, Authenticator, SocialAccount, UserSession):
            assert personal.objects.filter(user=gone).count() == 0
        assert who(inside) is None
        assert "Ihr Konto ist gelöscht" in inside.get("/konto/geloescht").content.decode()

    def test_no_table_knows_name_or_address_but_the_last_letter(self, inside: Client, anna: User) -> None:
        """Every text in the database is looked at."""
        self.leave(inside, anna.email)
        assert tables_that_hold("anna@beispiel.example") == {"mail_letter"}
        assert tables_that_hold("Anna Ahorn") == set()

    def test_what_was_done_stays_and_names_nobody(self, inside: Client, anna: User) -> None:
        inside.post("/konto/name", {"name": "Anna Birke"})
        self.leave(inside, anna.email)
        about = Entry.objects.filter(subject_id=anna.public_id).order_by("pk").values_list("kind", flat=True)
        assert list(about)[-2:] == ["accounts.sessions_ended", "accounts.erased"]
        assert "accounts.renamed" in about

    def test_roles_end(self, inside: Client, anna: User, now: datetime) -> None:
        held = grant_role(
            "municipality_editor", user=anna, organisation=open_market(now).town, by=SETUP, now=now
        )
        self.leave(inside, anna.email)
        assert Membership.objects.get(pk=held.pk).ended_at is not None

    def test_a_letter_says_goodbye(self, inside: Client, anna: User) -> None:
        inside.post("/konto/passwort-vergessen", {"email": anna.email})
        self.leave(inside, anna.email)
        (letter,) = letters(anna.email)
        assert (letter.kind, letter.subject) == ("accounts.goodbye", "Ihr Konto bei Allmende ist gelöscht")
        # The address stays known for a while; whose random id stands in the journal it does not tell.
        assert (letter.about_type, letter.about_id, anna.public_id in letter.text) == ("account", "", False)

    def test_what_went_to_an_earlier_address_goes_as_well(self, inside: Client, anna: User) -> None:
        Letter.objects.filter(about_id=anna.public_id).delete()
        bert = account("bert@beispiel.example")
        for user in (anna, bert):
            send(
                to="frueher@beispiel.example", subject="Ihr Konto", text="Guten Tag,", kind="accounts.note",
                about=user, by=SETUP, now=datetime.now(UTC),
            )  # fmt: skip
        self.leave(inside, anna.email)
        assert [each.about_id for each in letters("frueher@beispiel.example")] == [bert.public_id]

    def test_the_address_may_be_used_again(self, inside: Client, anna: User) -> None:
        self.leave(inside, anna.email)
        again = account(anna.email)
        assert again.public_id != anna.public_id

    def test_other_places_are_signed_out(self, inside: Client, anna: User) -> None:
        elsewhere = Client()
        elsewhere.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        self.leave(inside, anna.email)
        assert elsewhere.get("/konto").status_code == 302

    def test_nobody_gets_in_any_more(self, inside: Client, anna: User) -> None:
        self.leave(inside, anna.email)
        for address in (anna.email, f"{anna.public_id}@geloescht.invalid"):
            client = Client()
            client.post("/konto/anmelden", {"login": address, "password": PASSWORD})
            client.post("/konto/passwort-vergessen", {"email": address})
            assert who(client) is None

    def test_the_last_administrator_has_to_hand_over_first(
        self, inside: Client, anna: User, now: datetime
    ) -> None:
        town, bert = open_market(now).town, account("bert@beispiel.example")
        for user, role in ((anna, "organisation_admin"), (bert, "municipality_editor")):
            grant_role(role, user=user, organisation=town, by=SETUP, now=now)
        page = inside.get("/konto/loeschen").content.decode()
        assert f"Sie verwalten {town.name} allein. Geben Sie diese Rolle zuerst jemand anderem." in page
        assert "Konto endgültig löschen" not in page
        self.leave(inside, anna.email)
        anna.refresh_from_db()
        assert anna.erased_at is None
        grant_role("organisation_admin", user=bert, organisation=town, by=SETUP, now=now)
        self.leave(inside, anna.email)
        anna.refresh_from_db()
        assert anna.erased_at is not None

    def test_the_address_has_to_be_typed(self, inside: Client, anna: User) -> None:
        page = self.leave(inside, "andere@beispiel.example").content.decode()
        assert "Das ist nicht die Adresse dieses Kontos. Prüfen Sie die Schreibweise." in page
        anna.refresh_from_db()
        assert anna.is_active

    def test_case_does_not_matter(self, inside: Client, anna: User) -> None:
        assert self.leave(inside, anna.email.upper()).headers["Location"] == "/konto/geloescht"

    def test_it_asks_for_the_password_before(self, client: Client, anna: User) -> None:
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
        assert self.leave(client, anna.email).headers["Location"].startswith("/konto/bestaetigen")
        anna.refresh_from_db()
        assert anna.is_active

    def test_nobody_erases_somebody_else(self, anna: User) -> None:
        bert = account("bert@beispiel.example")
        with pytest.raises(Refused, match="Berechtigung"):
            erase(anna, by=person(bert), now=datetime.now(UTC))

    def test_erased_is_erased(self, anna: User) -> None:
        erase(anna, by=person(anna), now=datetime.now(UTC))
        with pytest.raises(Refused, match="schon gelöscht"):
            erase(anna, by=person(anna), now=datetime.now(UTC))

    def test_all_of_it_or_nothing(self, anna: User, settings: Any) -> None:
        """A package that fails to let go keeps the account whole."""
        settings.ACCOUNT_ERASERS = ["tests.web.accounts.test_leaving.fails"]
        with pytest.raises(ZeroDivisionError):
            erase(anna, by=person(anna), now=datetime.now(UTC))
        anna.refresh_from_db()
        assert (anna.is_active, anna.name, letters(anna.email)) == (True, "Anna Ahorn", [])

    def test_the_database_keeps_an_erased_account_empty(self, anna: User) -> None:
        erase(anna, by=person(anna), now=datetime.now(UTC))
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=anna.pk).update(name="Anna")


def fails(user: User, *, by: Actor, now: datetime) -> None:
    raise ZeroDivisionError


def tables_that_hold(text: str) -> set[str]:
    from django.apps import apps
    from django.db.models import CharField, JSONField, TextField

    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField | JSONField):
                values = model._default_manager.values_list(field.name, flat=True)
                if any(text.lower() in str(value).lower() for value in values):
                    found.add(model._meta.db_table)
    return found


class TestName:
    def test_a_name_is_set_and_taken_away(self, inside: Client, anna: User) -> None:
        inside.post("/konto/name", {"name": "  Anna   Birke "})
        anna.refresh_from_db()
        assert anna.name == "Anna Birke"
        inside.post("/konto/name", {"name": ""})
        anna.refresh_from_db()
        assert (anna.name, str(anna)) == ("", anna.email)

    def test_one_that_is_too_long_is_said_to_be(self, inside: Client, anna: User) -> None:
        assert inside.post("/konto/name", {"name": "x" * 201}).status_code == 200
        anna.refresh_from_db()
        assert anna.name == "Anna Ahorn"

    def test_the_same_name_is_no_news(self, inside: Client, anna: User) -> None:
        inside.post("/konto/name", {"name": "Anna Ahorn"})
        assert Entry.objects.filter(kind="accounts.renamed").count() == 0
