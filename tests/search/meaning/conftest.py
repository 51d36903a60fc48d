import pytest

from allmende.jobs.actions import run_all


@pytest.fixture
def two(publish, thesaurus):
    """A report of holes in the road and a register of trees, with their vectors."""
    both = publish("Melder", summary="Schlagloch Fahrbahn"), publish("Kataster", summary="Linde Eiche Buche")
    run_all()
    thesaurus.asked.clear()
    return both
