"""From a stranger's first visit to acting for a town, and from a company's registration to a colleague who joined."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.mail.models import Letter
from allmende.organisations.models import Membership
from tests.factories.market import HARVEST, regions
from tests.factories.people import signed_in, somebody
from tests.support.browser import PHONE

NewPage = Callable[..., Any]
Check = Callable[[Any], list[str]]
PASSWORD = "ein langes Passwort 7"


@pytest.fixture
def towns(transactional_db: None, settings: Any, now: Any) -> Any:
    from allmende.vocabulary.actions import load

    settings.DEMO = True
    load(by=HARVEST, now=now)
    return regions(now)


def account(email: str) -> User:
    """Signing up is tests/journeys/test_accounts.py; here somebody has done it."""
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def as_person(page: Page, user: User, settings: Any) -> None:
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": root(page)}])


def root(page: Page) -> str:
    return re.match(r"https?://[^/]+", page.url).group()  # type: ignore[union-attr]


def button(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["1280", "320"])
def test_a_town_claims_its_entry_from_first_visit_to_code(
    towns: Any, new_page: NewPage, settings: Any, now: Any, axe: Check, overflow: Check, size: tuple[int, int]
) -> None:
    page = new_page(size=size)
    page.goto("/kommunen?q=birken")
    page.get_by_role("link", name=re.compile("Birkenmarkt")).first.click()
    page.get_by_role("link", name="Für Birkenmarkt anmelden").click()
    complaints = [*axe(page), *overflow(page)]
    page.get_by_role("main").get_by_role("link", name="Anmelden").click()
    expect(page).to_have_url(re.compile(r"/konto/anmelden\?next=/kommunen/99001002/uebernehmen"))

    clerk = account("amt@birken.example")
    page.get_by_label("E-Mail-Adresse").fill(clerk.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    button(page, "Anmelden")
    page.get_by_label("Ihre Aufgabe in der Verwaltung").fill("Digitalisierungsbeauftragte")
    button(page, "Kommune anmelden")
    expect(page.get_by_role("main")).to_contain_text("innerhalb von drei Arbeitstagen")
    complaints += [*axe(page), *overflow(page)]

    desk = new_page(size=size)
    desk.goto("/")
    as_person(desk, somebody("catalogue_editor", now=now), settings)
    desk.goto("/redaktion")
    desk.get_by_role("link", name="Anmeldungen von Organisationen prüfen").click()
    desk.get_by_role("link", name="Birkenmarkt").click()
    complaints += [*axe(desk), *overflow(desk)]
    desk.get_by_label("Straße und Hausnummer oder Postfach").fill("Am Markt 1")
    desk.get_by_label("Die Domain der E-Mail-Adresse gehört der Organisation").check()
    button(desk, "Brief erstellen und drucken")
    complaints += [*axe(desk), *overflow(desk)]
    code = desk.locator(".am-letter__code").inner_text()

    page.reload()
    page.get_by_label("Code aus dem Brief").fill(code.lower())
    button(page, "Code prüfen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Birkenmarkt")
    expect(page.get_by_role("main")).to_contain_text("Jemanden einladen")
    complaints += [*axe(page), *overflow(page)]
    page.goto("/mein")
    complaints += [*axe(page), *overflow(page)]
    assert complaints == []


def test_a_provider_registers_is_accredited_and_a_colleague_joins(
    towns: Any, new_page: NewPage, settings: Any, now: Any, axe: Check, overflow: Check
) -> None:
    page = new_page()
    page.goto("/organisationen/neu")
    as_person(page, account("chefin@neu.example"), settings)
    page.get_by_role("link", name="Unternehmen oder Genossenschaft").click()
    page.get_by_label("Start-up").check()
    page.get_by_label("Name der Organisation").fill("Beispiel Neu GmbH")
    page.get_by_label("Rechtsform").select_option("gmbh")
    page.get_by_label("Registergericht").fill("Amtsgericht Musterstadt")
    page.get_by_label("Registernummer").fill("77")
    page.get_by_label("Ihre Aufgabe dort").fill("Geschäftsführung")
    button(page, "Anmeldung abschicken")
    expect(page.get_by_role("main")).to_contain_text("zum Beispiel HRB 12345")
    complaints = [*axe(page), *overflow(page)]
    page.get_by_label("Registernummer").fill("HRB 77")
    button(page, "Anmeldung abschicken")
    expect(page.get_by_role("main")).to_contain_text("wird geprüft")

    desk = new_page()
    desk.goto("/")
    as_person(desk, somebody("catalogue_editor", now=now), settings)
    desk.goto("/redaktion/organisationen")
    desk.get_by_role("link", name="Beispiel Neu GmbH").click()
    button(desk, "Bestätigen")
    expect(desk.get_by_role("main")).to_contain_text("ist bestätigt")

    page.reload()
    page.get_by_role("link", name="Jemanden einladen").click()
    page.get_by_label("E-Mail-Adresse").fill("kollege@neu.example")
    page.get_by_label(re.compile("^Angebote der Organisation")).check()
    button(page, "Einladung schicken")
    expect(page.get_by_role("main")).to_contain_text("ist unterwegs")
    complaints += [*axe(page), *overflow(page)]

    link = re.search(r"/einladung/\S+", Letter.objects.get(to="kollege@neu.example").text)
    assert link
    colleague = new_page(size=PHONE)
    colleague.goto(link.group())
    expect(colleague.get_by_role("heading", level=1)).to_contain_text("Beispiel Neu GmbH lädt Sie ein")
    complaints += [*axe(colleague), *overflow(colleague)]
    as_person(colleague, account("kollege@neu.example"), settings)
    colleague.reload()
    button(colleague, "Einladung annehmen")
    expect(colleague.get_by_role("main")).to_contain_text(
        "Willkommen. Sie gehören jetzt zu Beispiel Neu GmbH."
    )
    complaints += [*axe(colleague), *overflow(colleague)]
    assert complaints == []
    held = Membership.objects.filter(user__email="kollege@neu.example", ended_at=None)
    assert list(held.values_list("role", flat=True)) == ["provider_editor"]
