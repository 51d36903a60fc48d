"""Beside those at the market: two sides of an offer, a competitor, and an empty place for files."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.organisations.actions import register
from tests.factories.market import DEMO, Market
from tests.factories.people import signed_in, somebody


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CLAMD = ""
    return tmp_path / "media"


@pytest.fixture
def market(media: Path, market: Market) -> Market:
    """The usual one, with a place for files."""
    return market


@pytest.fixture
def boss(market: Market, now: datetime.datetime) -> Client:
    """Administers the provider."""
    return signed_in(somebody("organisation_admin", market.provider, now=now))


@pytest.fixture
def partner(market: Market, now: datetime.datetime) -> Client:
    """Keeps the offers of the other party of the one offer there is."""
    return signed_in(somebody("provider_editor", market.other_provider, now=now))


@pytest.fixture
def competitor(market: Market, now: datetime.datetime) -> Client:
    other = register("Wettbewerb GmbH", kind="sme", by=DEMO, now=now)
    return signed_in(somebody("provider_editor", other, now=now))
