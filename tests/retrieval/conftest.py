import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from allmende.retrieval.protocol import Definition, Document, Index, Order
from allmende.retrieval.tantivy_index import TantivyIndex
from tests.retrieval.reference import ReferenceIndex

DEFINITION = Definition(
    weights={"title": 3, "summary": 2, "body": 1},
    facets=("field", "land"),
    numbers=("published", "price"),
    orders={"name": Order(), "newest": Order("published", descending=True), "cheapest": Order("price")},
)

CATALOGUE = [
    Document(
        "b1",
        "solution",
        "Mängelmelder",
        {"title": "Mängelmelder", "summary": "Menschen melden Schäden an Straßen"},
        {"field": ("verkehr",), "land": ("nrw", "hessen")},
        {"published": 5, "price": 100},
    ),
    Document(
        "a1",
        "solution",
        "Ärgernis",
        {"title": "Ärgernis", "summary": "Schäden an Straßen und Wegen erfassen"},
        {"field": ("verkehr", "umwelt"), "land": ("nrw",)},
        {"published": 9},
    ),
    Document(
        "c1",
        "solution",
        "Baumkataster",
        {"title": "Baumkataster", "summary": "Bäume an Straßen", "body": "Jeder Baum hat einen Ort."},
        {"field": ("umwelt",)},
        {"published": 9, "price": 50},
    ),
    Document("d1", "town", "Straßberg", {"title": "Straßberg"}, {"land": ("bayern",)}),
]


def emptied_at_last() -> tempfile.TemporaryDirectory[str]:
    """For an index of one example. A thread of the engine may tidy up for a moment after the last commit: a file that
    comes while the directory is removed is no fault."""
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


@pytest.fixture(params=["tantivy", "reference"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Index:
    """Each engine, filled with the same four entries: what holds for one holds for the other."""
    engine: Index = (
        TantivyIndex(tmp_path / "index", DEFINITION)
        if request.param == "tantivy"
        else ReferenceIndex(DEFINITION)
    )
    engine.rebuild(lambda: CATALOGUE)
    return engine


@pytest.fixture
def embedded(tmp_path: Path) -> Callable[[], TantivyIndex]:
    """A new look at the same directory each time it is called, as another process would have."""
    return lambda: TantivyIndex(tmp_path / "index", DEFINITION)
