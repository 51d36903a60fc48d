"""Beside those at the market: a colleague at the company, and its competitor."""

import datetime

import pytest
from django.test import Client

from tests.factories.market import Market
from tests.factories.people import signed_in, somebody


@pytest.fixture
def colleague(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("provider_editor", market.provider, now=now))


@pytest.fixture
def competitor(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("provider_editor", market.other_provider, now=now))
