"""The market of invented towns and the people at their screens."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories.market import Market, open_market
from tests.factories.people import signed_in, somebody


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def town(market: Market, now: datetime) -> Client:
    """Somebody who speaks for Ahornstadt."""
    return signed_in(somebody("municipality_editor", market.town, now=now))


@pytest.fixture
def company(market: Market, now: datetime) -> Client:
    return signed_in(somebody("provider_editor", market.provider, now=now))


@pytest.fixture
def editor(market: Market, now: datetime) -> Client:
    return signed_in(somebody("catalogue_editor", now=now))


@pytest.fixture
def staff(market: Market, now: datetime) -> Client:
    return signed_in(somebody("operator_admin", now=now))
