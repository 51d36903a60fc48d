"""What became of needs, counted for everybody: by outcome, Handlungsfeld, size of the town and Land.

Every town that says what became of its need is counted, whoever may read the need: nobody can tell one from the other,
since small numbers are hidden. Invented towns count in the demo only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from allmende.demand.models import Outcome
from allmende.demand.models.outcomes import OUTCOMES
from allmende.demand.small_numbers import total_of, without_small_ones
from allmende.regions.size_classes import SIZE_CLASSES
from allmende.vocabulary.queries import labels

UNSAID = "keine Angabe"


@dataclass(frozen=True)
class Row:
    """`number` is None where it is hidden, because it or a neighbour of it is small."""

    code: str
    label: str
    number: int | None


@dataclass(frozen=True)
class Table:
    """One way to count the same outcomes; rows without any are left out. `total` None: too few to say."""

    code: str
    title: str
    rows: tuple[Row, ...]
    total: int | None

    @property
    def hides(self) -> bool:
        return self.total is None or any(row.number is None for row in self.rows)


def statistics() -> list[Table]:
    """The four tables. Two queries, whatever there is to count."""
    rows = list(_counted())
    return [
        _table("outcome", "Ergebnis", rows, lambda each: each.kind, dict(OUTCOMES)),
        _table(
            "field_of_action",
            "Handlungsfeld",
            rows,
            lambda each: each.need.primary_field,
            labels("field_of_action"),
        ),
        _table(
            "size_class",
            "Größe der Kommune",
            rows,
            _size,
            {str(each.key): each.label for each in SIZE_CLASSES},
        ),
        _table("land", "Land", rows, _land, _laender(rows)),
    ]


def _counted() -> Iterable[Outcome]:
    every = Outcome.objects.select_related("need__organisation__region__land")
    return every if settings.DEMO else every.filter(need__is_invented=False)


def _table(
    code: str,
    title: str,
    rows: Iterable[Outcome],
    group: Callable[[Outcome], str],
    names: Mapping[str, str],
) -> Table:
    counts = Counter(group(each) for each in rows)
    shown = without_small_ones(counts)
    order = [*names, *sorted(set(shown) - set(names))]
    lines = tuple(Row(each, names.get(each, UNSAID), shown[each]) for each in order if each in shown)
    total = total_of(counts)
    return Table(code, title, lines if total is not None else (), total)


def _size(outcome: Outcome) -> str:
    region = outcome.need.organisation.region
    return str(region.size_class) if region and region.size_class else ""


def _land(outcome: Outcome) -> str:
    """A Stadtstaat is its own Land."""
    region = outcome.need.organisation.region
    land = (region.land or region) if region else None
    return land.key if land else ""


def _laender(rows: Iterable[Outcome]) -> dict[str, str]:
    """Those that occur, by name."""
    found = {}
    for outcome in rows:
        region = outcome.need.organisation.region
        if region:
            land = region.land or region
            found[land.key] = land.name
    return dict(sorted(found.items(), key=lambda each: each[1]))
