"""The market with two sides of an offer, a competitor and the desk, and an empty place for files."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.accounts.models import User
from tests.factories.market import Market, open_market
from tests.factories.people import signed_in, somebody


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CLAMD = ""
    return tmp_path / "media"


@pytest.fixture
def market(db: None, media: Path, settings: Any, tmp_path: Path, now: datetime.datetime) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def boss(market: Market, now: datetime.datetime) -> Client:
    """Administers the provider."""
    return signed_in(somebody("organisation_admin", market.provider, now=now))


@pytest.fixture
def company(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("provider_editor", market.provider, now=now))


@pytest.fixture
def partner(market: Market, now: datetime.datetime) -> Client:
    """Keeps the offers of the other party of the one offer there is."""
    return signed_in(somebody("provider_editor", market.other_provider, now=now))


@pytest.fixture
def competitor(market: Market, now: datetime.datetime) -> Client:
    from allmende.organisations.actions import register
    from tests.factories.market import DEMO

    other = register("Wettbewerb GmbH", kind="sme", by=DEMO, now=now)
    return signed_in(somebody("provider_editor", other, now=now))


@pytest.fixture
def desk(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("catalogue_editor", now=now))


@pytest.fixture
def stranger(market: Market) -> Client:
    return signed_in(User.objects.create_user("fremd@beispiel.example", "nur-fuer-tests-123"))
