"""Places that do not exist, for demo and tests: their keys begin with 99, a Land that does not exist either."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.regions import levels, rules
from allmende.regions.actions import rows
from allmende.regions.comparison import Facts
from allmende.regions.drafts import InventedRegion
from allmende.regions.models import Region
from allmende.regions.queries import known_facts
from allmende.regions.size_classes import suggested_by


@transaction.atomic
def add_invented(places: Sequence[InventedRegion], *, by: Actor, now: datetime.datetime) -> list[Region]:
    """Create invented regions, or bring them up to date; a second time writes nothing. Parents before children.

    Returns the regions in the order given. Raises `Refused` for a key outside of Land 99, an unknown type or a
    missing parent.
    """
    require(rules.may_import(by))
    known = known_facts(invented=True)
    wanted: dict[str, Facts] = {}
    for place in places:
        wanted[place.key] = _facts(place, {**known, **wanted})
    new = [facts for key, facts in wanted.items() if key not in known]
    changed = [facts for key, facts in wanted.items() if key in known and known[key] != facts]
    if new or changed:
        ids = dict(Region.objects.filter(valid_to=None, is_invented=True).values_list("key", "pk"))
        rows.create(new, ids, valid_from={})
        rows.update(changed, ids)
        record(
            "regions.invented",
            subject=("regions", ""),
            by=by,
            now=now,
            data={"new": len(new), "changed": len(changed)},
        )
    found = Region.objects.filter(valid_to=None, is_invented=True, key__in=list(wanted))
    by_key = {region.key: region for region in found.select_related("land", "kreis")}
    return [by_key[place.key] for place in places]


def _facts(place: InventedRegion, known: Mapping[str, Facts]) -> Facts:
    _require_possible(place, known)
    level = levels.level_of(place.key, place.type_code)
    facts = Facts(
        key=place.key,
        ars=_ars(place),
        level=level,
        type_code=place.type_code,
        official_name=place.name,
        parent_key=place.parent_key,
        population=place.population,
        population_as_of=None,
        area_ha=None,
        size_class=place.size_class,
        size_class_is_derived=False,
        postcode=place.postcode,
        latitude=place.latitude,
        longitude=place.longitude,
        point_basis="" if place.latitude is None else "invented",
    )
    if level != levels.GEMEINDE or place.size_class is not None:
        return facts
    suggested = suggested_by(place.population)
    return replace(facts, size_class=suggested, size_class_is_derived=suggested is not None)


def _require_possible(place: InventedRegion, known: Mapping[str, Facts]) -> None:
    if not (place.key.isascii() and place.key.isdecimal() and levels.is_invented_key(place.key)):
        raise Refused(f"Der Schlüssel eines erfundenen Gebietes beginnt mit 99; „{place.key}“ tut das nicht.")
    if len(place.key) not in levels.LEVEL_BY_KEY_LENGTH:
        raise Refused(f"Der Schlüssel {place.key} hat nicht 2, 5, 8 oder 9 Ziffern.")
    if place.type_code not in levels.DESIGNATIONS:
        raise Refused(f"Das Textkennzeichen „{place.type_code}“ ist nicht bekannt.")
    needed = {place.parent_key, *(place.key[:length] for length in (2, 5) if length < len(place.key))} - {
        None
    }
    if (place.parent_key is None and len(place.key) > 2) or not needed <= set(known):
        raise Refused(f"Zu {place.name} ({place.key}) fehlt das Gebiet darüber.")


def _ars(place: InventedRegion) -> str:
    """As real ones are made: Kreis, Verband (0000 where there is none), Gemeinde."""
    if len(place.key) != 8:
        return place.key
    verband = place.parent_key[5:] if place.parent_key and len(place.parent_key) == 9 else "0000"
    return place.key[:5] + verband + place.key[5:]
