import pytest

from allmende.retrieval.meaning.builtin import BuiltinEmbedder, packaged_file


@pytest.fixture(scope="session")
def model() -> BuiltinEmbedder:
    """The real one, loaded once."""
    return BuiltinEmbedder(packaged_file())
