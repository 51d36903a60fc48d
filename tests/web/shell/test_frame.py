"""The frame around every page."""

from typing import Any

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.web.shell.context import NAVIGATION, Shell

pytestmark = pytest.mark.django_db


def frame(client: Client, path: str = "/konto/anmelden") -> str:
    return client.get(path).content.decode()


def test_a_page_has_language_skip_link_and_landmarks(client: Client) -> None:
    page = frame(client)
    for part in (
        '<html lang="de">',
        '<a class="am-skip" href="#inhalt">',
        '<main class="am-main" id="inhalt"',
        "<footer",
    ):
        assert page.count(part) == 1, part


def test_the_demo_says_so_on_every_page(client: Client, settings: Any) -> None:
    sentence = "Städte, Personen und Preise mit der Kennzeichnung „erfunden“ gibt es nicht."
    settings.DEMO = False
    assert sentence not in frame(client)
    settings.DEMO = True
    assert sentence in frame(client)


def test_navigation_names_only_what_is_served() -> None:
    served = [entry.label for entry in Shell("/").navigation]
    assert served == [label for label, _ in NAVIGATION if label in served]
    assert "Über Allmende" in served


def test_navigation_marks_the_page_and_what_is_above_it() -> None:
    def current(path: str) -> list[str]:
        return [entry.current for entry in Shell(path).navigation if entry.href == "/ueber"]

    assert [current(path) for path in ("/ueber", "/ueber/rangfolge", "/uebersicht")] == [
        ["page"],
        ["true"],
        [""],
    ]


def test_the_gallery_is_named_only_where_it_can_be_opened(settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    assert "/komponenten" not in [entry.href for entry in Shell("/").footer]
    settings.DEMO = True
    assert "/komponenten" in [entry.href for entry in Shell("/").footer]


def test_who_is_signed_in_finds_their_work_and_can_sign_out(client: Client) -> None:
    assert 'href="/mein"' not in frame(client, "/konto/anmelden")
    client.force_login(User.objects.create_user("anna@beispiel.de", "x" * 12, name="Anna"))

    page = frame(client, "/konto/abmelden")
    assert "Abmelden" in page
    assert 'href="/mein"' in page


def test_who_is_signed_in_has_room_for_their_own_ways() -> None:
    person = User.objects.create_user("anna@beispiel.de", "x" * 12, name="Anna")
    assert [entry.href for entry in Shell("/").navigation if entry.href == "/ueber"] == ["/ueber"]
    shell = Shell("/", person)
    assert "/ueber" not in [entry.href for entry in shell.navigation]
    assert "/ueber" in [entry.href for entry in shell.footer]
