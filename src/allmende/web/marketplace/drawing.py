"""The map of Germany: every Gemeinde a light dot, and the places of those that are to be seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from allmende.journal.queries import version
from allmende.organisations.models import Organisation
from allmende.regions import projection
from allmende.regions.queries import attribution, dots, municipalities

# Half units of the projection: finer than a screen shows, and whole numbers stay short.
SCALE = 2
WIDTH, HEIGHT = projection.WIDTH * SCALE, projection.HEIGHT * SCALE


@dataclass(frozen=True)
class Ground:
    """What changes only with the regions. `places` by key; `path` is one stroke for each Gemeinde."""

    version: int
    path: str
    inset_path: str
    places: Mapping[str, tuple[int, int]]
    attribution: str

    @property
    def href(self) -> str:
        """The address changes with the drawing, so that browsers may keep it for good."""
        return f"/karte/gemeinden.svg?v={self.version}"


# More names than that say nothing on a map, and make its page heavy; then each kind is one path.
MOST_NAMED = 300


@dataclass(frozen=True)
class Spot:
    """A town to be seen. Confirmed and claimed are told apart by shape."""

    x: int
    y: int
    is_confirmed: bool
    label: str


def ground() -> Ground:
    """One query; three more where the regions have changed since the last look."""
    return _drawn(version("regions"), settings.DEMO)


@lru_cache(maxsize=2)
def _drawn(regions: int, with_invented: bool) -> Ground:
    places = {dot.key: (round(dot.x * SCALE), round(dot.y * SCALE)) for dot in dots(municipalities())}
    real = [place for key, place in places.items() if not key.startswith("99")]
    invented = [place for key, place in places.items() if key.startswith("99")]
    return Ground(regions, _path(real), _path(invented), places, attribution())


def _path(places: Iterable[tuple[int, int]]) -> str:
    """Strokes without length, which round caps turn into dots; each place from the last, in rows: that packs well."""
    path, last = [], (0, 0)
    for y, x in sorted({(y, x) for x, y in places}):
        path.append(f"m{x - last[0]} {y - last[1]}h0")
        last = (x, y)
    return "".join(path)


def spots(towns: Sequence[tuple[Organisation, int, int]], drawn: Ground) -> list[Spot]:
    """Where the towns lie that have a place on the map; what is confirmed is drawn last, on top."""
    found = [
        Spot(*place, is_confirmed=confirmed > 0, label=town.region.title)
        for town, confirmed, _ in towns
        if town.region is not None and (place := drawn.places.get(town.region.key))
    ]
    return sorted(found, key=lambda spot: spot.is_confirmed)


def paths(found: Sequence[Spot]) -> tuple[str, str]:
    """All claimed and all confirmed spots, each kind in one path: the same shapes without names."""
    claimed = "".join(
        f"M{spot.x - 12} {spot.y}l12-12l12 12l-12 12z" for spot in found if not spot.is_confirmed
    )
    return claimed, _path((spot.x, spot.y) for spot in found if spot.is_confirmed)


def inset() -> tuple[int, int, int, int]:
    """x, y, width and height of the box in which invented places lie."""
    box = projection.INSET
    return round(box.x * SCALE), round(box.y * SCALE), round(box.width * SCALE), round(box.height * SCALE)
