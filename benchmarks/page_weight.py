"""How many bytes a browser gets over the wire for the search page, at its first visit and at its second.

    python -m benchmarks.page_weight

Measured in a real Chromium against the server as in production (collected, compressed static files). Bytes are what the
browser reports for each answer, its head included, as they came over the connection. Where a page has no words that
need a weight of the font, the browser does not fetch that weight: what counts is what it fetches.
"""

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.support import environment, report, server
from tools import chromium

BAR_WITH_FONTS, BAR_WITHOUT = 150_000, 60_000
PAGES = {"search page": "/suche", "search page, word": "/suche?q=Verwaltung", "start page": "/"}


@dataclass(frozen=True)
class Resource:
    path: str
    kind: str
    bytes: int
    encoding: str


def _visit(context: Any, address: str) -> list[Resource]:
    """Every resource that a page fetched until the network was quiet; `RuntimeError` for one that failed."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    answers: dict[str, Mapping[str, Any]] = {}
    lengths: dict[str, int] = {}
    session.on("Network.responseReceived", lambda event: answers.update({event["requestId"]: event}))
    session.on(
        "Network.loadingFinished",
        lambda event: lengths.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(address, wait_until="networkidle")
    page.close()
    return [_resource(answer, int(lengths.get(request, 0))) for request, answer in answers.items()]


def _resource(answer: Mapping[str, Any], length: int) -> Resource:
    response = answer["response"]
    if response["status"] >= 400:
        raise RuntimeError(f"{response['url']} answers with {response['status']}")
    headers = {name.lower(): value for name, value in response["headers"].items()}
    path = response["url"].partition("127.0.0.1:")[2].partition("/")[2]
    return Resource(f"/{path}"[:60], answer["type"], length, headers.get("content-encoding", "none"))


def _print(title: str, resources: list[Resource]) -> None:
    rows = [
        (each.path, each.kind, each.encoding, each.bytes)
        for each in sorted(resources, key=lambda each: -each.bytes)
    ]
    print(title)
    report.table(("resource", "kind", "encoding", "bytes"), [*rows, ("sum", "", "", _sum(resources))])


def _sum(resources: list[Resource], *, fonts: bool = True) -> int:
    return sum(each.bytes for each in resources if fonts or each.kind != "Font")


def _measure(address: str) -> dict[str, tuple[list[Resource], list[Resource]]]:
    """First and second visit of each page, each page with a browser that has never been here."""
    from playwright.sync_api import sync_playwright

    path = chromium.find()
    if path is None:
        raise RuntimeError(chromium.HOW_TO_GET_IT)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments += [
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    visits = defaultdict(list)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments, headless=True)
        for name, page in PAGES.items():
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE")
            for _ in range(2):
                visits[name].append(_visit(context, address + page))
            context.close()
        browser.close()
    return {name: (first, second) for name, (first, second) in visits.items()}


def main() -> None:
    data_dir = environment.catalogue()
    environment.enter(data_dir)
    report.machine("granian", "whitenoise", "brotli", "playwright")
    with server.serve(data_dir) as address:
        visits = _measure(address)
    _print("first visit of the search page", visits["search page"][0])
    rows = [
        (name, _sum(first), _sum(first, fonts=False), _sum(second))
        for name, (first, second) in visits.items()
    ]
    report.table(("page", "first visit", "without fonts", "second visit"), rows)
    whole, without = max(row[1] for row in rows[:2]), max(row[2] for row in rows[:2])
    report.bar(
        f"search page with fonts ≤ {BAR_WITH_FONTS:,}", f"{whole:,} bytes", holds=whole <= BAR_WITH_FONTS
    )
    report.bar(f"search page without ≤ {BAR_WITHOUT:,}", f"{without:,} bytes", holds=without <= BAR_WITHOUT)


if __name__ == "__main__":
    main()
