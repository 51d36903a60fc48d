"""The main job, in a real browser on the demo: a town finds, reads, compares and takes the result to its council."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.support.browser import DESKTOP, PHONE

NewPage = Callable[..., Any]
Check = Callable[[Any], list[str]]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "320"])


def open_filters(page: Page) -> None:
    """On a phone, filters hide behind one button."""
    button = page.locator("summary", has_text="Filtern")
    if button.is_visible() and not page.get_by_role("group", name="Art der Lösung").first.is_visible():
        button.click()


def choose(page: Page, group: str, label: str) -> None:
    open_filters(page)
    box = page.get_by_role("group", name=group).first
    if not box.get_by_label(re.compile(f"^{re.escape(label)}")).first.is_visible():
        box.locator("summary").first.click()
    box.get_by_label(re.compile(f"^{re.escape(label)}")).first.check()


@SIZES
def test_task_1_a_free_report_desk_and_who_of_my_size_uses_it(
    demo_site: str, new_page: NewPage, screenshots: Path, size: tuple[int, int]
) -> None:
    """A town of 6,000: find a Mängelmelder that costs nothing per year and see who of similar size uses it."""
    page = new_page(size=size, base_url=demo_site)
    page.goto("/")
    field = page.get_by_role("main").get_by_label("Wonach suchen Sie?")
    field.fill("Mängelmelder")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/suche\?q=M"))

    hit = page.locator(".am-hit", has_text="Schlaglochfunk (Beispiel)").first
    expect(hit).to_contain_text("ab 0,00\u00a0€ im Jahr")
    hit.get_by_role("link", name="Schlaglochfunk (Beispiel)", exact=True).click()

    costs = page.locator("#kosten")
    costs.get_by_label("Einwohnerinnen und Einwohner").fill("6000")
    costs.get_by_role("button", name="Kosten ausrechnen").click()
    free = page.locator("#kosten article", has_text="Schlaglochfunk für kleine Gemeinden (Beispiel)")
    expect(free.locator("dl div", has_text="jährlich").locator("dd")).to_have_text("0,00\u00a0€")
    first = page.locator("#nutzung tbody tr").first
    expect(first).to_contain_text("Lärchenau (Beispiel)")
    expect(first).to_contain_text("ähnliche Größe wie bei Ihnen")
    expect(first).to_contain_text("7.920")
    page.screenshot(path=screenshots / f"main-job-solution-{size[0]}.png", full_page=True)


@SIZES
def test_a_town_names_itself_and_the_numbers_follow(
    demo_site: str, new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(size=size, base_url=demo_site)
    page.goto("/suche?q=schlaglochfunk")
    page.get_by_role("link", name="Schlaglochfunk (Beispiel)").first.click()
    page.get_by_label("Ihre Kommune").fill("Espenfurt")
    page.get_by_role("button", name="Ähnliche Kommunen zuerst").click()
    expect(page.locator("#nutzung")).to_contain_text("Vorn stehen Kommunen, die Espenfurt (Beispiel)")
    expect(page.get_by_label("Einwohnerinnen und Einwohner")).to_have_value("6040")
    page.get_by_role("link", name="Mit anderen vergleichen").click()
    expect(page).to_have_url(re.compile(r"/vergleich\?l=\w{10}&kommune=99001003$"))


@SIZES
def test_task_2_three_solutions_compared_and_taken_to_the_council(
    demo_site: str, new_page: NewPage, axe: Check, overflow: Check, screenshots: Path, size: tuple[int, int]
) -> None:
    page = new_page(size=size, base_url=demo_site)
    page.goto("/suche?typ=maengelmelder")
    for place in range(3):
        page.locator(".am-hit").nth(place).get_by_label(re.compile("Zum Vergleich")).check()
    page.get_by_role("link", name="Vergleichen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vergleich von 3 Lösungen")
    page.get_by_label("Einwohnerinnen und Einwohner").fill("6.000")
    page.get_by_role("button", name="Kosten ausrechnen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vergleich von 3 Lösungen")
    expect(page.get_by_label("Einwohnerinnen und Einwohner")).to_have_value("6.000")
    names = page.locator("thead th").all_inner_texts()
    assert (axe(page), overflow(page)) == ([], [])

    with page.expect_download() as download:
        page.get_by_role("link", name="Als Tabelle (xlsx)").click()
    sheet = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active
    # On a phone the heading is there for those who listen: what cannot be seen has its text all the same.
    assert [cell.value for cell in sheet[1]][:4] == names
    assert re.fullmatch(r"vergleich-[a-z0-9-]+-\d{4}-\d\d-\d\d\.xlsx", download.value.suggested_filename)

    page.emulate_media(media="print")
    expect(page.get_by_role("table")).to_be_visible()
    expect(
        page.get_by_text("Kosten für 6.000 Einwohnerinnen und Einwohner, Laufzeit 48 Monate.")
    ).to_be_visible()
    for hidden in (page.get_by_role("banner"), page.get_by_role("button", name="Kosten ausrechnen")):
        expect(hidden).to_be_hidden()
    paper = page.pdf(format="A4", landscape=True)
    assert paper.startswith(b"%PDF")
    page.screenshot(path=screenshots / f"main-job-print-{size[0]}.png", full_page=True)


@SIZES
def test_find_filter_open_without_scripts(demo_site: str, new_page: NewPage, size: tuple[int, int]) -> None:
    page = new_page(size=size, base_url=demo_site, javascript=False)
    page.goto("/")
    page.get_by_role("main").get_by_label("Wonach suchen Sie?").fill("Mängelmelder")
    page.get_by_role("main").get_by_role("button", name="Suchen").first.click()
    choose(page, "Art der Lösung", "Mängelmelder")
    page.get_by_role("button", name=re.compile("Filter anwenden|Anwenden")).first.click()
    expect(page).to_have_url(re.compile("typ=maengelmelder"))
    for place in range(2):
        page.locator(".am-hit").nth(place).get_by_label(re.compile("Zum Vergleich")).check()
    page.get_by_role("button", name="Ausgewählte vergleichen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vergleich von 2 Lösungen")
    page.get_by_label("Laufzeit in Monaten").fill("24")
    page.get_by_role("button", name="Kosten ausrechnen").click()
    expect(page.locator("tbody")).to_contain_text("Kosten in 24 Monaten, netto")
    with page.expect_download() as download:
        page.get_by_role("link", name="Als Textdatei (csv)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbfAngabe;")


def focused(page: Page) -> str:
    return str(
        page.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()")
    )


def tab_to(page: Page, what: str, *, most: int = 120) -> None:
    """Walk with the tab key until the focus is there; it has to be visible on the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page).startswith(what):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"no focus to be seen on {what}"
            return
    pytest.fail(f"the keyboard never reaches: {what}")


def test_the_keyboard_is_enough(demo_site: str, new_page: NewPage) -> None:
    page = new_page(base_url=demo_site)
    page.goto("/suche")
    page.keyboard.press("Tab")
    assert focused(page) == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    tab_to(page, "q")
    page.keyboard.type("Schlaglochfunk")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=Schlaglochfunk"))
    tab_to(page, "Schlaglochfunk (Beispiel)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schlaglochfunk (Beispiel)")
    tab_to(page, "Was sie kostet")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#kosten$"))
    tab_to(page, "einwohner")
    page.keyboard.type("6000")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("einwohner=6000"))
    expect(page.locator("#kosten")).to_contain_text("1.140,00\u00a0€")
    tab_to(page, "Wie sich das zusammensetzt")
    page.keyboard.press("Enter")
    expect(page.locator("#kosten details[open]")).to_have_count(1)


def test_an_edition_can_be_reached_cited_and_read(demo_site: str, page: Page) -> None:
    page.goto(f"{demo_site}/suche?q=schlaglochfunk")
    page.get_by_role("link", name="Schlaglochfunk (Beispiel)").first.click()
    cited = page.locator("#herkunft a[href*='/ausgabe/']")
    address = cited.inner_text()
    cited.click()
    expect(page).to_have_url(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schlaglochfunk (Beispiel), Ausgabe")
