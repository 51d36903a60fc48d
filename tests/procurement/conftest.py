"""Towns in real Länder, and the rules that come with the software."""

import datetime
from dataclasses import dataclass

import pytest

from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region
from allmende.organisations.models import Organisation
from allmende.procurement.actions import load
from allmende.regions.levels import GEMEINDE, LAND
from allmende.regions.models import Region
from tests.factories.words import load as load_words
from tests.support.laid import laid

PROGRAM = Actor.program("test")
LANDS = {
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "02": "Hamburg",
}


@dataclass
class Towns:
    """One town a Land; the names of the Länder are real, those of the towns are not."""

    bw: Organisation
    by: Organisation
    nw: Organisation
    he: Organisation
    hh: Organisation


@pytest.fixture
def towns(db: None, now: datetime.datetime) -> Towns:
    return laid(("procurement towns", now), lambda: _towns(now))


def _towns(now: datetime.datetime) -> Towns:
    load_words(by=PROGRAM, now=now)
    load(by=PROGRAM, now=now)
    made = {}
    for key, name in LANDS.items():
        land = Region.objects.create(key=key, ars=f"{key}0000000000", level=LAND, name=name, official_name=name, search_name=name.lower())  # fmt: skip  # noqa: E501
        town = Region.objects.create(
            key=f"{key}001001", ars=f"{key}0010000001", level=GEMEINDE, type_code="64", name=f"Musterort {key}",
            official_name=f"Musterort {key}", search_name=f"musterort {key}", land=land, population=6000,
        )  # fmt: skip
        made[key] = for_region(town, by=PROGRAM, now=now)
    return Towns(*(made[key] for key in ("08", "09", "05", "06", "02")))
