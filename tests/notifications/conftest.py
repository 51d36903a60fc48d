"""The market, and people who are told: two who keep the offers of a provider, a competitor, a town, the staff."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from allmende.accounts.models import User
from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.notifications.actions import note
from allmende.notifications.models import NewsItem
from allmende.organisations.actions import grant_role
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from tests.factories.market import Market, open_market

Tell = Callable[..., list[NewsItem]]


@dataclass
class Cast:
    owner: User
    colleague: User
    competitor: User
    town: User
    staff: User

    def actor(self, name: str) -> Actor:
        return actor_for(getattr(self, name))


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime.datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


def person(role: str, organisation: Organisation | None, now: datetime.datetime) -> User:
    """Somebody with a role and without a password: hashing one takes longer than most tests here."""
    user = User.objects.create_user(f"{role}-{User.objects.count()}@beispiel.example")
    grant_role(role, user=user, organisation=organisation, by=Actor.program("setup"), now=now)
    return user


@pytest.fixture
def cast(market: Market, now: datetime.datetime) -> Cast:
    return Cast(
        owner=person("provider_editor", market.provider, now),
        colleague=person("provider_editor", market.provider, now),
        competitor=person("provider_editor", market.other_provider, now),
        town=person("municipality_editor", market.town, now),
        staff=person("catalogue_editor", None, now),
    )


@pytest.fixture
def tell(now: datetime.datetime) -> Tell:
    """Tell the follower what the journal holds of some kinds; what is noted after that, by person."""

    def told(*kinds: str, at: datetime.datetime = now) -> list[NewsItem]:
        note(list(of_kinds(*kinds)), now=at)
        return list(NewsItem.objects.order_by("user", "pk").select_related("user"))

    return told
