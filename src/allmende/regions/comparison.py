"""Compares an edition of the register with what is known: new, changed, unchanged, vanished. Pure."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from allmende.regions import levels
from allmende.regions.drafts import RegionDraft, RegisterDraft
from allmende.regions.size_classes import suggested_by


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is stored about a valid region and can come from the register; see `models.Region`."""

    key: str
    ars: str
    level: str
    type_code: str
    official_name: str
    parent_key: str | None
    population: int | None
    population_as_of: datetime.date | None
    area_ha: int | None
    size_class: int | None
    size_class_is_derived: bool
    postcode: str
    latitude: float | None
    longitude: float | None
    point_basis: str


FIELD_LABELS: Mapping[str, str] = {
    "ars": "Regionalschlüssel",
    "level": "Ebene",
    "type_code": "Art",
    "official_name": "Name",
    "parent_key": "Zugehörigkeit",
    "population": "Einwohnerzahl",
    "population_as_of": "Stand der Einwohnerzahl",
    "area_ha": "Fläche",
    "size_class": "Größenklasse",
    "size_class_is_derived": "Herkunft der Größenklasse",
    "postcode": "Postleitzahl",
    "latitude": "Punkt",
    "longitude": "Punkt",
    "point_basis": "Grundlage des Punktes",
}


@dataclass(frozen=True)
class Comparison:
    """What an edition would do. `after` holds every region of the edition, parents first."""

    after: Mapping[str, Facts]
    new: tuple[Facts, ...]
    changed: tuple[Facts, ...]
    vanished: tuple[Facts, ...]
    unchanged: int
    changed_fields: Mapping[str, int]

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed or self.vanished)


def compare(known: Mapping[str, Facts], edition: RegisterDraft) -> Comparison:
    """Compare by key. What the edition does not say (None, "") stays as it is known."""
    kreis_points = _kreis_points(known.values(), edition.regions)
    after = {
        draft.key: _merged(known.get(draft.key), draft, edition.population_as_of, kreis_points)
        for draft in edition.regions
    }
    both = [(known[key], facts) for key, facts in after.items() if key in known]
    changed = [(old, new) for old, new in both if old != new]
    return Comparison(
        after=after,
        new=tuple(facts for key, facts in after.items() if key not in known),
        changed=tuple(new for _, new in changed),
        vanished=tuple(facts for key, facts in known.items() if key not in after),
        unchanged=len(both) - len(changed),
        changed_fields=_changed_fields(changed),
    )


Point = tuple[float | None, float | None, str]


def _kreis_points(known: Iterable[Facts], drafts: Iterable[RegionDraft]) -> dict[str, Point]:
    points: dict[str, Point] = {}
    both: tuple[Facts | RegionDraft, ...] = (*known, *drafts)
    for one in both:
        if len(one.key) == 5 and one.latitude is not None:
            points[one.key] = (one.latitude, one.longitude, "kreis")
    return points


def _merged(
    old: Facts | None,
    draft: RegionDraft,
    population_as_of: datetime.date | None,
    kreis_points: Mapping[str, Point],
) -> Facts:
    population, counted_on = _population(old, draft, population_as_of)
    size_class, is_derived = _size_class(old, draft, population)
    latitude, longitude, basis = _point(old, draft, kreis_points)
    return Facts(
        key=draft.key,
        ars=draft.ars,
        level=draft.level,
        type_code=draft.type_code,
        official_name=draft.official_name,
        parent_key=draft.parent_key,
        population=population,
        population_as_of=counted_on,
        area_ha=old.area_ha if draft.area_ha is None and old is not None else draft.area_ha,
        size_class=size_class,
        size_class_is_derived=is_derived,
        postcode=draft.postcode or (old.postcode if old else ""),
        latitude=latitude,
        longitude=longitude,
        point_basis=basis,
    )


def _population(
    old: Facts | None, draft: RegionDraft, counted_on: datetime.date | None
) -> tuple[int | None, datetime.date | None]:
    if draft.population is None:
        return (old.population, old.population_as_of) if old else (None, None)
    # The same number without a date is the same count; another number without a date is a count of unknown day.
    if counted_on is None and old is not None and old.population == draft.population:
        return draft.population, old.population_as_of
    return draft.population, counted_on


def _size_class(old: Facts | None, draft: RegionDraft, population: int | None) -> tuple[int | None, bool]:
    """Data beats derivation: a type that was given is never replaced by what the population suggests."""
    if draft.level != levels.GEMEINDE:
        return None, False
    if draft.size_class is not None:
        return draft.size_class, False
    if old is not None and old.size_class is not None and not old.size_class_is_derived:
        return old.size_class, False
    suggested = suggested_by(population)
    return suggested, suggested is not None


def _point(old: Facts | None, draft: RegionDraft, kreis_points: Mapping[str, Point]) -> Point:
    if draft.latitude is not None:
        return draft.latitude, draft.longitude, draft.point_basis
    if old is not None and old.latitude is not None:
        return old.latitude, old.longitude, old.point_basis
    # A Gemeinde founded since the points were drawn is shown somewhere in its Kreis, and says so.
    if draft.level == levels.GEMEINDE:
        return kreis_points.get(draft.key[:5], (None, None, ""))
    return None, None, ""


def _changed_fields(changed: Iterable[tuple[Facts, Facts]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for old, new in changed:
        counts.update(
            {FIELD_LABELS[f.name] for f in fields(Facts) if getattr(old, f.name) != getattr(new, f.name)}
        )
    return dict(sorted(counts.items()))
