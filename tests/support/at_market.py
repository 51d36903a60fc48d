"""The market of invented towns and those who come to it, for tests of pages; a folder's conftest may add to it."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.accounts.models import User
from tests.factories.market import HARVEST, Market, open_market
from tests.factories.people import signed_in, somebody
from tests.factories.words import load


@pytest.fixture
def vocabulary(db: None, now: datetime.datetime) -> None:
    load(by=HARVEST, now=now)


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime.datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def company(market: Market, now: datetime.datetime) -> Client:
    """Keeps the offers of the provider."""
    return signed_in(somebody("provider_editor", market.provider, now=now))


@pytest.fixture
def town(market: Market, now: datetime.datetime) -> Client:
    """Speaks for Ahornstadt."""
    return signed_in(somebody("municipality_editor", market.town, now=now))


@pytest.fixture
def desk(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("catalogue_editor", now=now))


@pytest.fixture
def stranger(market: Market) -> Client:
    """Has an account and nothing else."""
    return signed_in(User.objects.create_user("fremd@beispiel.example", "nur-fuer-tests-123"))
