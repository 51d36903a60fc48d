from pathlib import Path

import pytest

from allmende.retrieval.meaning.builtin import BuiltinEmbedder, packaged_file
from allmende.retrieval.meaning.vectors import VectorStore
from tests.retrieval.meaning.stored import DIMENSIONS, SOME, Opened


@pytest.fixture(scope="session")
def model() -> BuiltinEmbedder:
    """The real one, loaded once."""
    return BuiltinEmbedder(packaged_file())


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A new look at the same directory each time it is called, as another process would have."""
    return lambda: VectorStore(tmp_path / "vectors", "model-1", DIMENSIONS)


@pytest.fixture
def filled(opened: Opened) -> VectorStore:
    store = opened()
    store.rebuild(SOME)
    return store
