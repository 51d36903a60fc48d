"""What became of a need: said on a page, read beside the need, counted for everybody."""

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from allmende.demand.models import Outcome
from tests.demand.towns import a_need
from tests.factories.market import Market, open_market
from tests.factories.people import signed_in, somebody

SAID = {
    "kind": "bought", "decided_on": "03.02.2026", "value": "48.000,50", "contract_ends_on": "31.12.2029",
    "note": "Früh mit dem Personalrat sprechen.",
}  # fmt: skip


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Any, now: datetime.datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def town(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("municipality_editor", market.town, now=now))


def page_of(need: Any) -> str:
    return f"/bedarfe/{need.public_id}"


def test_a_town_says_what_became_of_its_need_and_others_read_what_it_gives(
    market: Market, town: Client, now: datetime.datetime, client: Client
) -> None:
    need = a_need(market.town, now=now, visibility="public")
    said = SAID | {"solution": f"https://markt.example/loesungen/{market.melder.public_id}/"}
    assert town.post(f"{page_of(need)}/ergebnis", said)["Location"] == page_of(need)

    outcome = Outcome.objects.get()
    assert (outcome.value, outcome.solution, outcome.contract_ends_on) == (
        Decimal("48000.50"), market.melder, datetime.date(2029, 12, 31),
    )  # fmt: skip
    own, others = (each.get(page_of(need)).content.decode() for each in (town, client))
    for words in ("48.000,50", "31.12.2029", "Personalrat"):
        assert (words in own, words in others) == (True, False)
    assert ("beschafft" in others, "Mängelmelder" in others) == (True, True)

    town.post(f"{page_of(need)}/ergebnis", said | {"value_is_public": "on"})
    assert "48.000,50" in client.get(page_of(need)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": ""}, "Wählen Sie bei"),
        ({"kind": "stopped"}, "hat keine Lösung, keinen Wert"),
        ({"solution": "unfug"}, "Diesen Eintrag gibt es hier nicht"),
        ({"value": "viel"}, "eine Zahl ein"),
        ({"decided_on": "31.02.2026"}, "ein Datum ein"),
        ({"contract_ends_on": "01.01.2026"}, "endet vor dem Tag"),
    ],
)
def test_what_is_wrong_is_said_at_the_form(
    market: Market, town: Client, now: datetime.datetime, wrong: dict[str, str], sentence: str
) -> None:
    need = a_need(market.town, now=now)
    words = town.post(f"{page_of(need)}/ergebnis", SAID | wrong).content.decode()
    assert sentence in words
    assert Outcome.objects.count() == 0


def test_what_was_said_stands_in_the_form_again(market: Market, town: Client, now: datetime.datetime) -> None:
    need = a_need(market.town, now=now)
    town.post(f"{page_of(need)}/ergebnis", SAID)
    words = town.get(f"{page_of(need)}/ergebnis").content.decode()
    assert all(f'value="{each}"' in words for each in ("03.02.2026", "48.000,50", "31.12.2029"))


def test_the_statistics_are_for_everybody_and_hide_small_numbers(
    market: Market, client: Client, now: datetime.datetime
) -> None:
    for number, kind in ((6, "bought"), (2, "shared"), (7, "own")):
        for _ in range(number):
            need = a_need(market.town, now=now, state="closed", visibility="own")
            Outcome.objects.create(need=need, kind=kind, stated_at=now, stated_by="x")
    words = client.get("/bedarfe/statistik").content.decode()
    assert "15 Ergebnisse" in words.replace("\xa0", " ")
    assert ("zu wenige" in words, "Zahlen unter 5" in words) == (True, True)

    answer = client.get("/bedarfe/statistik.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[:4] == [
        ["Zählung", "Schlüssel", "Bezeichnung", "Bedarfe"],
        ["outcome", "bought", "beschafft", ""],
        ["outcome", "shared", "mitgenutzt oder nachgenutzt", ""],
        ["outcome", "own", "selbst gelöst", "7"],
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="bedarfe-statistik.csv"'


def test_before_anybody_has_said_anything_the_page_says_so(market: Market, client: Client) -> None:
    assert (
        "Noch hat keine Kommune ein Ergebnis angegeben." in client.get("/bedarfe/statistik").content.decode()
    )
