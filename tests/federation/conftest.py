"""A harvest in a small: a folder of files, sources that read it, hosts on this machine that serve them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from allmende.federation.actions import add_source, run
from allmende.federation.fetching import Limits
from allmende.federation.models import Run, Source
from allmende.lib.actors import Actor
from tests.factories.words import load
from tests.federation.hosts import Host

OPERATOR = Actor.program("operator")

AddSource = Callable[..., Source]
Harvest = Callable[..., Run]


@pytest.fixture
def vocabulary(db: None, now: datetime) -> None:
    load(by=OPERATOR, now=now)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "source"
    place.mkdir()
    return place


@pytest.fixture
def add(vocabulary: None, now: datetime) -> AddSource:
    """Add a source of publiccode.yml files; its code is its name."""

    def make(code: str, location: object, kind: str = "directory", **other: Any) -> Source:
        chosen = {"format": "publiccode", "name": f"Katalog {code}"} | other
        return add_source(code, kind=kind, location=str(location), by=OPERATOR, now=now, **chosen)

    return make


@pytest.fixture
def source(add: AddSource, folder: Path) -> Source:
    return add("musterland", folder)


@pytest.fixture
def harvest(now: datetime) -> Harvest:
    """Run a source; whatever happens, the report adds up."""

    def go(source: Source, *, at: datetime = now, **other: Any) -> Run:
        limits = Limits(seconds=2.0, private_hosts=("127.0.0.1", "localhost"))
        finished = run(source, by=OPERATOR, now=at, **{"limits": limits} | other)
        assert finished.adds_up
        return finished

    return go


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        yield running
