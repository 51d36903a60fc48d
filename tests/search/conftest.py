"""An index of its own for each test, beside the test's database."""

import pytest

from allmende.catalogue.actions import know_origin, receive
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.lib.actors import Actor
from allmende.search import engine, meaning
from tests.factories.words import load
from tests.search.thesaurus import Thesaurus

HARVEST = Actor.program("harvest")


@pytest.fixture(autouse=True)
def own_index(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.SEARCH_VECTORS_DIR = tmp_path / "vectors"
    settings.SEARCH_MISSES_DIR = tmp_path / "misses"
    engine.forget()
    meaning.forget()
    yield
    engine.forget()
    meaning.forget()


@pytest.fixture
def thesaurus(settings, monkeypatch):
    """An installation with meaning, by an embedder that tests understand."""
    model = Thesaurus()
    settings.SEARCH_EMBEDDINGS = "builtin"
    monkeypatch.setattr(meaning, "embedder", lambda *_, **__: model)
    return model


@pytest.fixture
def source(db, now):
    load(by=HARVEST, now=now)
    return know_origin("hessen", label="Katalog Hessen", kind="harvest", by=HARVEST, now=now)


@pytest.fixture
def publish(source, now):
    """Put a solution into the catalogue: `publish("Name", summary="…", fields_of_action=("mobilitaet",))`."""

    def make(name, *, summary="", language="de", at=now, **more):
        draft = SolutionDraft(
            name=name,
            texts=(TextDraft(language=language, summary=summary),) if summary else (),
            website_url=f"https://{abs(hash(name))}.example.org",
            **more,
        )
        return receive(draft, origin=source, key=name, by=HARVEST, now=at).solution

    return make
