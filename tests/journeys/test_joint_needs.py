"""In a real browser: two towns go on together, and one says what became of its need; each page looked at twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allmende.demand.models import Joining, JointNeed
from allmende.search.actions import rebuild
from tests.demand.towns import a_need
from tests.factories.market import Market, open_market
from tests.factories.people import somebody
from tests.journeys.test_offers import Check, NewPage, Person

NEED = {
    "title": "Mängel melden",
    "problem": "Menschen melden Schäden an Straßen am Telefon.",
    "population": 900,
    "budget_class": "to_25000",
    "visibility": "public",
}


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


def test_two_towns_go_on_together_and_one_says_what_became_of_it(
    market: Market, person: Callable[..., Person], now: Any
) -> None:
    lead, guest = (person("municipality_editor", town) for town in (market.town, market.neighbour))
    need = a_need(market.town, now=now, **NEED)
    a_need(market.neighbour, now=now, **NEED)
    rebuild()

    page = lead.at(f"/bedarfe/{need.public_id}/gemeinsam")
    page.get_by_label("Was soll gemeinsam werden?").fill("Eine gemeinsame Markterkundung.")
    lead.press("Gemeinsamen Bedarf beginnen")
    joint = f"/bedarfe/gemeinsam/{JointNeed.objects.get().public_id}"
    lead.at(joint)
    lead.press("Einladen")
    lead.at(f"{joint}/aendern")

    guest.at("/mein")
    guest.at(joint)
    guest.press("Beitreten")
    guest.at(joint)
    assert Joining.objects.filter(state="joined").count() == 2

    page = lead.at(f"/bedarfe/{need.public_id}/ergebnis")
    page.get_by_role("radio", name="gemeinsam entwickelt").check()
    page.get_by_label("Wert in Euro").fill("24.000")
    lead.press("Ergebnis speichern")
    lead.at(f"/bedarfe/{need.public_id}")
    lead.at(joint)
    lead.at("/bedarfe/statistik")
    assert lead.complaints + guest.complaints == []
