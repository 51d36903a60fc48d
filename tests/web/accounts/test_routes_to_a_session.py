"""Every route that could make a session: none gives one to staff without the second factor.

The addresses come from the resolver, so that a new one cannot be forgotten. What each is for is written here by hand;
what it does is tried. A view that signs somebody in some other way than by allauth's stages would be found by
`test_every_address_is_tried_with_all_that_a_password_opens`.
"""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from allmende.accounts.models import User
from tests.web.accounts.conftest import (
    PASSWORD,
    account,
    code_of,
    letters,
    link_in,
    recovery_codes,
    who,
    with_app,
)  # fmt: skip

pytestmark = pytest.mark.django_db

ENTER = "/konto/zweiter-faktor/eingeben"
# Every named address of accounts, by what it can do to a session.
SIGNS_IN = {
    "account_login": "password; then the second factor",
    "mfa_authenticate": "the second factor, after one of the others",
    "mfa_login_webauthn": "a passkey with fingerprint, face or PIN, which is two factors in one",
    "openid_connect_callback": "an identity provider; then the second factor",
    "socialaccount_signup": "a new account by an identity provider, never of staff",
    "account_confirm_email": "asked for by a link in a mail: confirms, and signs nobody in",
    "account_reset_password_from_key": "asked for by a link in a mail: sets a password, and signs nobody in",
    "account_signup": "a new account, never of staff, and not before its address is confirmed",
}
SIGNS_NOBODY_IN = {
    "account", "account_change_password", "account_data", "account_download", "account_email",
    "account_email_verification_sent", "account_end_all", "account_end_others", "account_end_session",
    "account_erase", "account_erased", "account_inactive", "account_join", "account_logout", "account_name",
    "account_reauthenticate", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done", "account_sessions", "account_set_password", "mfa_activate_totp",
    "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn",
    "mfa_generate_recovery_codes", "mfa_index", "mfa_list_webauthn", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes", "openid_connect_login",
    "socialaccount_connections", "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip
EXAMPLES = {
    "uidb36": "1", "key": "unfug", "provider_id": "land", "format": "json", "number": "1", "pk": "1",
    "public_id": "0000000000", "slug": "x", "code": "x",
}  # fmt: skip


def addresses(resolver: URLResolver, before: tuple[Any, ...] = ()) -> Iterator[tuple[str | None, str]]:
    """Every address of the site, Wagtail's too: its name, and one example of it."""
    for pattern in resolver.url_patterns:
        way = (*before, pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern.name, "/" + "".join(example(part) for part in way)
        else:
            yield from addresses(pattern, way)


def example(part: Any) -> str:
    """The pattern with something in each of its holes."""
    import re

    text = str(part)
    if hasattr(part, "_route"):
        kinds = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}
        return re.sub(
            r"<(?:(\w+):)?(\w+)>", lambda hole: kinds.get(hole[1] or "", EXAMPLES.get(hole[2], "x")), text
        )
    text = re.sub(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)", lambda hole: EXAMPLES.get(hole[1], "x"), text)
    return re.sub(r"\([^()]*\)|[\^$?*+\\]", "", text)


ALL = sorted({path for _, path in addresses(get_resolver())})


def test_every_address_of_accounts_is_told_apart_here() -> None:
    served = {name for name, path in addresses(get_resolver()) if path.startswith("/konto")}
    assert served == set(SIGNS_IN) | SIGNS_NOBODY_IN


@pytest.fixture
def secret(chief: User) -> str:
    return with_app(chief)


@pytest.fixture
def sessions() -> Iterator[list[str]]:
    """Whoever is signed in by whatever way, noted by Django itself."""
    seen: list[str] = []

    def note(user: User, **more: Any) -> None:
        seen.append(user.email)

    user_logged_in.connect(note)
    yield seen
    user_logged_in.disconnect(note)


# Everything that a thief of the password could type, under every name that a form of ours or of Wagtail's might use.
TYPED = {
    **dict.fromkeys(["login", "username", "email", "user", "id_username"], "chef@beispiel.example"),
    **dict.fromkeys(["password", "password1", "password2", "oldpassword", "new_password1", "new_password2"], PASSWORD),
    "code": "000000", "credential": "{}", "remember": "1", "next": "/redaktion", "token": "x", "key": "x",
}  # fmt: skip


@pytest.mark.slow
def test_every_address_is_tried_with_all_that_a_password_opens(
    chief: User, secret: str, sessions: list[str]
) -> None:
    """With the password of staff who have a second factor, no address of the site makes a session."""
    assert len(ALL) > 200
    for path, method in itertools.product(ALL, ("get", "post")):
        caches["default"].clear()
        client = Client(raise_request_exception=False)
        getattr(client, method)(
            path, TYPED, headers={"authorization": "Basic Y2hlZkBiZWlzcGllbC5leGFtcGxlOng="}
        )
        # Asking the client for its session would make one.
        assert sessions == [], f"{method} {path}"
    assert not any("_auth_user_id" in each.get_decoded() for each in Session.objects.all())
    assert User.objects.get(pk=chief.pk).check_password(PASSWORD)


@pytest.mark.slow
def test_nor_does_it_in_the_middle_of_signing_in(chief: User, secret: str, sessions: list[str]) -> None:
    """The password was right, the second factor is asked for: every other address is tried instead of answering."""
    first = Client()
    first.post("/konto/anmelden", {"login": chief.email, "password": PASSWORD})
    in_the_middle = dict(first.session)
    assert first.get(ENTER).status_code == 200
    for path, method in itertools.product(ALL, ("get", "post")):
        if path in (ENTER, "/konto/abmelden"):
            continue
        caches["default"].clear()
        client = Client(raise_request_exception=False)
        session = client.session
        session.update(in_the_middle)
        session.save()
        getattr(client, method)(path, TYPED)
        assert sessions == [], f"{method} {path}"
    assert not any("_auth_user_id" in each.get_decoded() for each in Session.objects.all())


def test_a_session_in_the_middle_of_signing_in_is_one(chief: User, secret: str) -> None:
    """What is put into a browser above leads to the end of signing in; else nothing was tried."""
    first, second = Client(), Client()
    first.post("/konto/anmelden", {"login": chief.email, "password": PASSWORD})
    session = second.session
    session.update(dict(first.session))
    session.save()
    second.post(ENTER, {"code": code_of(secret)})
    assert who(second) == chief.public_id


@pytest.mark.slow
@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_a_second_factor_get_into_nothing_but_setting_it_up(chief: User, method: str) -> None:
    """Signed in by password, every address of the site is tried: a page of work opens nowhere."""
    open_to_all = {
        "/impressum",
        "/datenschutz",
        "/barrierefreiheit",
        "/robots.txt",
        "/suche/vorschlaege",
        "/konto/abmelden",
    }
    to_set_up = {
        "/konto/zweiter-faktor",
        "/konto/zweiter-faktor/app",
        "/konto/passkeys/neu",
        "/konto/bestaetigen",
    }
    client = Client(raise_request_exception=False)
    client.post("/konto/anmelden", {"login": chief.email, "password": PASSWORD})
    assert who(client) == chief.public_id
    opened = set()
    for path in ALL:
        if path in open_to_all | to_set_up:
            continue
        caches["default"].clear()
        answer = getattr(client, method)(path)
        place = answer.headers.get("Location", "")
        if answer.status_code != 404 and not place.startswith("/konto/zweiter-faktor?next="):
            opened.add((path, answer.status_code, place))
    assert {path for path, *_ in opened} - _served_without_a_view(opened) == set()


def _served_without_a_view(opened: set[tuple[str, int, str]]) -> set[str]:
    """An address that lacks its last stroke is sent to the one that has it, before any view is asked."""
    return {path for path, status, place in opened if status == 301 and place.rstrip("/") == path.rstrip("/")}


class TestEachRouteOnItsOwn:
    """The way a person would go, up to where the second factor stands in it."""

    def test_password(self, client: Client, chief: User, secret: str) -> None:
        answer = client.post("/konto/anmelden", {"login": chief.email, "password": PASSWORD})
        assert (answer.headers["Location"], who(client)) == (ENTER, None)
        client.post(ENTER, {"code": code_of(secret)})
        assert who(client) == chief.public_id
        assert client.get("/mein").status_code == 200

    def test_recovery_code_instead_of_a_password(self, client: Client, chief: User, secret: str) -> None:
        client.post("/konto/anmelden", {"login": chief.email, "password": recovery_codes(chief)[0]})
        client.post(ENTER, {"code": recovery_codes(chief)[0]})
        assert who(client) is None

    def test_forgotten_password(self, client: Client, chief: User, secret: str) -> None:
        """Whoever reads the mail of staff gets a password, and no further."""
        other = "ein anderer Satz den niemand kennt"
        client.post("/konto/passwort-vergessen", {"email": chief.email})
        page = client.get(link_in(letters(chief.email)[-1]), follow=True)
        client.post(page.redirect_chain[-1][0], {"password1": other, "password2": other})
        assert who(client) is None
        answer = client.post("/konto/anmelden", {"login": chief.email, "password": other})
        assert (answer.headers["Location"], who(client)) == (ENTER, None)

    def test_confirming_an_address(self, client: Client, chief: User, secret: str) -> None:
        EmailAddress.objects.filter(user=chief).update(verified=False)
        client.post("/konto/anmelden", {"login": chief.email, "password": PASSWORD})
        answer = client.post(link_in(letters(chief.email)[-1]))
        assert (answer.headers["Location"], who(client)) == ("/konto/anmelden", None)

    def test_confirming_an_address_after_signing_in(self, client: Client, chief: User, secret: str) -> None:
        """allauth can go on from there to where signing in was interrupted."""
        EmailAddress.objects.filter(user=chief).update(verified=False)
        client.post("/konto/anmelden", {"login": chief.email, "password": PASSWORD})
        client.post(link_in(letters(chief.email)[-1]))
        client.get("/konto/anmelden", follow=True)
        assert who(client) is None

    def test_identity_provider(self, client: Client, chief: User, secret: str, rf: Any) -> None:
        """The provider has said that it is them; tests/web/accounts/test_providers.py goes the way with a real one."""
        from allauth.account.internal.flows.login import perform_login
        from allauth.account.models import Login
        from allauth.core import context

        SocialAccount.objects.create(user=chief, provider="land", uid="chef")
        request = rf.get("/konto/anmelden/mit/land/zurueck")
        client.get("/konto/anmelden")
        request.session, request.user = client.session, User()
        with context.request_context(request):
            answer = perform_login(request, Login(user=chief))
        assert answer.headers["Location"] == ENTER

    def test_signing_up_with_the_address_of_staff(self, client: Client, chief: User, secret: str) -> None:
        client.post(
            "/konto/registrieren", {"email": chief.email, "password1": PASSWORD, "password2": PASSWORD}
        )
        assert who(client) is None
        assert User.objects.filter(email__iexact=chief.email).count() == 1

    @pytest.mark.parametrize("path", ["/verwaltung/login/", "/verwaltung/password_reset/", "/admin/login/"])
    def test_wagtail(self, client: Client, chief: User, path: str) -> None:
        client.post(path, {"username": chief.email, "password": PASSWORD})
        assert who(client) is None

    def test_a_link_in_the_name_of_somebody(self, client: Client, chief: User, secret: str) -> None:
        client.get(f"/konto/passwort-neu/{user_pk_to_url_str(chief)}-set-password")
        assert who(client) is None

    def test_a_token_or_a_header(self, client: Client, chief: User) -> None:
        """There are none: this fails the day somebody adds them, and then belongs here."""
        for header in ("Bearer x", "Token x", "Basic x"):
            assert client.get("/mein", headers={"authorization": header}).status_code == 302
            assert client.get("/mein", headers={"remote-user": chief.email}).status_code == 302
            assert who(client) is None


def test_only_allauth_signs_people_in(checkout: Path) -> None:
    """No code of ours calls what makes a session, so that nothing goes around the stages."""
    forbidden = {"login", "aLogin", "force_login", "perform_login", "authenticate"}
    found = []
    for path in (checkout / "src/allmende").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("django.contrib.auth", "allauth.account.internal", "allauth.account.utils")
            ):
                found += [f"{path.name}: {each.name}" for each in node.names if each.name in forbidden]
    assert found == []


def test_there_is_one_way_to_check_who_somebody_is(settings: Any) -> None:
    assert settings.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]
    assert [path for path in settings.INSTALLED_APPS if "headless" in path or "authtoken" in path] == []
    assert settings.ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION is False
    assert settings.ACCOUNT_LOGIN_ON_PASSWORD_RESET is False
    assert not getattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE", None)
    assert not getattr(settings, "MFA_TRUST_ENABLED", False)
    assert not getattr(settings, "ACCOUNT_LOGIN_BY_CODE_ENABLED", False)
    assert not getattr(settings, "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", False)


def test_an_account_of_ones_own_is_not_staff(client: Client) -> None:
    assert account("neu@beispiel.example").is_staff is False
