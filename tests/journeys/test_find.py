"""A clerk looks for a solution: types, filters, reads, ticks, goes back; with and without scripts, wide and narrow."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from allmende.search.actions import rebuild
from tests.factories.market import Market, more_solutions, open_market
from tests.support.browser import PHONE
from tests.support.sweep import Check, Sweep

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def market(transactional_db: None, settings: Any, tmp_path: Path) -> Market:
    """A market with more than one page of hits."""
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    market = open_market(NOW)
    more_solutions(21, market.editors, NOW)
    rebuild()
    return market


def test_find_by_words_narrow_and_widen_again(market: Market, page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="Wonach suchen Sie?").fill("Hallen reservieren")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator("#anzahl")).to_have_text("22 Lösungen zu „Hallen reservieren“")

    page.get_by_label("Raumbuchung", exact=False).first.check()
    expect(page).to_have_url(re.compile(r"/suche\?q=Hallen\+reservieren&typ=raumbuchung$"))
    expect(page.get_by_role("link", name="Filter entfernen: Art der Lösung: Raumbuchung")).to_be_visible()

    page.get_by_role("link", name="Filter entfernen: Art der Lösung: Raumbuchung").click()
    expect(page).to_have_url(re.compile(r"/suche\?q=Hallen\+reservieren$"))


def test_paging_keeps_the_question_and_the_back_button_leads_back(market: Market, page: Page) -> None:
    page.goto("/suche?q=Hallen")
    page.get_by_role("link", name="Weiter").click()
    expect(page).to_have_url(re.compile(r"/suche\?q=Hallen&seite=2$"))
    expect(page.locator(".am-hit")).to_have_count(2)
    page.go_back()
    expect(page.locator(".am-hit")).to_have_count(20)


def test_a_keyboard_is_enough_for_suggestions(market: Market, page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="Wonach suchen Sie?")
    field.press_sequentially("mäng", delay=20)
    expect(page.get_by_role("option")).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Mängelmelder")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile(f"/suche\\?typ=|/loesungen/{market.melder.public_id}"))


def test_focus_stays_on_the_box_that_was_ticked(market: Market, page: Page) -> None:
    page.goto("/suche")
    box = page.locator("#f-feld-verwaltung")
    box.check()
    expect(page).to_have_url(re.compile(r"feld=verwaltung"))
    expect(page.locator("#f-feld-verwaltung")).to_be_focused()


def test_what_is_ticked_is_remembered_and_compared(market: Market, page: Page) -> None:
    page.goto("/suche?sortierung=name")
    page.get_by_label("Zum Vergleich vormerken: Mängelmelder").check()
    page.get_by_label("Zum Vergleich vormerken: Potholes").check()
    page.get_by_role("region", name="Auswahl zum Vergleichen").get_by_role("link", name="Vergleichen").click()
    expect(page).to_have_url(re.compile(r"/vergleich\?l=\w+&l=\w+$"))


def test_without_scripts_filters_and_comparison_work_by_buttons(market: Market, new_page: Any) -> None:
    page = new_page(javascript=False)
    page.goto("/suche")
    page.get_by_label("Mobilität & Verkehr", exact=False).check()
    page.get_by_role("button", name="Filter anwenden").click()
    expect(page.locator(".am-hit")).to_have_count(1)
    page.goto("/suche?sortierung=name")
    page.get_by_label("Zum Vergleich vormerken: Mängelmelder").check()
    page.get_by_label("Zum Vergleich vormerken: Potholes").check()
    page.get_by_role("button", name="Ausgewählte vergleichen").click()
    expect(page).to_have_url(re.compile(r"/vergleich\?l=\w+&l=\w+$"))


def test_on_a_phone_filters_hide_behind_one_button_and_stay_open_between_ticks(
    market: Market, new_page: Any
) -> None:
    page = new_page(size=PHONE)
    page.goto("/suche")
    box = page.locator("#f-feld-verwaltung")
    expect(box).to_be_hidden()
    page.locator("summary", has_text="Filtern").click()
    box.check()
    expect(page).to_have_url(re.compile(r"feld=verwaltung"))
    expect(page.locator("#f-feld-mobilitaet")).to_be_visible()


def test_from_the_map_to_a_town_and_to_what_similar_towns_use(market: Market, page: Page) -> None:
    page.goto("/karte")
    page.get_by_role("link", name="Ahornstadt").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ahornstadt")
    page.get_by_role("link", name="Lösungen, die Kommunen derselben Größe nutzen").click()
    expect(page.locator(".am-hit")).to_have_count(1)


def addresses(market: Market) -> list[str]:
    """Every page of this part, empty, full and wrong."""
    return [
        "/", "/suche", "/suche?q=melden+xyzzy", "/suche?q=xyzzy&feld=energie", "/suche?q=report&sortierung=name",
        f"/suche/warum/{market.melder.public_id}?q=melden+xyzzy",
        f"/suche/warum/{market.raum.public_id}?q=melden", "/suche?q=resrevieren&feld=energie",
        "/karte", "/karte?feld=mobilitaet", "/kommunen", "/kommunen?q=ahorn",
        "/kommunen?q=quatsch", "/kommunen/99001001", "/kommunen/99001002", "/kommunen/99001", "/anbieter",
        f"/anbieter/{market.provider.public_id}", "/daten",
    ]  # fmt: skip


def test_every_page_is_free_of_violations_and_fits_into_320_pixels(
    market: Market, new_page: Any, axe: Check, overflow: Check
) -> None:
    sweep, narrow = Sweep(new_page(), overflow), new_page(size=PHONE)
    found = []
    for address in addresses(market):
        sweep.look_at(address, status=(200, 404))  # why something is there that is not
        narrow.goto(address)
        found += axe(narrow)
    assert [*sweep.complaints, *found] == []


def test_why_a_hit_is_there_opens_under_it_and_closes_again(market: Market, page: Page) -> None:
    page.goto("/suche?q=melden")
    link = page.get_by_role("link", name="Warum steht das hier? Mängelmelder")
    link.click()
    answer = page.locator(".am-why__text").first
    expect(answer).to_contain_text("„melden“ steht in der Kurzbeschreibung")
    expect(link).to_have_attribute("aria-expanded", "true")
    expect(page).to_have_url(re.compile(r"/suche\?q=melden$"))
    expect(link).to_be_focused()
    page.locator(".am-why__text summary").click()
    expect(page.get_by_role("table", name="Was die Wörter beitragen")).to_be_visible()
    link.press("Enter")
    expect(answer).to_be_empty()
    expect(link).to_have_attribute("aria-expanded", "false")
    page.locator("#f-feld-verwaltung").check()
    expect(page).to_have_url(re.compile(r"feld=verwaltung"))


def test_without_scripts_the_explanation_is_a_page_and_leads_back(market: Market, new_page: Any) -> None:
    page = new_page(javascript=False)
    page.goto("/suche?q=melden&feld=verwaltung")
    page.get_by_role("link", name="Warum steht das hier?").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Warum steht „Mängelmelder“ hier?")
    expect(page.get_by_role("table", name="Was die Wörter beitragen")).to_be_visible()
    page.get_by_role("link", name="Zurück zu den Treffern").click()
    expect(page).to_have_url(re.compile(r"/suche\?q=melden&feld=verwaltung$"))


def test_an_open_filter_panel_stays_open_while_a_hit_is_explained(market: Market, new_page: Any) -> None:
    page = new_page(size=PHONE)
    page.goto("/suche?q=melden")
    page.locator("summary", has_text="Filtern").click()
    page.get_by_role("link", name="Warum steht das hier?").first.click()
    expect(page.locator(".am-why__text").first).to_contain_text("Platz 1")
    expect(page.locator("#f-feld-verwaltung")).to_be_visible()


def test_a_typing_error_is_one_click_from_what_was_meant(market: Market, page: Page) -> None:
    page.goto("/suche?q=resrevieren&feld=verwaltung")
    page.get_by_role("link", name=re.compile("^reservieren$", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile(r"/suche\?q=\w+&feld=verwaltung$"))
    expect(page.locator("#anzahl")).to_contain_text("22 Lösungen")


def test_the_second_skip_link_leads_past_the_filters(market: Market, page: Page) -> None:
    page.goto("/suche?q=melden")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zu den Treffern springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "treffer"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('#treffer'))")


def test_on_a_phone_the_menu_is_one_button(
    market: Market, new_page: Any, axe: Check, overflow: Check
) -> None:
    page = new_page(size=PHONE)
    page.goto("/karte")
    expect(page.get_by_role("link", name="Anbieter", exact=True)).to_be_hidden()
    page.locator("summary", has_text="Menü").click()
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
    assert [*axe(page), *overflow(page)] == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Anmelden")).to_be_hidden()
    page.locator("summary", has_text="Menü").click()
    page.get_by_role("link", name="Anbieter", exact=True).click()
    expect(page).to_have_url(re.compile("/anbieter$"))


def test_without_scripts_the_menu_of_a_phone_is_open(market: Market, new_page: Any) -> None:
    page = new_page(size=PHONE, javascript=False)
    page.goto("/karte")
    expect(page.get_by_role("link", name="Anbieter", exact=True)).to_be_visible()


def test_on_a_phone_a_comparison_is_blocks_and_nothing_scrolls_sideways(
    market: Market, new_page: Any, overflow: Check
) -> None:
    page = new_page(size=PHONE)
    page.goto(
        f"/vergleich?l={market.melder.public_id}&l={market.raum.public_id}&l={market.foreign.public_id}"
    )
    region = page.get_by_role("region", name="Vergleich der Lösungen")
    assert region.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert overflow(page) == []
    cell = page.locator("td[data-label='Mängelmelder']").first
    assert cell.evaluate("each => getComputedStyle(each).display") == "block"
    assert "Mängelmelder" in cell.evaluate("each => getComputedStyle(each, '::before').content")
    # Blocks to the eye, a table to whoever listens.
    expect(page.get_by_role("table")).to_have_count(1)
    expect(page.get_by_role("rowheader", name="Lizenz")).to_have_count(1)


def test_open_suggestions_and_reasons_are_free_of_violations(
    market: Market, new_page: Any, axe: Check, overflow: Check
) -> None:
    page, phone = new_page(), new_page(size=PHONE)
    for each in (page, phone):
        each.goto("/suche?q=melden")
        each.get_by_role("link", name="Warum steht das hier?").first.click()
        each.locator(".am-why__text summary").first.click()
        expect(each.get_by_role("table", name="Was die Wörter beitragen")).to_be_visible()
        assert [*axe(each), *overflow(each)] == []
    page.get_by_role("combobox").press_sequentially("e", delay=20)
    page.get_by_role("combobox").fill("mäng")
    expect(page.get_by_role("option").first).to_be_visible()
    assert axe(page) == []
