"""Every role tries every action; `expectations.toml` says who may."""

import copy
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from allmende.journal.models import Entry
from allmende.lib.refusals import Refused
from allmende.search.actions import rebuild
from tests.rights.house import WHO, House
from tests.rights.tries import TRIES
from tests.rights.walk import actions, used_by_pages

TABLE = tomllib.loads((Path(__file__).parent / "expectations.toml").read_text(encoding="utf-8"))
MAY: dict[str, set[str]] = {name: set(who.split()) for name, who in TABLE["may"].items()}


@pytest.fixture(scope="module")
def index(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For saved searches; and codes of letters are hashed as fast as it goes, nobody guesses them here."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    folder = tmp_path_factory.mktemp("house")
    with override_settings(
        SEARCH_INDEX_DIR=folder / "index", MEDIA_ROOT=folder / "media", PASSWORD_HASHERS=hashers
    ):
        rebuild()
        yield


def test_every_action_stands_in_the_table_and_nothing_else() -> None:
    asked, inner = {name.partition("/")[0] for name in MAY}, set(TABLE["inner"])
    assert asked & inner == set()
    assert set(actions()) - asked - inner == set(), "new: say in expectations.toml who may"
    assert (asked | inner) - set(actions()) == set(), "gone: take it out of expectations.toml"


def test_the_table_names_roles_that_there_are() -> None:
    assert set().union(*MAY.values()) - set(WHO) == set()


def test_every_line_of_the_table_is_tried() -> None:
    assert sorted(TRIES) == sorted(MAY)


def test_no_page_calls_what_asks_for_no_right() -> None:
    used = used_by_pages()
    assert {name: sorted(used[name]) for name in TABLE["inner"] if name in used} == TABLE["by"]


@pytest.fixture(scope="module", params=sorted(TRIES))
def scene(house: House, index: None, request: pytest.FixtureRequest) -> Iterator[tuple[str, House, Any]]:
    """One action with what it needs, prepared once for all who try it."""
    with transaction.atomic():
        prepared = copy.deepcopy(house)
        yield request.param, prepared, TRIES[request.param].prepare(prepared)
        transaction.set_rollback(True)


@pytest.mark.usefixtures("taken_back")
@pytest.mark.parametrize("who", WHO)
def test_who_may(scene: tuple[str, House, Any], who: str) -> None:
    """Whoever is refused has written nothing."""
    action, house, thing = copy.deepcopy(scene)
    written, done = _written(), False
    with suppress(Refused):
        TRIES[action].act(house, thing, {"by": house.actor(who), "now": house.now})
        done = True
    assert done == (who in MAY[action])
    assert done or _written() == written


def _written() -> int | None:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
