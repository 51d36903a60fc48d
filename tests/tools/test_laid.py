"""What is laid in is what was made: every row of every table, the folder, and what the test is handed."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from allmende.catalogue.models import Solution
from allmende.lib.actors import Actor
from allmende.search.queries import Question, find
from tests.factories.market import Market, open_market
from tests.factories.people import somebody
from tests.factories.words import load
from tests.support import laid as laying

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    """An empty one of this test."""
    shelf: dict[Any, Any] = {}
    monkeypatch.setattr(laying, "_shelf", shelf)
    return shelf


def everything() -> dict[str, Any]:
    dialect = laying.Sqlite() if connection.vendor == "sqlite" else laying.Postgres()
    return {table: dialect.rows(table, key) for table, key in laying._keys.items()}


def market_at(folder: Path, settings: Any, now: datetime) -> tuple[dict[str, Any], Market, list[str]]:
    """The market in a folder of its own: its rows, itself, and what a search finds in it; then all is undone."""
    settings.SEARCH_INDEX_DIR = folder
    with transaction.atomic():
        market = open_market(now)
        rows, found = everything(), find(Question(text="raumbuchung"), actor=Actor.anonymous())
        transaction.set_rollback(True)
    return rows, market, [hit.card.solution.name for hit in found.hits]


def test_the_second_market_is_the_first_to_the_row(
    shelf: dict[Any, Any], tmp_path: Path, settings: Any, now: datetime
) -> None:
    settings.DEMO = True
    first, made, found = market_at(tmp_path / "first", settings, now)
    second, laid, found_again = market_at(tmp_path / "second", settings, now)
    assert second == first
    assert (laid.melder.pk, laid.town.name) == (made.melder.pk, made.town.name)
    assert found == found_again == ["Raumbuchung"]


def test_each_test_is_handed_things_of_its_own(
    shelf: dict[Any, Any], tmp_path: Path, settings: Any, now: datetime
) -> None:
    settings.DEMO = True
    _, made, _ = market_at(tmp_path / "first", settings, now)
    _, laid, _ = market_at(tmp_path / "second", settings, now)
    made.town.name = "Anderswo"
    assert (laid.town.name, laid.town is made.town) == ("Ahornstadt", False)


def test_where_something_is_there_already_things_are_made(
    shelf: dict[Any, Any], tmp_path: Path, settings: Any, now: datetime
) -> None:
    settings.DEMO = True
    first, *_ = market_at(tmp_path / "first", settings, now)

    somebody("catalogue_editor", now=now)
    settings.SEARCH_INDEX_DIR = tmp_path / "second"
    open_market(now)
    numbers = sorted(Solution.objects.values_list("public_id", flat=True))
    assert len(numbers) == 3
    assert numbers != sorted(row[1] for row in first["catalogue_solution"].values())


def test_another_time_is_another_thing(shelf: dict[Any, Any], now: datetime) -> None:

    for each in (now, now.replace(year=2027)):
        with transaction.atomic():
            load(by=Actor.program("test"), now=each)
            transaction.set_rollback(True)
    assert len(shelf) == 2
