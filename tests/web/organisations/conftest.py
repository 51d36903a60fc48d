"""A town, a provider, the people in them and at the desk, each at a screen of their own."""

import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from allmende.accounts.models import User
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from tests.factories.market import DEMO, HARVEST, regions
from tests.factories.people import signed_in, somebody
from tests.factories.words import load


@pytest.fixture
def towns(db: None, settings: Any, now: datetime.datetime) -> dict[str, Organisation]:
    settings.DEMO = True
    load(by=HARVEST, now=now)
    return regions(now)


@pytest.fixture
def town(towns: dict[str, Organisation]) -> Organisation:
    return towns["99001001"]


@pytest.fixture
def provider(towns: dict[str, Organisation], now: datetime.datetime) -> Organisation:
    from allmende.organisations.actions import register

    return register("Beispiel-Software GmbH", kind="sme", by=DEMO, now=now, is_invented=True)


@pytest.fixture
def stranger(towns: dict[str, Organisation]) -> User:
    """Somebody with a confirmed address and nothing else."""
    return person("fremd@woanders.example")


def person(email: str) -> User:
    user = User.objects.create_user(email, "nur-fuer-tests-123")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def boss(town: Organisation, now: datetime.datetime) -> User:
    """Who administers the town."""
    return somebody("organisation_admin", town, now=now)


@pytest.fixture
def staff(towns: dict[str, Organisation], now: datetime.datetime) -> Client:
    return signed_in(somebody("catalogue_editor", now=now))


__all__ = ["actor_for", "person", "signed_in", "somebody"]
