"""A logo from the drawer to the public page, and a document beside an offer, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from allmende.catalogue.models import Offer
from allmende.files.actions import check_waiting
from allmende.files.queries import logo_of
from tests.factories.market import Market, open_market
from tests.factories.people import signed_in, somebody
from tests.files.making import pdf, picture
from tests.support.browser import DESKTOP, PHONE

NewPage = Callable[..., Any]
Check = Callable[[Any], list[str]]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "320"])


@pytest.fixture
def market(transactional_db: None, settings: Any, tmp_path: Path, now: Any) -> Market:
    settings.DEMO = True
    settings.MEDIA_ROOT, settings.CLAMD = tmp_path / "media", ""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


def as_boss(page: Page, market: Market, settings: Any, now: Any) -> None:
    page.goto("/")
    boss = somebody("organisation_admin", market.provider, now=now)
    cookie = signed_in(boss).cookies[settings.SESSION_COOKIE_NAME].value
    root = re.match(r"https?://[^/]+", page.url).group()  # type: ignore[union-attr]
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": root}])


def choose(page: Page, name: str, data: bytes) -> None:
    kind = "application/octet-stream"
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})


@SIZES
def test_a_logo_is_refused_drawn_shown_and_removed(
    market: Market,
    new_page: NewPage,
    settings: Any,
    now: Any,
    axe: Check,
    overflow: Check,
    screenshots: Path,
    size: tuple[int, int],
) -> None:
    page = new_page(size=size)
    as_boss(page, market, settings, now)
    page.goto(f"/organisation/{market.provider.public_id}")
    page.get_by_role("link", name="Logo hochladen").click()
    complaints = [*axe(page), *overflow(page)]

    choose(page, "logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    page.get_by_role("main").get_by_role("button", name="Logo hochladen").click()
    expect(page.get_by_role("main")).to_contain_text("Speichern Sie das Logo als PNG")
    complaints += [*axe(page), *overflow(page)]
    page.screenshot(path=screenshots / f"logo-refused-{size[0]}.png", full_page=True)

    choose(page, "Unser Logo.png", picture((1200, 400)))
    page.get_by_role("main").get_by_role("button", name="Logo hochladen").click()
    expect(page).to_have_url(re.compile(f"/organisation/{market.provider.public_id}$"))
    expect(page.get_by_role("link", name="Logo ersetzen")).to_be_visible()
    complaints += [*axe(page), *overflow(page)]

    visitor = new_page(size=size)
    visitor.goto(f"/anbieter/{market.provider.public_id}")
    image = visitor.get_by_role("img", name="Beispiel-Software GmbH", exact=True)
    expect(image).to_be_visible()
    assert image.evaluate("each => [each.complete, each.naturalWidth, each.naturalHeight]") == [
        True,
        512,
        171,
    ]
    complaints += [*axe(visitor), *overflow(visitor)]
    visitor.screenshot(path=screenshots / f"logo-{size[0]}.png", full_page=True)

    page.get_by_role("button", name="Logo entfernen").click()
    expect(page.get_by_role("link", name="Logo hochladen")).to_be_visible()
    assert logo_of(market.provider.public_id) is None
    visitor.reload()
    expect(image).to_have_count(0)
    assert complaints == []


@SIZES
def test_a_document_is_put_beside_an_offer_and_saved_by_a_visitor(
    market: Market,
    new_page: NewPage,
    settings: Any,
    now: Any,
    axe: Check,
    overflow: Check,
    screenshots: Path,
    size: tuple[int, int],
) -> None:
    page = new_page(size=size)
    as_boss(page, market, settings, now)
    page.goto("/angebote")
    page.get_by_role("link", name=re.compile("^Nachweise und Unterlagen")).click()
    complaints = [*axe(page), *overflow(page)]
    choose(page, "Preise.pdf", b"<html>")
    page.get_by_role("button", name="Hochladen").click()
    expect(page.get_by_role("main")).to_contain_text("Diese Art von Datei nehmen wir nicht an.")
    complaints += [*axe(page), *overflow(page)]
    choose(page, "Preise und Leistungen der Beispiel-Software GmbH im Jahr 2026.pdf", pdf())
    page.get_by_role("button", name="Hochladen").click()
    expect(page.get_by_role("main")).to_contain_text("wartet auf die Prüfung")
    complaints += [*axe(page), *overflow(page)]
    page.screenshot(path=screenshots / f"documents-{size[0]}.png", full_page=True)

    check_waiting(clock=lambda: now)
    visitor = new_page(size=size)
    visitor.goto(f"/loesungen/{Offer.objects.get().solution.public_id}")
    link = visitor.get_by_role("link", name=re.compile(r"^Preise und Leistungen .+\.pdf$"))
    with visitor.expect_download() as saved:
        link.click()
    assert (
        saved.value.suggested_filename == "Preise und Leistungen der Beispiel-Software GmbH im Jahr 2026.pdf"
    )
    assert Path(saved.value.path()).read_bytes() == pdf()
    complaints += [*axe(visitor), *overflow(visitor)]
    visitor.locator("#angebote").screenshot(path=screenshots / f"documents-public-{size[0]}.png")
    assert complaints == []
