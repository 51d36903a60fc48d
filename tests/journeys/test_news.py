"""Somebody saves a search, is told by mail what is new in it, and stops the mail by the link below it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.catalogue.actions import receive
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.mail.models import Letter
from allmende.notifications import tasks
from allmende.notifications.models import NewsItem
from allmende.organisations.actions import grant_role
from tests.factories.market import HARVEST, Market, open_market
from tests.factories.people import signed_in
from tests.mail.office.receiver import Post, open_office
from tests.support.browser import DESKTOP, PHONE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Check = Callable[[Any], list[str]]


@pytest.fixture
def market(transactional_db: None, settings: Any, tmp_path: Path) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(NOW)


@pytest.fixture
def office(settings: Any, live_server: Any) -> Iterator[Post]:
    """A mail server that receives, and links in mails that lead to the test's own web server."""
    with open_office() as (post, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.SITE_URL = live_server.url
        yield post


@pytest.fixture
def user(market: Market) -> User:
    user = User.objects.create_user("kim@beispiel.example")
    grant_role("municipality_editor", user=user, organisation=market.town, by=Actor.program("setup"), now=NOW)
    return user


def sign_in(page: Page, user: User, settings: Any, live_server: Any) -> None:
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


def publish_a_hall_planner(market: Market) -> None:
    draft = SolutionDraft(
        name="Hallenplaner",
        texts=(TextDraft(language="de", summary="Räume und Hallen buchen."),),
        repository_url="https://code.example.org/neu/hallenplaner",
        fields_of_action=("verwaltung",),
    )
    receive(draft, origin=market.city, key="hallenplaner", by=HARVEST, now=NOW)


def work() -> None:
    """As the worker does every minute."""
    run_all()
    tasks.look.enqueue()
    run_all()


def test_from_a_saved_search_to_a_mail_and_out_again(
    market: Market, office: Post, user: User, page: Page, new_page: Callable[..., Any], axe: Check,
    overflow: Check, settings: Any, live_server: Any,
) -> None:  # fmt: skip
    complaints: list[str] = []

    def look_at(shown: Page) -> None:
        for size, check in ((DESKTOP, axe), (PHONE, overflow)):
            shown.set_viewport_size({"width": size[0], "height": size[1]})
            complaints.extend(check(shown))
        shown.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})

    run_all()
    office.received.clear()
    Letter.objects.all().delete()
    NewsItem.objects.all().delete()

    # Whoever has not signed in finds the same link, and signs in first.
    page.goto("/suche?q=R%C3%A4ume")
    save = page.get_by_role("link", name="Diese Suche speichern und über Neues Bescheid bekommen")
    expect(save).to_be_visible()
    sign_in(page, user, settings, live_server)
    save.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Suche speichern")
    look_at(page)
    page.get_by_label("Name der Suche").fill("Räume buchen")
    page.get_by_label("sofort").check()
    page.get_by_role("button", name="Suche speichern").click()
    expect(page.get_by_role("link", name="Räume buchen")).to_be_visible()
    look_at(page)
    work()
    assert office.received == []

    publish_a_hall_planner(market)
    work()
    [received] = office.received
    text = received.message.get_content().replace("\r\n", "\n")
    assert received.to == "kim@beispiel.example"
    assert str(received.message["Subject"]).strip() == (
        "Ihre gespeicherte Suche „Räume buchen“ findet eine neue Lösung."
    )
    assert "- Hallenplaner" in text

    page.goto("/mein/nachrichten")
    expect(page.get_by_role("link", name="Nachrichten (1) ungelesen")).to_be_visible()
    look_at(page)
    page.get_by_role("link", name="Ihre gespeicherte Suche „Räume buchen“ findet eine neue Lösung.").click()
    expect(page.locator("#anzahl")).to_have_text("2 Lösungen zu „Räume“")
    expect(page.get_by_role("link", name="Nachrichten", exact=True)).to_be_visible()
    page.goto("/mein/nachrichten/einstellungen")
    look_at(page)

    # The way out, in a browser that nobody has signed in with.
    [link] = re.findall(rf"^({re.escape(live_server.url)}/abbestellen/\S+)$", text, re.MULTILINE)
    assert f"<{link}>" == str(received.message["List-Unsubscribe"]).strip()
    outside = new_page()
    outside.goto(link)
    look_at(outside)
    outside.get_by_role("button", name="Dazu keine E-Mails mehr").click()
    expect(outside.get_by_role("heading", level=1)).to_have_text("Abbestellt")
    look_at(outside)
    page.goto("/mein/suchen")
    expect(page.get_by_label("E-Mails zu Räume buchen")).to_have_value("never")

    page.goto("/demo/post")
    look_at(page)
    page.get_by_role("link", name="Ihre gespeicherte Suche").first.click()
    look_at(page)
    assert complaints == []
