"""All components in a real browser: readable by everyone, at every width, in every colour scheme."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from allmende.lib.actors import Actor
from allmende.web.pages.actions import ensure_pages
from tests.support.browser import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

Check = Callable[[Any], list[str]]
NewPage = Callable[..., Any]
LOOKS = [(DESKTOP, False), (DESKTOP, True), (PHONE, False), (PHONE, True)]
IDS = ["1280-light", "1280-dark", "320-light", "320-dark"]


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.mark.parametrize(("size", "dark"), LOOKS, ids=IDS)
def test_every_component_is_accessible_and_fits(
    new_page: NewPage, axe: Check, overflow: Check, screenshots: Path, size: tuple[int, int], dark: bool
) -> None:
    page = new_page(size=size, dark=dark)
    page.goto("/komponenten")
    page.screenshot(path=screenshots / f"gallery-{size[0]}{'-dark' if dark else ''}.png", full_page=True)
    assert axe(page) == []
    assert overflow(page) == []


def test_every_page_of_the_frame_is_accessible_and_fits(
    new_page: NewPage, axe: Check, overflow: Check, now: datetime.datetime
) -> None:
    """Narrow; wide they are looked at with every other address."""
    ensure_pages(by=Actor.program("test"), now=now)
    page = new_page(size=PHONE, dark=True)
    found = []
    for address in (
        "/konto/anmelden", "/konto/registrieren", "/konto/gesperrt", "/impressum", "/datenschutz", "/barrierefreiheit",
        "/ueber", "/ueber/rangfolge", "/komponenten/bestaetigen", "/gibt-es-nicht",
    ):  # fmt: skip
        page.goto(address)
        found += axe(page) + overflow(page)
    assert found == []


def test_at_twice_the_letter_size_nothing_sticks_out(
    new_page: NewPage, overflow: Check, screenshots: Path
) -> None:
    page = new_page(size=(640, 800))
    page.goto("/komponenten")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.screenshot(path=screenshots / "gallery-200-percent.png", full_page=True)
    assert overflow(page) == []


def test_with_the_spacing_that_readers_may_set_nothing_sticks_out(new_page: NewPage, overflow: Check) -> None:
    page = new_page(size=PHONE)
    page.goto("/komponenten")
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('* {line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}');
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert overflow(page) == []


def test_in_forced_colours_every_state_can_still_be_told(new_page: NewPage, screenshots: Path) -> None:
    page = new_page()
    page.emulate_media(forced_colors="active")
    page.goto("/komponenten")
    page.screenshot(path=screenshots / "gallery-forced-colours.png", full_page=True)
    current = page.locator(".am-paging [aria-current]").first
    assert current.evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"


def test_the_first_tab_leads_to_the_content_and_the_focus_can_be_seen(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/konto/gesperrt")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    assert page.locator(".am-skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
    page.goto("/komponenten")
    for selector in (
        "#knopf button",
        "#wege a",
        "#formular input",
        "#klappen summary",
        ".am-nav a",
        "#filter input",
        ".am-table[tabindex]",
    ):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        seen = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert seen >= 2, selector


def test_the_theme_follows_the_system_until_somebody_chooses(new_page: NewPage) -> None:
    page = new_page(dark=True)

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.goto("/komponenten")
    dark = ground()
    page.get_by_role("button", name="Helle Ansicht").click()
    assert ground() != dark
    page.reload()
    assert ground() != dark
    page.get_by_role("button", name="Dunkle Ansicht").click()
    assert ground() == dark


def test_what_is_ticked_for_comparison_is_remembered(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/komponenten")
    box = page.get_by_role("checkbox", name="Zum Vergleich vormerken: Mängelmelder")
    box.check()
    tray = page.get_by_role("region", name="Auswahl zum Vergleichen")
    assert "Ausgewählt: Mängelmelder. Wählen Sie noch eine Lösung." in tray.inner_text()
    page.reload()
    assert box.is_checked()
    tray.get_by_role("button", name="Auswahl leeren").click()
    assert not box.is_checked()
    assert not tray.is_visible()


def test_filters_are_behind_one_button_on_a_phone_and_open_without_a_script(new_page: NewPage) -> None:
    phone = new_page(size=PHONE)
    phone.goto("/komponenten")
    assert not phone.get_by_role("checkbox", name="Mobilität 40 Treffer").is_visible()
    phone.get_by_text("Filtern (2 gewählt)").click()
    assert phone.get_by_role("checkbox", name="Mobilität 40 Treffer").is_visible()
    plain = new_page(size=PHONE, javascript=False)
    plain.goto("/komponenten")
    assert plain.get_by_role("checkbox", name="Mobilität 40 Treffer").is_visible()


def test_the_summary_of_errors_gets_the_focus_and_leads_to_the_field(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/konto/anmelden")
    page.get_by_role("button", name="Anmelden", exact=True).click()
    # A click does not wait for the page it leads to; the expectation does.
    expect(page.locator("[data-am-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Geben Sie Ihr Passwort ein.").click()
    expect(page.locator("#id_password")).to_be_focused()


def test_paper_is_white_and_without_the_frame(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/komponenten")
    page.emulate_media(media="print")
    hidden = [
        page.locator(selector).first.is_visible()
        for selector in (".am-header", ".am-footer", ".am-facets", ".kern-btn")
    ]
    assert hidden == [False] * 4
    assert page.locator(".am-print").first.is_visible()
