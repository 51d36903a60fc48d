"""In a real browser: from a first visit to a published offer, from a claim to a confirmed use, through each queue."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.catalogue.models import LaterEdit, Offer, WorkingCopy
from allmende.organisations.queries import actor_for
from tests.factories.market import Market, open_market
from tests.factories.offering import submitted_offer
from tests.factories.people import signed_in, somebody
from tests.support.browser import DESKTOP, PHONE

# As long as a machine with much to do may take; whatever is waited for stands on the page.
expect.set_options(timeout=30_000)
NewPage = Callable[..., Any]
Check = Callable[[Any], list[str]]


@pytest.fixture
def market(transactional_db: None, settings: Any, tmp_path: Path, now: Any) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


class Person:
    """Somebody at a browser of their own, who looks at each page as the accessibility check does."""

    def __init__(self, page: Page, user: User, cookie: str, axe: Check, overflow: Check) -> None:
        self.page, self._axe, self._overflow = page, axe, overflow
        page.set_default_timeout(30_000)
        page.goto("/")
        page.context.add_cookies(
            [{"name": cookie, "value": signed_in(user).cookies[cookie].value, "url": page.url}]
        )
        self.complaints: list[str] = []

    def at(self, address: str) -> Page:
        self.page.goto(address)
        return self.look()

    def look(self) -> Page:
        """The page, after the accessibility check and, on a phone, whether anything sticks out."""
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        self.complaints += self._axe(self.page)
        self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        self.complaints += self._overflow(self.page)
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        return self.page

    def press(self, name: str) -> Page:
        """Press a button that leads on, and look at the page that comes: not before it is there."""
        button = self.page.get_by_role("main").get_by_role("button", name=re.compile(name)).first
        with self.page.expect_navigation():
            button.click()
        return self.look()

    def follow(self, name: str) -> Page:
        """The same with a link."""
        link = self.page.get_by_role("link", name=name).first
        with self.page.expect_navigation():
            link.click()
        return self.look()


@pytest.fixture
def person(market: Market, new_page: NewPage, settings: Any, axe: Check, overflow: Check, now: Any) -> Any:
    def make(role: str, organisation: Any = None) -> Person:
        user = somebody(role, organisation, now=now)
        return Person(new_page(), user, settings.SESSION_COOKIE_NAME, axe, overflow)

    return make


def fill_offer(page: Page, title: str) -> None:
    page.get_by_label("Titel des Angebots").fill(title)
    page.get_by_label("Betrieb", exact=True).check()
    page.get_by_label("Wo läuft die Lösung?").select_option("saas_provider")


def test_from_a_first_visit_to_a_published_offer(market: Market, person: Any, new_page: NewPage) -> None:
    company = person("provider_editor", market.provider)
    company.at("/mein")
    company.follow("Alle Angebote und eigenen Einträge")
    company.follow("Neu einstellen").get_by_label("Name oder Aufgabe der Lösung").fill("Raumbuchung")
    page = company.press("^Nachsehen")
    expect(page.get_by_role("main")).to_contain_text(
        "Gibt es schon: Möchten Sie stattdessen ein Angebot dazu einstellen?"
    )
    company.press("Angebot dazu einstellen ?: Raumbuchung")
    fill_offer(company.follow("Was bieten Sie an?"), "Raumbuchung als Dienst")
    expect(page.locator("#gesichert")).to_contain_text("Gespeichert um")
    expect(page.locator("#hinweise")).to_contain_text("Sagen Sie, was zum Angebot gehört.")
    page.get_by_label("Was gehört zum Angebot?").fill("Einrichtung und Betreuung.")
    expect(page.locator("#hinweise")).to_contain_text("Auf dieser Seite fehlt nichts.")
    page = company.press("^Speichern und weiter")
    page.get_by_label("Wie oft fällt der Betrag an?").first.select_option("yearly")
    page.get_by_label("Betrag in Euro, netto").first.fill("viel")
    page = company.press("^Speichern und weiter")
    expect(page.get_by_role("main")).to_contain_text("Geben Sie bei „Betrag in Euro, netto“ eine Zahl ein")
    page.get_by_label("Betrag in Euro, netto").first.fill("1.200,50")
    page = company.press("^Speichern und weiter")
    page.get_by_label("E-Mail-Adresse").fill("angebot@beispiel.example")
    company.press("^Speichern und weiter")
    preview = company.follow("Vorschau ansehen")
    expect(preview.locator("#angebote")).to_contain_text("Raumbuchung als Dienst")
    company.follow("Zurück zum Formular")
    company.follow("Prüfen und einreichen")
    page = company.press("^Zur Prüfung einreichen")
    expect(page.get_by_role("main")).to_contain_text("Wie es weitergeht")

    desk = person("catalogue_editor")
    desk.at("/redaktion")
    desk.follow("Angebote prüfen")
    desk.follow("Raumbuchung als Dienst zu Raumbuchung")
    page = desk.press("^Veröffentlichen")
    expect(page.get_by_role("main")).to_contain_text("ist veröffentlicht.")
    public = new_page()
    public.goto(f"/loesungen/{market.raum.public_id}")
    expect(public.locator("#angebote")).to_contain_text("Raumbuchung als Dienst")
    assert company.complaints + desk.complaints == []


def test_from_a_claim_to_a_confirmed_use(market: Market, person: Any, new_page: NewPage) -> None:
    company = person("provider_editor", market.provider)
    company.at(f"/loesungen/{market.raum.public_id}")
    company.follow("Das ist unser Eintrag").get_by_label("Woran sieht man das?").fill(
        "Wir haben sie entwickelt, siehe Impressum."
    )
    page = company.press("^Übernahme melden")
    expect(page.get_by_role("main")).to_contain_text("Die Redaktion prüft")

    desk = person("catalogue_editor")
    desk.at("/redaktion/uebernahmen")
    desk.follow("Raumbuchung")
    page = desk.press("^Bestätigen")
    expect(page.get_by_role("main")).to_contain_text("Der Eintrag gehört jetzt zu Beispiel-Software GmbH.")

    company.at("/angebote")
    page = company.press("Angaben zur Lösung ändern")
    company.follow("Was ist es?").get_by_label("Was tut die Lösung?").fill(
        "Räume und Hallen buchen, mit Freigabe durch das Amt."
    )
    company.press("^Speichern und weiter")
    page.goto(re.sub(r"/seite/.*", "/pruefen", page.url))
    company.look()
    page = company.press("^Änderung veröffentlichen")
    expect(page.get_by_role("main")).to_contain_text("Wo die Organisation etwas anderes sagt als eine Quelle")

    town = person("municipality_editor", market.town)
    page = town.at(f"/loesungen/{market.raum.public_id}/nutzung")
    page.get_by_label("Im Einsatz").check()
    page = town.press("^Angabe veröffentlichen")
    expect(page.locator("#nutzung")).to_contain_text("Ahornstadt")

    desk.at("/redaktion/aenderungen")
    desk.follow("Raumbuchung")
    desk.press("^Zur Kenntnis genommen")
    assert LaterEdit.objects.get().state == "acknowledged"
    assert company.complaints + desk.complaints + town.complaints == []


def test_two_people_write_the_same_and_both_are_shown(market: Market, person: Any) -> None:
    first, second = (person("provider_editor", market.provider) for _ in range(2))
    first.at("/angebote/neu?q=Raumbuchung")
    page = first.press("Angebot dazu einstellen ?: Raumbuchung")
    copy = WorkingCopy.objects.get()
    address = f"/angebote/{copy.public_id}/seite/betrieb"
    page.goto(address)
    other = second.at(address)
    fill_offer(page, "Von der Ersten")
    first.press("^Zwischenspeichern")
    fill_offer(other, "Von der Zweiten")
    expect(other.locator("#gesichert")).to_contain_text("Inzwischen hat jemand anderes diese Seite geändert")
    other = second.press("^Zwischenspeichern")
    expect(other.get_by_role("heading", level=1)).to_have_text("Es gibt zwei Fassungen dieser Seite")
    other.get_by_label(re.compile("Ihre Fassung")).first.check()
    other = second.press("^So speichern")
    expect(other.get_by_label("Titel des Angebots")).to_have_value("Von der Zweiten")
    assert first.complaints + second.complaints == []


def test_the_desk_returns_with_reasons_and_the_offer_can_be_withdrawn(market: Market, person: Any) -> None:
    company, desk = person("provider_editor", market.provider), person("catalogue_editor")
    editor = actor_for(User.objects.get(email__startswith="provider_editor"))
    copy = submitted_offer(market.raum, market.provider, by=editor, now=datetime.now(UTC))
    page = desk.at(f"/redaktion/angebote/{copy.public_id}")
    page.get_by_text("Mit Gründen zurückgeben").click()
    page.get_by_label(re.compile(r"Zu „Was kostet es\?“")).fill("Für welche Größe gilt das?")
    desk.press("^Zurückgeben")
    page = company.at(f"/angebote/{copy.public_id}")
    expect(page.get_by_role("main")).to_contain_text("Die Redaktion schreibt: Für welche Größe gilt das?")
    company.follow("Prüfen und einreichen")
    company.press("^Zur Prüfung einreichen")
    desk.at(f"/redaktion/angebote/{copy.public_id}")
    desk.press("^Veröffentlichen")
    offer = Offer.objects.get(title="Betrieb im Land")
    company.at(f"/angebot/{offer.public_id}/zurueckziehen").get_by_label(re.compile("Warum")).fill(
        "Wir hören auf."
    )
    page = company.press("^Zurückziehen")
    expect(page.get_by_role("main")).to_contain_text("Wir hören auf.")
    company.at(f"/angebote/{copy.public_id}/verwerfen")
    assert company.complaints + desk.complaints == []
