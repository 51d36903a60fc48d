"""A real browser for the journeys: pages in the sizes that matter, guarded, and the accessibility check.

A page that asks a foreign host, throws a script error, breaks the content security policy or makes the server fail
fails its test, whatever the test was about.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.environment import CHECKOUT

DESKTOP = (1280, 900)
PHONE = (320, 640)
"""320 CSS pixels: what WCAG 1.4.10 asks for, and 1280 at 400 % zoom."""

_OWN_HOSTS = ("localhost", "127.0.0.1", "")
_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Whatever a page asks for, nothing leaves the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
_AXE_FILE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
AXE = _AXE_FILE.read_text(encoding="utf-8") if _AXE_FILE.exists() else ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole session."""
    from playwright.sync_api import sync_playwright

    from tools import chromium

    path = chromium.find()
    if path is None:
        pytest.fail(chromium.HOW_TO_GET_IT)
    # Chromium refuses its own sandbox to root; everyone else keeps it.
    arguments = [*_ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else _ARGUMENTS
    with sync_playwright() as playwright:
        chromium_browser = playwright.chromium.launch(executable_path=path, args=arguments, headless=True)
        yield chromium_browser
        chromium_browser.close()


class Guard:
    """Collects what a page must not do."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def watch(self, page: Any) -> None:
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("pageerror", lambda error: self.complaints.append(f"Script error on {page.url}: {error}"))
        page.on("console", lambda message: self._console(page.url, message.text))

    def _request(self, request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in _OWN_HOSTS:
            self.complaints.append(f"A page asked a foreign host: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.complaints.append(f"The server failed ({response.status}) at {response.url}")

    def _console(self, where: str, text: str) -> None:
        if "Content Security Policy" in text or "content security policy" in text:
            self.complaints.append(f"Content security policy broken on {where}: {text}")


NewPage = Callable[..., Any]


@pytest.fixture
def new_page(browser: Any, live_server: Any) -> Iterator[NewPage]:
    """Open pages: `new_page(size=PHONE, dark=True, javascript=False, base_url=…)`.

    Without `base_url` the pages belong to the test's own `live_server`. Each call is a visitor with cookies of its own,
    or with those of `storage_state`, which Playwright's contexts give.
    """
    contexts, guard = [], Guard()

    def open_page(
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        javascript: bool = True,
        base_url: str | None = None,
        storage_state: Any = None,
    ) -> Any:
        context = browser.new_context(
            base_url=base_url or live_server.url,
            storage_state=storage_state,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        guard.watch(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    if guard.complaints:
        pytest.fail("\n".join(dict.fromkeys(guard.complaints)), pytrace=False)


@pytest.fixture
def page(new_page: NewPage) -> Any:
    """A visitor at a desk, 1280 pixels wide."""
    return new_page()


@pytest.fixture
def narrow_page(new_page: NewPage) -> Any:
    """A visitor with 320 pixels."""
    return new_page(size=PHONE)


def axe_lines(page: Any, violations: list[Any]) -> list[str]:
    """What axe found, one readable line for each place."""
    return [
        f"{page.url}: {broken['id']}: {broken['help']}: {' '.join(map(str, node['target']))} – {node['html'][:150]}"
        for broken in violations
        for node in broken["nodes"]
    ]


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """`axe(page)` gives every violation of WCAG 2.2 A and AA as one readable line; an empty list is what we want."""
    if not AXE:
        pytest.fail("axe-core fehlt. Geben Sie ein: make setup")

    def check(page: Any) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE + "\n; undefined")
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_TAGS
        )
        return axe_lines(page, found["violations"])

    return check


@pytest.fixture(scope="session")
def overflow() -> Callable[[Any], list[str]]:
    """`overflow(page)` names every element that sticks out to the right; axe does not see that (WCAG 1.4.10)."""
    script = """() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      return [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > width + 1)
        .slice(0, 10)
        .map(e => `${e.tagName.toLowerCase()}.${e.className} ends at ${Math.round(e.getBoundingClientRect().right)}`);
    }"""

    def check(page: Any) -> list[str]:
        if not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            return []
        return [f"{page.url}: wider than the window", *page.evaluate(script)]

    return check


@pytest.fixture
def screenshots() -> Path:
    """Where journeys leave pictures for a person to look at: `var/test/screenshots`."""
    path = CHECKOUT / "var" / "test" / "screenshots"
    path.mkdir(parents=True, exist_ok=True)
    return path
