"""In a real browser: a need from its first word to an answer with a contact, each page looked at twice."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from allmende.demand.models import Need
from tests.factories.market import Market, open_market
from tests.factories.needs import PROBLEM
from tests.factories.people import somebody
from tests.journeys.test_offers import Check, NewPage, Person


@pytest.fixture
def market(transactional_db: None, settings: Any, tmp_path: Path, now: Any) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def person(
    market: Market, new_page: NewPage, settings: Any, axe: Check, overflow: Check, now: Any
) -> Callable[..., Person]:
    def make(role: str, organisation: Any) -> Person:
        user = somebody(role, organisation, now=now)
        return Person(new_page(), user, settings.SESSION_COOKIE_NAME, axe, overflow)

    return make


def test_a_need_from_the_problem_to_an_answer_with_a_contact(
    market: Market, person: Callable[..., Person]
) -> None:
    town, provider = person("municipality_editor", market.town), person("provider_editor", market.provider)
    page = town.at("/bedarfe/neu")
    town.press("Beginnen")
    page.get_by_label("Was ist das Problem?").fill(PROBLEM)
    page.get_by_label("Titel").fill("Schäden melden")
    expect(page.locator("#gesichert")).to_contain_text(re.compile(r"Gespeichert um \d\d:\d\d"))
    town.press("Speichern und weiter")
    town.press("Speichern und weiter")
    page.get_by_role("radio", name="Beteiligung & Demokratie").check()
    town.press("Speichern und weiter")
    page.get_by_label("Kosten im Jahr", exact=False).first.select_option("should")
    page.get_by_label("Kosten im Jahr: Wert").fill("1.200,00")
    for _ in range(3):
        town.press("Speichern und weiter")
    page.get_by_role("radio", name="Alle, auch Anbieter").check()
    town.press("Speichern und weiter")
    need = Need.objects.get()
    address = f"/bedarfe/{need.public_id}"
    for path in ("/verwerfen", "/pruefen"):
        town.at(address + path)
    town.press("Bedarf veröffentlichen")
    for path in ("/zurueckziehen", "/abschliessen", "/bearbeiten"):
        town.at(address + path)

    theirs = provider.at("/bedarfe")
    provider.follow("Schäden melden")
    provider.follow("Auf diesen Bedarf antworten")
    theirs.get_by_label("Was passt, und warum?").fill("Das können wir seit zwei Jahren.")
    provider.press("Antwort senden")

    town.at(address)
    page.get_by_text("Kontakt nennen").first.click()
    page.get_by_label("Wen erreicht dieser Anbieter wie?").fill("digital@ahornstadt.example")
    town.press("Kontakt nennen")
    provider.at("/bedarfe/antworten")
    expect(theirs.get_by_role("main")).to_contain_text("digital@ahornstadt.example")
    assert town.complaints + provider.complaints == []
