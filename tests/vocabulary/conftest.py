import pytest

from allmende.lib.actors import Actor


@pytest.fixture
def program() -> Actor:
    """Whatever loads the files."""
    return Actor.program("load_vocabulary")


@pytest.fixture
def operator() -> Actor:
    """A person who runs this Allmende."""
    return Actor("person", "0000000001", frozenset({("operator_admin", None)}))


@pytest.fixture
def stranger() -> Actor:
    """A person with a role in an organisation, and none on the platform."""
    return Actor("person", "0000000002", frozenset({("municipality_editor", "0000000009")}))
