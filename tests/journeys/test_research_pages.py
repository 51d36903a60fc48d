"""Looking, choosing, talking and comparing on a desk and on a phone: nothing runs over, and everybody can use it."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from allmende.exploration.actions.candidates import Verdict, decide_many
from allmende.exploration.actions.matrix import judge
from allmende.exploration.actions.talks import note_talk
from allmende.exploration.drafts import TalkDraft
from tests.exploration.hall import a_hall, with_plan
from tests.exploration.shelf import Shelf, a_shelf, listed, looked, with_criteria
from tests.exploration.test_matrix import answered, asked
from tests.factories.people import signed_in
from tests.support.browser import DESKTOP, PHONE


@pytest.fixture
def shelf(transactional_db: None, settings: Any, tmp_path: Path) -> Shelf:
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    now = datetime.datetime.now(datetime.UTC)
    shelf = a_shelf(with_plan(a_hall(now)), now)
    by = {"by": shelf.hall.actor("lead"), "now": now}
    must, should = with_criteria(shelf.hall)
    rows = listed(shelf)
    versions = {each.public_id: 0 for each in rows[:3]}
    decide_many(shelf.hall.case, versions, Verdict(state="kept", reason="newcomer"), **by)
    price, photo = asked(
        shelf.hall,
        rows[:3],
        [
            {"text": "Was kostet die Lösung im Jahr, netto?", "kind": "money"},
            {"text": "Lassen sich Meldungen drucken?", "kind": "yes_no", "criterion": should.public_id},
        ],
    )
    answered(shelf.hall, rows[0], (price, "7777.00", True), (photo, None, False))
    judge(rows[0], must.public_id, result="unmet", reason="Der Quelltext war nicht zu finden.", **by)
    talk = TalkDraft(
        company_name="Melder GmbH",
        held_at=now,
        minutes_long=45,
        participants="Leitung Bauhof, Vertrieb",
        content="Vorführung der Anwendung auf dem Telefon.",
        told_to_company="Wir haben 40 Meldungen am Tag.",
    )
    note_talk(shelf.hall.case, talk, **by)
    shelf.change(licence="MIT")
    return shelf


def addresses(shelf: Shelf) -> dict[str, str]:
    home, row = f"/markterkundungen/{shelf.hall.case.public_id}", shelf.hall.case.candidates.latest("pk")
    search = looked(shelf, "Straßenmelder")
    must = shelf.hall.case.need.criteria.first()
    return {
        "research": f"{home}/recherche",
        "look": f"{home}/recherche/eintragen",
        "here": f"{home}/recherche/suche?q=melden",
        "snapshot": f"{home}/recherche/{search.public_id}",
        "selection": f"{home}/auswahl",
        "candidate": f"{home}/auswahl/{row.public_id}",
        "talks": f"{home}/gespraeche",
        "talk": f"{home}/gespraeche/neu",
        "comparison": f"{home}/auswertung",
        "cell": f"{home}/auswertung/{row.public_id}/{must.public_id}",
    }


def test_the_pages_of_looking_and_choosing_fit_and_pass(
    shelf: Shelf, new_page: Any, overflow: Any, axe: Any, settings: Any, live_server: Any
) -> None:
    cookie = signed_in(shelf.hall["lead"]).cookies[settings.SESSION_COOKIE_NAME].value
    complaints = []
    pages = addresses(shelf)
    for size in (DESKTOP, PHONE):
        page = new_page(size=size)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        for name, address in pages.items():
            page.goto(live_server.url + address)
            complaints += [(name, size[0], found) for found in (overflow(page), axe(page)) if found]
    assert complaints == []
