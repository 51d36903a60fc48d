"""The market of invented towns, its people at their screens, and a source with a good and a bad file."""

import datetime
from pathlib import Path

import pytest
from django.test import Client

from allmende.federation.actions import add_source, run
from allmende.federation.models import RawRecord, Source
from allmende.lib.actors import Actor
from tests.factories.market import Market
from tests.factories.people import signed_in, somebody

OPERATOR = Actor.program("operator")
GOOD = """publiccodeYmlVersion: "0.4"
name: Raumplan Muster
url: https://git.musterland.test/stadt/raumplan
platforms: [web]
developmentStatus: stable
softwareType: standalone/web
description:
  de:
    shortDescription: Vereine fragen Räume an, und die Verwaltung gibt sie frei.
legal:
  license: EUPL-1.2
maintenance:
  type: internal
"""


@pytest.fixture
def staff(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("operator_admin", now=now))


@pytest.fixture
def editor(market: Market, now: datetime.datetime) -> Client:
    return signed_in(somebody("catalogue_editor", now=now))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "quelle"
    place.mkdir()
    (place / "gut.yml").write_text(GOOD, encoding="utf-8")
    (place / "schlecht.yml").write_text("name: [", encoding="utf-8")
    return place


@pytest.fixture
def source(market: Market, folder: Path, now: datetime.datetime) -> Source:
    """Harvested once: one record published, one kept back."""
    made = add_source(
        "musterland", name="Katalog Musterland", kind="directory", location=str(folder), format="publiccode",
        profile={"files": ["*.yml"]}, by=OPERATOR, now=now,
    )  # fmt: skip
    run(made, by=OPERATOR, now=now)
    return made


@pytest.fixture
def bad(source: Source) -> RawRecord:
    return RawRecord.objects.get(source=source, key="schlecht.yml")
