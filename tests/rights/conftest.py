"""The house stands in one transaction for a whole file; what a test does in it is taken back after the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction

from allmende.search import labels
from allmende.vocabulary import queries as vocabulary
from tests.rights.house import House, build


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        _forget()
        try:
            yield build()
        finally:
            transaction.set_rollback(True)
            _forget()


def _forget() -> None:
    """Other files have other words and labels under the same versions."""
    vocabulary.forget()
    labels.forget()
    for cache in caches.all(initialized_only=True):
        if isinstance(cache, LocMemCache):
            cache.clear()


@pytest.fixture
def taken_back(house: House) -> Iterator[None]:
    """What this test writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _fresh_process_caches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Reading the words anew takes longer than most tests here: only who changes them makes it necessary."""
    yield
    if "vocabulary" in request.node.name:
        vocabulary.forget()
