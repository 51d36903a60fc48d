"""The market, a company with two people, its competitor, a town, and two people at the desk."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories.market import Market, open_market
from tests.factories.people import signed_in, somebody


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime.datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def company(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("provider_editor", market.provider, now=now))


@pytest.fixture
def colleague(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("provider_editor", market.provider, now=now))


@pytest.fixture
def competitor(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("provider_editor", market.other_provider, now=now))


@pytest.fixture
def town(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("municipality_editor", market.town, now=now))


@pytest.fixture
def desk(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("catalogue_editor", now=now))


@pytest.fixture
def stranger(market: Market, now: datetime.datetime) -> Client:
    from allmende.accounts.models import User

    return signed_in(User.objects.create_user("fremd@beispiel.example", "nur-fuer-tests-123"))
