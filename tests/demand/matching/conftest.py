"""A small market with an index of its own, words alone."""

import pytest

from allmende.demand import facts_kept as facts
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.search import engine, meaning
from tests.factories.market import open_market
from tests.factories.people import somebody


@pytest.fixture(autouse=True)
def own_index(settings, tmp_path):
    settings.DEMO = True
    settings.SEARCH_EMBEDDINGS = "none"
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.SEARCH_VECTORS_DIR = tmp_path / "vectors"
    engine.forget()
    meaning.forget()
    facts.forget()
    yield
    engine.forget()
    meaning.forget()
    facts.forget()


@pytest.fixture
def market(db, now):
    """Its towns are confirmed, and so are its providers."""
    made = open_market(now)
    for body in (made.town, made.neighbour, made.provider, made.other_provider):
        Organisation.objects.filter(pk=body.pk).update(state="accredited", accredited_at=now)
        body.refresh_from_db()
    return made


@pytest.fixture
def writer(market, now):
    """Who writes the town's needs."""
    return somebody("municipality_editor", market.town, now=now)


@pytest.fixture
def town(market, writer, now):
    return actor_for(writer, on=now.date())


@pytest.fixture
def program():
    return Actor.program("demand")
