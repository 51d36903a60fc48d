"""What every test may ask for. The environment comes first: settings are read from it once."""

import datetime
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest

from tests.support import environment

if os.environ.get("DJANGO_SETTINGS_MODULE"):
    raise pytest.UsageError("DJANGO_SETTINGS_MODULE ist gesetzt. Geben Sie ein: unset DJANGO_SETTINGS_MODULE")
environment.prepare()
# Tests and the fixtures beside them import models at the top: Django has to be ready before they are read.
django.setup()

from django.contrib.auth.hashers import PBKDF2PasswordHasher  # noqa: E402  # needs a Django that is set up

# The same algorithm with a thousandth of its cost: most tests make people, and none is about how long a guess takes.
PBKDF2PasswordHasher.iterations = 1_000

# How long an example takes says something about the machine, not about the code. CI tries the same examples every time;
# new ones are found at people's desks.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
    print_blob=True,
)
hypothesis.settings.load_profile("house")

pytest_plugins = [
    "tests.support.at_market",
    "tests.support.browser",
    "tests.support.demo_site",
    "tests.support.left_out",
]


def pytest_configure(config: pytest.Config) -> None:
    """What hands out tests to workers must not hand down its own settings: they would be read before this file is."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test is comes from where it lies and what it asks for; nobody has to remember a mark."""
    journeys = environment.CHECKOUT / "tests" / "journeys"
    for item in items:
        if item.path.is_relative_to(journeys):
            item.add_marker(pytest.mark.browser)
        # Without one of these pytest-django lets no test near the database.
        asks = "django_db_setup" in getattr(item, "fixturenames", ())
        if asks or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A copy of the migrated template instead of migrating; put back after each test that commits."""
    from django.db import connections
    from django.test import TransactionTestCase

    from tests.support.databases import store_for

    store = store_for(os.environ["ALLMENDE_DATABASE_URL"])
    store.create()
    usual = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _self: store.restore()
    yield
    TransactionTestCase._fixture_teardown = usual
    with django_db_blocker.unblock():
        connections.close_all()
    store.remove()


@pytest.fixture(autouse=True)
def _fresh_process_caches() -> Iterator[None]:
    """A rolled back test leaves its pages in the process' own caches under keys that come again: empty them."""
    yield
    from django.core.cache import caches
    from django.core.cache.backends.locmem import LocMemCache

    for cache in caches.all(initialized_only=True):
        if isinstance(cache, LocMemCache):
            cache.clear()
    from allmende.search import labels
    from allmende.vocabulary import queries as vocabulary

    vocabulary.forget()
    labels.forget()
    if facts := sys.modules.get("allmende.demand.facts_kept"):
        facts.forget()
    if rejections := sys.modules.get("allmende.web.operations.rejections"):
        # Else one test in a minute would pay for what those before it were refused, with queries that it counts.
        rejections.tally.forget()


@pytest.fixture
def now() -> datetime.datetime:
    """A Monday morning in office hours; tests that need another time say so."""
    return datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real files, which are not part of the checkout (`ALLMENDE_SHARED_DATA`, else `../shared/data`)."""
    path = Path(os.environ.get("ALLMENDE_SHARED_DATA") or environment.CHECKOUT.parent / "shared" / "data")
    if path.is_dir():
        return path
    sentence = "Die echten Daten fehlen (ALLMENDE_SHARED_DATA oder ../shared/data neben dem Checkout)."
    if os.environ.get("ALLMENDE_REQUIRE_SHARED") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of this checkout."""
    return environment.CHECKOUT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """This process' own data directory (`ALLMENDE_DATA_DIR`)."""
    return Path(os.environ["ALLMENDE_DATA_DIR"])
