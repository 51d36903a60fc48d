"""A person and their account, in a real browser: made, secured, entered by passkey, left."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches

from allmende.accounts.models import User
from allmende.mail.models import Letter
from tests.web.accounts.conftest import PASSWORD, account, code_of

pytestmark = pytest.mark.django_db(transaction=True)

Check = Callable[[Any], list[str]]
EMAIL = "nele@beispiel.example"


@pytest.fixture(autouse=True)
def _no_counts_from_before(transactional_db: None) -> None:
    caches["default"].clear()


def local(page: Any, address: str) -> str:
    """`localhost`, as passkeys want it, whatever the test server calls itself."""
    return address.replace("127.0.0.1", "localhost")


def link_to(email: str) -> str:
    letter = Letter.objects.filter(to=email).order_by("-pk")[0]
    return re.findall(r"^http://localhost:8000(/konto/\S+)$", letter.text, re.MULTILINE)[0]


def press(page: Any, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def says(page: Any, words: str) -> None:
    """Wait until the page says so: what was pressed may still be on its way."""
    page.get_by_role("main").get_by_text(words).first.wait_for()


def sign_in(page: Any, email: str = EMAIL) -> None:
    page.goto("/konto/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    press(page, "Anmelden")


def sign_out(page: Any) -> None:
    page.goto("/konto/abmelden")
    press(page, "Abmelden")


def confirm_by_password(page: Any) -> None:
    page.get_by_label("Ihr Passwort").fill(PASSWORD)
    press(page, "Bestätigen")


class Looker:
    """Looks at every page on the way: accessible, and no wider than 320 pixels."""

    def __init__(self, axe: Check, overflow: Check) -> None:
        self.axe, self.overflow, self.complaints = axe, overflow, list[str]()

    def __call__(self, page: Any) -> None:
        page.wait_for_load_state("load")
        self.complaints += self.axe(page)
        before = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        self.complaints += self.overflow(page)
        page.set_viewport_size(before)


@pytest.fixture
def look(axe: Check, overflow: Check) -> Any:
    looker = Looker(axe, overflow)
    yield looker
    assert looker.complaints == []


def test_from_signing_up_to_signing_in_with_an_app(page: Any, look: Looker) -> None:
    page.goto("/konto/anmelden")
    page.get_by_role("link", name="Konto anlegen").click()
    look(page)
    page.get_by_label("E-Mail-Adresse").fill(EMAIL)
    page.get_by_label("Name").fill("Nele Neu")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_label("Passwort noch einmal").fill(PASSWORD)
    press(page, "Konto anlegen")
    page.wait_for_url("**/konto/adresse-bestaetigen")
    look(page)
    page.goto(link_to(EMAIL))
    look(page)
    press(page, "Ja, bestätigen")
    page.wait_for_url("**/konto/anmelden")
    sign_in(page)
    page.wait_for_url("**/mein")
    page.goto("/konto")
    look(page)
    page.get_by_role("link", name="Zweiten Faktor verwalten").click()
    look(page)
    page.get_by_role("link", name="App einrichten").click()
    look(page)
    confirm_by_password(page)
    look(page)
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code aus der App").fill(code_of(secret))
    press(page, "App einrichten")
    page.wait_for_url("**/konto/zweiter-faktor/notfallcodes")
    look(page)
    assert page.locator("main li code").count() == 10
    sign_out(page)
    sign_in(page)
    page.wait_for_url("**/konto/zweiter-faktor/eingeben")
    look(page)
    page.get_by_label("Code").fill("000000")
    press(page, "Anmelden")
    says(page, "Dieser Code stimmt nicht.")
    look(page)
    page.get_by_label("Code").fill(code_of(secret))
    press(page, "Anmelden")
    page.wait_for_url("**/mein")


@pytest.fixture
def with_keys(new_page: Any, live_server: Any) -> Any:
    """A browser with a key that answers by itself, as with a fingerprint (WebAuthn over the DevTools protocol)."""
    page = new_page(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def add_passkey(page: Any, look: Looker, *, passwordless: bool) -> None:
    page.goto("/konto/passkeys/neu")
    confirm_by_password(page)
    look(page)
    page.get_by_label("Name des Passkeys").fill("Diensthandy")
    if passwordless:
        page.get_by_label("Auch ohne Passwort anmelden").check()
    press(page, "Passkey einrichten")
    page.wait_for_url("**/notfallcodes")


def test_a_passkey_signs_in_without_a_password(with_keys: Any, look: Looker) -> None:
    page = with_keys
    account(EMAIL)
    sign_in(page)
    page.wait_for_url("**/mein")
    add_passkey(page, look, passwordless=True)
    page.goto("/konto/passkeys")
    look(page)
    says(page, "Auch ohne Passwort.")
    sign_out(page)
    page.goto("/konto/anmelden")
    look(page)
    press(page, "Mit Passkey anmelden")
    page.wait_for_url("**/mein")
    page.goto("/konto")
    says(page, "Passkey")


def test_a_passkey_is_the_second_factor_after_a_password(with_keys: Any, look: Looker) -> None:
    page = with_keys
    account(EMAIL)
    sign_in(page)
    page.wait_for_url("**/mein")
    add_passkey(page, look, passwordless=False)
    sign_out(page)
    sign_in(page)
    page.wait_for_url("**/konto/zweiter-faktor/eingeben")
    look(page)
    press(page, "Passkey verwenden")
    page.wait_for_url("**/mein")
    page.goto("/konto/passkeys")
    page.get_by_role("link", name="Entfernen").click()
    page.get_by_role("button", name="Passkey verwenden").wait_for()
    look(page)
    press(page, "Passkey verwenden")
    page.get_by_role("button", name="Passkey entfernen").wait_for()
    look(page)
    press(page, "Passkey entfernen")
    says(page, "Sie haben noch keinen Passkey.")


def test_staff_get_to_the_desk_by_passkey_and_not_before(with_keys: Any, look: Looker, now: Any) -> None:
    from allmende.lib.actors import Actor
    from allmende.organisations.actions import grant_role

    page = with_keys
    chief = account(EMAIL)
    grant_role("catalogue_editor", user=chief, organisation=None, by=Actor.program("setup"), now=now)
    sign_in(page)
    page.wait_for_url("**/konto/zweiter-faktor?**")
    look(page)
    page.goto("/redaktion")
    page.wait_for_url("**/konto/zweiter-faktor?**")
    page.get_by_role("link", name="Passkey einrichten").click()
    confirm_by_password(page)
    page.get_by_label("Auch ohne Passwort anmelden").check()
    press(page, "Passkey einrichten")
    page.wait_for_url("**/notfallcodes")
    assert page.goto("/redaktion").status == 200
    sign_out(page)
    page.goto("/konto/anmelden")
    press(page, "Mit Passkey anmelden")
    page.wait_for_url("**/mein")
    assert page.goto("/redaktion").status == 200


def test_without_a_script_passkeys_are_not_offered(new_page: Any) -> None:
    page = new_page(javascript=False)
    page.goto("/konto/anmelden")
    assert not page.get_by_role("button", name="Mit Passkey anmelden").is_visible()


def test_a_forgotten_password_and_a_new_address(page: Any, look: Looker) -> None:
    account(EMAIL)
    page.goto("/konto/anmelden")
    page.get_by_role("link", name="Passwort vergessen?").click()
    look(page)
    page.get_by_label("E-Mail-Adresse").fill(EMAIL)
    press(page, "Link schicken")
    look(page)
    page.goto(link_to(EMAIL))
    look(page)
    page.get_by_label("Neues Passwort", exact=True).fill(PASSWORD)
    page.get_by_label("Neues Passwort noch einmal").fill(PASSWORD)
    press(page, "Passwort festlegen")
    look(page)
    page.get_by_role("link", name="Zur Anmeldung").click()
    sign_in(page)
    page.wait_for_url("**/mein")
    page.goto("/konto/adresse")
    page.get_by_label("Neue E-Mail-Adresse").fill("neu@beispiel.example")
    press(page, "Link schicken")
    confirm_by_password(page)
    page.wait_for_url("**/konto/adresse**")
    look(page)


def test_leaving_for_good(page: Any, look: Looker) -> None:
    account(EMAIL, name="Nele Neu")
    sign_in(page)
    page.wait_for_url("**/mein")
    page.goto("/konto")
    page.get_by_role("link", name="Daten mitnehmen").click()
    look(page)
    page.goto("/konto/loeschen")
    confirm_by_password(page)
    page.get_by_label("Geben Sie zur Sicherheit Ihre E-Mail-Adresse ein").wait_for()
    look(page)
    page.get_by_label("Geben Sie zur Sicherheit Ihre E-Mail-Adresse ein").fill(EMAIL)
    press(page, "Konto endgültig löschen")
    page.wait_for_url("**/konto/geloescht")
    look(page)
    assert User.objects.get().erased_at is not None
    sign_in(page)
    says(page, "E-Mail-Adresse und Passwort passen nicht zusammen.")
