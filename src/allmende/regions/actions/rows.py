"""Turns facts into rows: many at once, parents first."""

import datetime
from collections.abc import Iterable, Mapping

from allmende.regions import levels, names
from allmende.regions.comparison import Facts
from allmende.regions.models import Region

BATCH = 500
_CHANGEABLE = (
    "ars", "level", "type_code", "name", "official_name", "search_name", "parent", "kreis", "land",
    "population", "population_as_of", "area_ha", "size_class", "size_class_is_derived",
    "postcode", "latitude", "longitude", "point_basis",
)  # fmt: skip


def create(
    facts: Iterable[Facts], ids: dict[str, int], *, valid_from: Mapping[str, datetime.date | None]
) -> None:
    """Insert new regions level by level and add them to `ids` (key → primary key of valid regions)."""
    by_depth: dict[int, list[Region]] = {2: [], 5: [], 9: [], 8: []}
    waiting = list(facts)
    for depth, rows in by_depth.items():
        for one in waiting:
            if len(one.key) == depth:
                row = Region(key=one.key, is_invented=levels.is_invented_key(one.key), **_values(one, ids))
                row.valid_from = valid_from.get(one.key)
                rows.append(row)
        ids.update({row.key: row.pk for row in Region.objects.bulk_create(rows, batch_size=BATCH)})


def update(facts: Iterable[Facts], ids: Mapping[str, int]) -> None:
    """Write regions that changed; each is known and valid."""
    changed = {one.key: one for one in facts}
    rows = list(Region.objects.in_bulk([ids[key] for key in changed]).values())
    for row in rows:
        for field, value in _values(changed[row.key], ids).items():
            setattr(row, field, value)
    # One upsert per batch: `bulk_update` builds a CASE per column and takes ten times as long.
    Region.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_CHANGEABLE
    )


def _values(facts: Facts, ids: Mapping[str, int]) -> dict[str, object]:
    name = names.short_name(facts.official_name)
    return {
        "ars": facts.ars,
        "level": facts.level,
        "type_code": facts.type_code,
        "name": name,
        "official_name": facts.official_name,
        "search_name": names.folded(name),
        "parent_id": facts.parent_key and ids[facts.parent_key],
        "kreis_id": ids[facts.key[:5]] if len(facts.key) > 5 else None,
        "land_id": ids[facts.key[:2]] if len(facts.key) > 2 else None,
        "population": facts.population,
        "population_as_of": facts.population_as_of,
        "area_ha": facts.area_ha,
        "size_class": facts.size_class,
        "size_class_is_derived": facts.size_class_is_derived,
        "postcode": facts.postcode,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "point_basis": facts.point_basis,
    }
