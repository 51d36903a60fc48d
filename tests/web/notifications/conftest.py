"""The market, and a person who is told, at their screen."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.notifications.models import NewsItem
from allmende.organisations.actions import grant_role
from tests.factories.market import Market, open_market
from tests.factories.people import signed_in


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime.datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


def keeper(market: Market, now: datetime.datetime) -> User:
    """Somebody who keeps the provider's offers; without a password, which takes long to hash."""
    user = User.objects.create_user(f"kim-{User.objects.count()}@beispiel.example")
    grant_role("provider_editor", user=user, organisation=market.provider, by=Actor.program("setup"), now=now)
    return user


@pytest.fixture
def user(market: Market, now: datetime.datetime) -> User:
    return keeper(market, now)


@pytest.fixture
def client(user: User) -> Client:
    return signed_in(user)


@pytest.fixture
def stranger(market: Market, now: datetime.datetime) -> Client:
    """Somebody else, signed in as well."""
    return signed_in(keeper(market, now))


def news(user: User, market: Market, now: datetime.datetime, **changed: Any) -> NewsItem:
    told: dict[str, Any] = {
        "user": user,
        "kind": "catalogue.use_confirmed",
        "category": "use",
        "subject_type": "solution",
        "subject_id": market.melder.public_id,
        "data": {"town": "Ahornstadt"},
        "at": now,
        "noted_at": now,
        "rate": "daily",
    }
    return NewsItem.objects.create(**told | changed)
