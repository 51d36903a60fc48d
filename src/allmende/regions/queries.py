"""Look-ups and sets of regions. Invented regions appear only where the demo runs, or where they are asked for."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from allmende.regions import levels, names, projection
from allmende.regions.comparison import Facts
from allmende.regions.models import Region, RegionSuccession, RegisterEdition
from allmende.regions.size_classes import SIZE_CLASSES, SizeClass

# The row of a Kreis that is one town repeats that town.
LOOKED_UP_LEVELS = (levels.GEMEINDE, levels.LAND, levels.KREIS, levels.GEMEINDEVERBAND)
MAX_TEXT = 80
MAX_CANDIDATES = 50
_DESIGNATION_WORDS = frozenset(
    word
    for label in (*levels.DESIGNATIONS.values(), "Gemeinde", "Hansestadt")
    for word in names.folded(label).split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that a text may mean, with what tells it from others of that name."""

    region: Region
    label: str

    @property
    def key(self) -> str:
        return self.region.key


@dataclass(frozen=True, slots=True)
class Dot:
    """A region in the drawing of `projection`; an invented one lies in the inset."""

    key: str
    x: float
    y: float
    is_invented: bool = False


# ------------------------------------------------------------------------------------------------------- sets


def valid(*, with_invented: bool | None = None) -> QuerySet[Region]:
    """Regions that are, with Land and Kreis at hand. `with_invented`: None means where the demo runs."""
    regions = Region.objects.filter(valid_to=None).select_related("land", "kreis")
    shown = settings.DEMO if with_invented is None else with_invented
    return regions if shown else regions.filter(is_invented=False)


def municipalities(*, with_invented: bool | None = None) -> QuerySet[Region]:
    """All valid Gemeinden, those that are a Kreis or a Land as well among them, by name."""
    return valid(with_invented=with_invented).filter(level=levels.GEMEINDE)


def laender(*, with_invented: bool | None = None) -> QuerySet[Region]:
    """The valid Länder by key."""
    return valid(with_invented=with_invented).filter(level=levels.LAND).order_by("key")


def children(region: Region) -> QuerySet[Region]:
    """What belongs directly to a region and is valid, by name."""
    return valid(with_invented=region.is_invented or None).filter(parent=region)


def municipalities_in(region: Region) -> QuerySet[Region]:
    """All valid Gemeinden in the territory of a region, by name; of a Gemeinde: itself."""
    inside = {
        levels.LAND: Q(land=region),
        levels.KREIS: Q(kreis=region),
        levels.KREISFREIE_STADT: Q(kreis=region),
        levels.GEMEINDEVERBAND: Q(parent=region),
        levels.GEMEINDE: Q(pk=region.pk),
    }[region.level]
    return municipalities(with_invented=region.is_invented or None).filter(inside)


def size_classes() -> tuple[SizeClass, ...]:
    """The classes of the BBSR, the largest first."""
    return SIZE_CLASSES


# --------------------------------------------------------------------------------------------------- look-ups


def by_key(key: str, *, with_invented: bool | None = None) -> Region | None:
    """The region with this key; where none is valid any more, the one that had it last."""
    regions = Region.objects.filter(key=key).select_related("land", "kreis")
    if not (settings.DEMO if with_invented is None else with_invented):
        regions = regions.filter(is_invented=False)
    return regions.order_by(F("valid_to").desc(nulls_first=True)).first()


def by_ags(ags: str, *, with_invented: bool | None = None) -> Region | None:
    """The Gemeinde with this AGS (8 digits), as `by_key` finds it; None for the key of anything else."""
    return by_key(ags, with_invented=with_invented) if len(ags) == 8 else None


def look_up(
    text: str,
    *,
    only: Collection[str] = LOOKED_UP_LEVELS,
    limit: int = 20,
    with_invented: bool | None = None,
) -> list[Candidate]:
    """Regions that a person may mean: by key, by post code of the seat, or by words of the name.

    Words may be begun only, ä may be written ae, and Land or Kreis may follow the name: `neustadt hessen`. The whole
    name comes first, then names that begin like this, each by population. At most `MAX_CANDIDATES`.
    """
    regions = valid(with_invented=with_invented).filter(level__in=only)
    text = text[:MAX_TEXT].strip()
    limit = max(0, min(limit, MAX_CANDIDATES))
    digits = text.replace(" ", "")
    if digits.isascii() and digits.isdecimal():
        found = list(_by_number(regions, digits)[:limit])
    else:
        found = _by_words(regions, names.folded(text).split(), limit)
    return [Candidate(region, label(region)) for region in found]


# What stands before a name in running text, and what it is then a name of.
_SAID_BEFORE = (
    ("gemeinde", levels.GEMEINDE),
    ("markt", levels.GEMEINDE),
    ("stadt", levels.GEMEINDE),
    ("hansestadt", levels.GEMEINDE),
    ("landeshauptstadt", levels.GEMEINDE),
    ("universitaetsstadt", levels.GEMEINDE),
    ("kreisstadt", levels.GEMEINDE),
    ("landkreis", levels.KREIS),
    ("kreis", levels.KREIS),
    ("amt", levels.GEMEINDEVERBAND),
    ("samtgemeinde", levels.GEMEINDEVERBAND),
    ("verbandsgemeinde", levels.GEMEINDEVERBAND),
)


def named_for_sure(text: str) -> Region | None:
    """The one region that a foreign text can only mean: "Stadt Angermünde", "Landkreis Havelland".

    The German word for what it is has to stand before the whole name, and only one valid region may have that name.
    "Essen" alone, "City of Munich" and "Stadt Neustadt" are not sure enough and give None.
    """
    designation, _, name = names.folded(text[:MAX_TEXT]).partition(" ")
    level = dict(_SAID_BEFORE).get(designation)
    if level is None or not name:
        return None
    # A harvest asks this thousands of times and mostly in vain: keys alone, and in any order.
    named = valid(with_invented=False).filter(level=level, search_name=name).order_by()
    found = list(named.values_list("pk", flat=True)[:2])
    return named.get(pk=found[0]) if len(found) == 1 else None


def _by_number(regions: QuerySet[Region], digits: str) -> QuerySet[Region]:
    # The key of a Kreis that is one town means that town.
    match = Q(key=digits) | Q(ars=digits) | Q(kreis__key=digits, kreis__level=levels.KREISFREIE_STADT)
    if len(digits) <= 5:
        match |= Q(postcode__startswith=digits)
    else:
        match |= Q(key__startswith=digits)
    return regions.filter(match).order_by("key")


def _by_words(regions: QuerySet[Region], words: list[str], limit: int) -> list[Region]:
    if not words:
        return []
    found = list(_named(regions, words)[:limit])
    if not found and len(words) > 1 and words[0] in _DESIGNATION_WORDS:
        return _by_words(regions, words[1:], limit)
    return found


def _named(regions: QuerySet[Region], words: list[str]) -> QuerySet[Region]:
    phrase = " ".join(words)
    match = _word_in("search_name", words[0])
    for word in words[1:]:
        match &= (
            _word_in("search_name", word)
            | _word_in("kreis__search_name", word)
            | _word_in("land__search_name", word)
        )
    rank = Case(
        When(search_name=phrase, then=Value(0)),
        When(search_name__startswith=phrase, then=Value(1)),
        When(search_name=words[0], then=Value(2)),
        When(search_name__startswith=words[0], then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    # Towns are what people look for most; what carries their name comes after them.
    level = Case(
        *(When(level=code, then=Value(place)) for place, code in enumerate(LOOKED_UP_LEVELS)),
        default=Value(len(LOOKED_UP_LEVELS)),
        output_field=IntegerField(),
    )
    return regions.filter(match).order_by(rank, level, F("population").desc(nulls_last=True), "key")


def _word_in(field: str, word: str) -> Q:
    return Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})


# ----------------------------------------------------------------------------------------------------- labels


def label(region: Region) -> str:
    """A name that cannot be mistaken: `Neustadt, Landkreis Vechta, Niedersachsen`. Needs `land` and `kreis` loaded."""
    text = f"{region.title}, {_where(region)}"
    return f"{text} (erfunden)" if region.is_invented else text


def _where(region: Region) -> str:
    if region.level == levels.LAND:
        return "Land"
    assert region.land is not None  # noqa: S101  (held by a constraint; tells the type checker)
    if region.level == levels.GEMEINDE and region.is_city_state:
        return "Stadtstaat"
    if region.is_kreisfrei:
        return f"{region.designation[0].lower()}{region.designation[1:]}, {region.land.name}"
    return ", ".join(above.title for above in (region.kreis, region.land) if above is not None)


def labels(regions: Iterable[Region]) -> dict[int, str]:
    """Labels by primary key: the name alone where it is unique among all Gemeinden, else with Kreis and Land.

    One query, whatever the number of regions.
    """
    regions = list(regions)
    ambiguous = ambiguous_names(region.name for region in regions)
    return {
        region.pk: label(region) if region.name in ambiguous or region.is_invented else region.title
        for region in regions
    }


def ambiguous_names(some: Iterable[str] | None = None) -> frozenset[str]:
    """Names that more than one valid Gemeinde has; only among `some` names where given."""
    gemeinden = municipalities()
    if some is not None:
        gemeinden = gemeinden.filter(name__in=set(some))
    counts = Counter(gemeinden.order_by().values_list("name", flat=True))
    return frozenset(name for name, count in counts.items() if count > 1)


# ---------------------------------------------------------------------------------------------------- lineage


def lineage(region: Region) -> list[Region]:
    """A region and what lies above it, up to the Land; every territory that decides for itself appears once.

    The row of a Kreis that is one town is left out where the town itself is there. A city state is two regions,
    Gemeinde and Land, and the Land once.
    """
    chain, current = [region], region.parent
    while current is not None:
        if not (current.level == levels.KREISFREIE_STADT and chain[-1].level == levels.GEMEINDE):
            chain.append(current)
        current = current.parent
    return chain


def successors_of(region: Region) -> list[Region]:
    """What took over from a region, through all confirmed successions, as far as it is valid today; by key.

    A valid region is its own successor. Empty where nobody has confirmed a successor yet.
    """
    found, seen, waiting = {}, {region.pk}, [region]
    while waiting:
        ended = [one for one in waiting if one.valid_to is not None]
        found.update({one.key: one for one in waiting if one.valid_to is None})
        waiting = [one for one in _direct_successors(ended) if one.pk not in seen]
        seen.update(one.pk for one in waiting)
    return [found[key] for key in sorted(found)]


def predecessors_of(region: Region) -> list[Region]:
    """Ended regions that have become part of this one, through all confirmed successions; by key. One query each step.

    What is known of them stands on their own pages.
    """
    found: dict[int, Region] = {}
    waiting = [region.pk]
    while waiting:
        confirmed = RegionSuccession.objects.filter(successor__in=waiting, state="confirmed")
        parts = Region.objects.filter(pk__in=confirmed.values("predecessor")).exclude(valid_to=None)
        fresh = [
            one
            for one in parts.select_related("land", "kreis")
            if one.pk not in found and one.pk != region.pk
        ]
        found |= {one.pk: one for one in fresh}
        waiting = [one.pk for one in fresh]
    return sorted(found.values(), key=lambda one: one.key)


def confirmed_heirs(region: Region) -> frozenset[int]:
    """Primary keys of everything that confirmed successions lead to, from a region on and without it."""
    seen: set[int] = set()
    waiting = [region]
    while waiting:
        waiting = [one for one in _direct_successors(waiting) if one.pk not in seen]
        seen.update(one.pk for one in waiting)
    return frozenset(seen)


def _direct_successors(regions: list[Region]) -> list[Region]:
    if not regions:
        return []
    confirmed = RegionSuccession.objects.filter(predecessor__in=regions, state="confirmed")
    heirs = Region.objects.filter(pk__in=confirmed.values("successor"))
    return list(heirs.select_related("land", "kreis").order_by("key"))


def open_successions() -> QuerySet[RegionSuccession]:
    """Proposals that wait for a person, by key."""
    return RegionSuccession.objects.filter(state="proposed").select_related(
        "predecessor__land", "predecessor__kreis", "successor__land", "successor__kreis"
    )


def ended_without_successor() -> QuerySet[Region]:
    """Vanished regions for which no succession is confirmed, by key: a person has to look."""
    confirmed = RegionSuccession.objects.filter(state="confirmed").values("predecessor")
    return Region.objects.exclude(valid_to=None).exclude(pk__in=confirmed).order_by("key")


# ------------------------------------------------------------------------------------------------------- map


def dots(regions: QuerySet[Region]) -> list[Dot]:
    """The regions that have a point, by key, in the drawing `projection.WIDTH` × `projection.HEIGHT`. One query."""
    rows = regions.order_by("key").values_list("key", "is_invented", "latitude", "longitude")
    placed = [
        (key, is_invented, (lat, lon))
        for key, is_invented, lat, lon in rows
        if lat is not None and lon is not None
    ]
    real = [(key, point) for key, is_invented, point in placed if not is_invented]
    invented = [(key, point) for key, is_invented, point in placed if is_invented]
    inset = projection.project_into(projection.INSET, [point for _, point in invented])
    return [Dot(key, *projection.project(*point)) for key, point in real] + [
        Dot(key, x, y, is_invented=True) for (key, _), (x, y) in zip(invented, inset, strict=True)
    ]


def shape_of_germany(*, step: int = 6) -> str:
    """An SVG path of all Gemeinden as grid cells, the ground on which dots are drawn; kept per edition."""
    edition = present_edition()
    return _shape(edition.public_id if edition else None, step)


@lru_cache(maxsize=4)
def _shape(edition: str | None, step: int) -> str:
    ground = dots(municipalities(with_invented=False))
    return projection.grid_path(((dot.x, dot.y) for dot in ground), step=step)


# --------------------------------------------------------------------------------------------------- register


def present_edition() -> RegisterEdition | None:
    """The edition that is in force: the latest date, and of these the last that was read."""
    return RegisterEdition.objects.order_by("-as_of", "-imported_at", "-pk").first()


def attribution() -> str:
    """What dl-de/by-2-0 asks to be shown with these facts; empty before the first import."""
    edition = present_edition()
    return edition.attribution if edition else ""


def known_facts(*, invented: bool = False) -> Mapping[str, Facts]:
    """All valid regions that are real (or all invented ones) as an edition would give them, by key."""
    fields = [name for name in Facts.__slots__ if name != "parent_key"]
    rows = Region.objects.filter(valid_to=None, is_invented=invented).order_by()
    facts = (
        Facts(**dict(zip(fields, row[:-1], strict=True)), parent_key=row[-1])
        for row in rows.values_list(*fields, "parent__key")
    )
    return {one.key: one for one in facts}
