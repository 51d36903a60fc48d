"""An account of one's own, a forgotten password, a new address: and nothing tells whether an account exists."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core.cache import caches
from django.test import Client

from allmende.accounts.models import User
from allmende.journal.models import Entry
from allmende.mail.models import Letter
from tests.web.accounts.conftest import PASSWORD, letters, link_in, who

pytestmark = pytest.mark.django_db

NEW, KNOWN = "neu@beispiel.example", "anna@beispiel.example"
OTHER = "ein anderer Satz den niemand kennt"


def sign_up(client: Client, email: str = NEW, **more: str) -> Any:
    form = {"email": email, "name": "Nele Neu", "password1": PASSWORD, "password2": PASSWORD} | more
    return client.post("/konto/registrieren", form)


def without_tokens(answer: Any) -> tuple[int, str, bytes]:
    """What somebody sees, without the token that is another one every time."""
    import re

    page = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)
    return answer.status_code, answer.headers.get("Location", ""), page


class TestSigningUp:
    def test_from_the_form_to_the_first_page(self, client: Client) -> None:
        assert sign_up(client).headers["Location"] == "/konto/adresse-bestaetigen"
        assert who(client) is None
        (letter,) = letters(NEW)
        assert (letter.kind, letter.subject) == (
            "accounts.email_confirmation_signup", "Bestätigen Sie Ihre E-Mail-Adresse"
        )  # fmt: skip
        link = link_in(letter)
        assert "Gehört Ihnen diese E-Mail-Adresse?" in client.get(link).content.decode()
        assert not EmailAddress.objects.get().verified
        assert client.post(link).headers["Location"] == "/konto/anmelden"
        assert EmailAddress.objects.get().verified
        assert who(client) is None
        answer = client.post("/konto/anmelden", {"login": NEW, "password": PASSWORD})
        assert answer.headers["Location"] == "/mein"
        newcomer = User.objects.get()
        assert who(client) == newcomer.public_id
        assert (newcomer.name, newcomer.is_staff) == ("Nele Neu", False)
        kinds = Entry.objects.filter(subject_id=newcomer.public_id).values_list("kind", "actor_id")
        assert list(kinds) == [("accounts.registered", newcomer.public_id)]

    def test_before_the_address_is_confirmed_nobody_gets_in(self, client: Client) -> None:
        sign_up(client)
        answer = Client().post("/konto/anmelden", {"login": NEW, "password": PASSWORD})
        assert answer.headers["Location"] == "/konto/adresse-bestaetigen"
        assert who(client) is None

    @pytest.mark.parametrize("key", ["unfug", "MQ:1unfug:zzz", "a" * 500])
    def test_a_link_that_is_none_says_so(self, client: Client, key: str) -> None:
        page = client.get(f"/konto/adresse-bestaetigen/{key}")
        assert "Dieser Link gilt nicht mehr" in page.content.decode()

    def test_a_link_works_three_days(self, client: Client, settings: Any) -> None:
        sign_up(client)
        link = link_in(letters(NEW)[0])
        settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 0
        assert "Dieser Link gilt nicht mehr" in client.get(link).content.decode()

    def test_looking_at_the_link_confirms_nothing(self, client: Client) -> None:
        """Scanners in mail servers open every link."""
        sign_up(client)
        Client().get(link_in(letters(NEW)[0]))
        assert not EmailAddress.objects.get().verified

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"email": ""}, "Geben Sie Ihre E-Mail-Adresse ein."),
            (
                {"email": "nein"},
                "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
            ),
            ({"password1": ""}, "Denken Sie sich ein Passwort aus."),
            ({"password2": "anders als zuvor"}, "Die beiden Passwörter sind nicht gleich."),
            ({"password1": "kurz", "password2": "kurz"}, "Dieses Passwort ist zu kurz."),
            ({"password1": "qwertyuiop12", "password2": "qwertyuiop12"}, "üblich"),
        ],
    )
    def test_what_is_wrong_is_said(self, client: Client, wrong: dict[str, str], sentence: str) -> None:
        answer = sign_up(client, **wrong)
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert (User.objects.count(), Letter.objects.count()) == (0, 0)

    def test_an_address_nobody_can_write_to_is_no_failure(self, client: Client) -> None:
        answer = sign_up(client, "ä" * 5 + "@beispiel.example")
        assert answer.status_code in (200, 302)

    def test_nobody_makes_themselves_staff(self, client: Client) -> None:
        sign_up(client, is_staff="1", is_superuser="1", is_active="1", public_id="0000000000")
        newcomer = User.objects.get()
        assert (newcomer.is_staff, newcomer.is_superuser) == (False, False)
        assert newcomer.public_id != "0000000000"


class TestNobodyLearnsWhetherAnAccountExists:
    """Page, status, where it leads, and what it costs are the same; only the owner of the address is told."""

    def test_by_signing_up(self, anna: User) -> None:
        known, unknown = sign_up(Client(), KNOWN), sign_up(Client(), NEW)
        assert without_tokens(known) == without_tokens(unknown)
        assert [letter.kind for letter in letters(KNOWN)] == ["accounts.account_already_exists"]
        assert [letter.kind for letter in letters(NEW)] == ["accounts.email_confirmation_signup"]
        assert (User.objects.filter(email=KNOWN).count(), anna.check_password(PASSWORD)) == (1, True)

    def test_by_the_page_that_follows(self, anna: User) -> None:
        pages = []
        for email in (KNOWN, NEW):
            client = Client()
            sign_up(client, email)
            pages.append(without_tokens(client.get("/konto/adresse-bestaetigen")))
        known, unknown = (
            page[2].replace(email.encode(), b"") for page, email in zip(pages, (KNOWN, NEW), strict=True)
        )
        assert known == unknown

    @pytest.mark.parametrize("case", [str.upper, str.title, str.swapcase])
    def test_by_writing_it_in_another_case(self, anna: User, case: Any) -> None:
        assert sign_up(Client(), case(KNOWN)).headers["Location"] == "/konto/adresse-bestaetigen"
        assert User.objects.count() == 1

    def test_by_forgetting_the_password(self, anna: User) -> None:
        known = Client().post("/konto/passwort-vergessen", {"email": KNOWN})
        unknown = Client().post("/konto/passwort-vergessen", {"email": NEW})
        assert without_tokens(known) == without_tokens(unknown)
        assert [letter.kind for letter in letters(KNOWN)] == ["accounts.password_reset_key"]
        assert [letter.kind for letter in letters(NEW)] == ["accounts.unknown_account"]

    def test_by_signing_in(self, anna: User) -> None:
        answers = [
            without_tokens(Client().post("/konto/anmelden", {"login": email, "password": "falsch"}))
            for email in (KNOWN, NEW)
        ]
        assert answers[0][2].replace(KNOWN.encode(), b"") == answers[1][2].replace(NEW.encode(), b"")

    def test_by_signing_in_too_often(self, anna: User) -> None:
        said = []
        for place, email in enumerate((KNOWN, NEW)):
            for _ in range(6):
                answer = Client(REMOTE_ADDR=f"127.0.1.{place}").post(
                    "/konto/anmelden", {"login": email, "password": "falsch"}
                )
            said.append("zu viele Versuche" in answer.content.decode())
        assert said == [True, True]

    def test_by_taking_the_address_for_oneself(self, anna: User) -> None:
        """The owner gets a link that gives the address to nobody."""
        other = User.objects.create_user("bert@beispiel.example", PASSWORD)
        EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
        client = Client()
        client.post("/konto/anmelden", {"login": other.email, "password": PASSWORD})
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        answers = [
            client.post("/konto/adresse", {"email": email, "action_add": "1"}) for email in (KNOWN, NEW)
        ]
        assert [answer.headers["Location"] for answer in answers] == ["/konto/adresse"] * 2
        (letter,) = letters(KNOWN)
        client.post(link_in(letter), follow=True)
        other.refresh_from_db()
        assert (other.email, User.objects.get(pk=anna.pk).email) == ("bert@beispiel.example", KNOWN)

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("/konto/registrieren", {"email": "{}", "password1": PASSWORD, "password2": PASSWORD}),
            ("/konto/anmelden", {"login": "{}", "password": "falsch"}),
        ],
    )
    def test_by_the_time_it_takes(
        self, anna: User, monkeypatch: pytest.MonkeyPatch, path: str, form: dict[str, str]
    ) -> None:
        """What takes long is hashing; it is counted, not timed, so that a busy machine changes nothing."""
        hashed: list[str] = []
        usual = hashers.MD5PasswordHasher.encode
        monkeypatch.setattr(
            hashers.MD5PasswordHasher, "encode", lambda *given: hashed.append("") or usual(*given)
        )
        counts = []
        for email in (KNOWN, NEW):
            caches["default"].clear()
            hashed.clear()
            Client().post(path, {key: value.format(email) for key, value in form.items()})
            counts.append(len(hashed))
        assert counts == [1, 1]


class TestAForgottenPassword:
    def _asked(self, client: Client) -> str:
        client.post("/konto/passwort-vergessen", {"email": KNOWN})
        return link_in(letters(KNOWN)[-1])

    def test_a_new_one_is_set_and_nobody_is_signed_in_by_it(self, client: Client, anna: User) -> None:
        page = client.get(self._asked(client), follow=True)
        address = page.redirect_chain[-1][0]
        assert address.endswith("-set-password")
        answer = client.post(address, {"password1": OTHER, "password2": OTHER})
        assert answer.headers["Location"] == "/konto/passwort-neu/fertig"
        assert who(client) is None
        anna.refresh_from_db()
        assert anna.check_password(OTHER)
        assert [letter.kind for letter in letters(KNOWN)] == [
            "accounts.password_reset_key", "accounts.password_reset"
        ]  # fmt: skip
        assert Entry.objects.filter(kind="accounts.password_changed").count() == 1

    def test_a_link_works_once(self, client: Client, anna: User) -> None:
        link = self._asked(client)
        address = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(address, {"password1": OTHER, "password2": OTHER})
        assert "Dieser Link gilt nicht mehr" in Client().get(link, follow=True).content.decode()

    def test_a_link_for_one_opens_no_other(self, client: Client, anna: User) -> None:
        bert = User.objects.create_user("bert@beispiel.example", PASSWORD)
        from allauth.account.utils import user_pk_to_url_str

        token = self._asked(client).partition("-neu/")[2].partition("-")[2]
        page = Client().get(f"/konto/passwort-neu/{user_pk_to_url_str(bert)}-{token}", follow=True)
        assert "Dieser Link gilt nicht mehr" in page.content.decode()

    def test_it_ends_every_session(self, client: Client, anna: User) -> None:
        thief = Client()
        thief.post("/konto/anmelden", {"login": KNOWN, "password": PASSWORD})
        address = client.get(self._asked(client), follow=True).redirect_chain[-1][0]
        client.post(address, {"password1": OTHER, "password2": OTHER})
        assert thief.get("/konto").status_code == 302

    def test_a_closed_account_gets_none(self, client: Client, anna: User) -> None:
        User.objects.filter(pk=anna.pk).update(is_active=False)
        client.post("/konto/passwort-vergessen", {"email": KNOWN})
        assert [letter.kind for letter in letters(KNOWN)] == ["accounts.unknown_account"]

    def test_the_host_of_the_link_is_ours_whatever_the_request_says(
        self, client: Client, anna: User, settings: Any
    ) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        client.post("/konto/passwort-vergessen", {"email": KNOWN}, headers={"host": "boese.invalid"})
        assert "boese.invalid" not in letters(KNOWN)[0].text


class TestANewAddress:
    @pytest.fixture
    def inside(self, client: Client, anna: User) -> Client:
        client.post("/konto/anmelden", {"login": KNOWN, "password": PASSWORD})
        client.post("/konto/bestaetigen", {"password": PASSWORD})
        return client

    def test_it_counts_once_it_is_confirmed_and_the_old_one_is_told(self, inside: Client, anna: User) -> None:
        inside.post("/konto/adresse", {"email": NEW, "action_add": "1"})
        anna.refresh_from_db()
        assert anna.email == KNOWN
        inside.post(link_in(letters(NEW)[0]))
        anna.refresh_from_db()
        assert anna.email == NEW
        assert [each.email for each in EmailAddress.objects.filter(user=anna)] == [NEW]
        assert [letter.kind for letter in letters(KNOWN)] == ["accounts.email_changed"]
        assert Entry.objects.filter(kind="accounts.address_changed").count() == 1

    def test_it_asks_for_the_password(self, client: Client, anna: User) -> None:
        client.post("/konto/anmelden", {"login": KNOWN, "password": PASSWORD})
        answer = client.post("/konto/adresse", {"email": NEW, "action_add": "1"})
        assert answer.headers["Location"].startswith("/konto/bestaetigen")
        assert letters(NEW) == []

    def test_one_can_think_better_of_it(self, inside: Client, anna: User) -> None:
        inside.post("/konto/adresse", {"email": NEW, "action_add": "1"})
        assert f"Noch nicht bestätigt: {NEW}" in inside.get("/konto/adresse").content.decode()
        inside.post("/konto/adresse", {"email": NEW, "action_remove": "1"})
        link = link_in(letters(NEW)[0])
        assert "Dieser Link gilt nicht mehr" in inside.get(link).content.decode()

    def test_ones_own_is_refused_in_words(self, inside: Client) -> None:
        page = inside.post("/konto/adresse", {"email": KNOWN, "action_add": "1"}).content.decode()
        assert "Diese Adresse gehört schon zu Ihrem Konto. Geben Sie eine andere ein." in page


class TestLimits:
    """On in every test; each of them from an address of its own."""

    def _until_429(self, path: str, form: dict[str, str], most: int, **more: Any) -> int:
        client = Client(REMOTE_ADDR="127.0.9.1", **more)
        for number in range(most):
            if client.post(path, form).status_code == 429:
                return number
        return most

    def test_signing_up(self) -> None:
        assert self._until_429("/konto/registrieren", {}, 25) == 20

    def test_signing_in(self) -> None:
        assert self._until_429("/konto/anmelden", {}, 35) == 30

    def test_a_forgotten_password_per_address_of_mail(self, anna: User) -> None:
        assert self._until_429("/konto/passwort-vergessen", {"email": KNOWN}, 10) == 5
        assert len(letters(KNOWN)) == 5

    def test_a_link_of_a_forgotten_password(self) -> None:
        assert self._until_429("/konto/passwort-neu/1-unfug", {}, 25) == 20

    def test_a_passkey(self) -> None:
        assert self._until_429("/konto/passkeys/anmelden", {"credential": "{}"}, 15) == 10

    def test_five_wrong_passwords_for_one_account_from_anywhere(self, anna: User) -> None:
        for place in range(5):
            Client(REMOTE_ADDR=f"127.0.8.{place}").post(
                "/konto/anmelden", {"login": KNOWN, "password": "falsch"}
            )
        answer = Client(REMOTE_ADDR="127.0.8.9").post(
            "/konto/anmelden", {"login": KNOWN, "password": PASSWORD}
        )
        assert "Das waren zu viele Versuche. Warten Sie fünf Minuten." in answer.content.decode()

    def test_confirming_once_more(self, client: Client, anna: User) -> None:
        client.post("/konto/anmelden", {"login": KNOWN, "password": PASSWORD})
        answers = [client.post("/konto/bestaetigen", {"password": ""}).status_code for _ in range(11)]
        assert answers == [200] * 10 + [429]


def test_accounts_that_nobody_confirms_are_dropped_after_two_weeks(client: Client, anna: User) -> None:
    from allmende.accounts.actions import drop_unconfirmed
    from allmende.lib.actors import Actor

    sign_up(client)
    by, today = Actor.program("test"), datetime.now(UTC)
    assert drop_unconfirmed(by=by, now=today + timedelta(days=13)) == 0
    assert drop_unconfirmed(by=by, now=today + timedelta(days=15)) == 1
    assert [user.email for user in User.objects.all()] == [KNOWN]
