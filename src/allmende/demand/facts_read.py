"""Reading the columns (`facts.Facts`) from the tables: of everything that is published, or of some solutions."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import F
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from allmende.catalogue.models import ConfirmedUse, Offer, PriceRow, Solution, SolutionTerm, SolutionText
from allmende.demand.facts import KINDS, NO_TIER, OTHER_KIND, Coded, Facts, Ints, Prices
from allmende.demand.licences import is_open
from allmende.demand.statements import Subject
from allmende.lib.sorting import folded
from allmende.organisations.roles import PUBLIC_ADMINISTRATION

PUBLIC_OPERATORS = PUBLIC_ADMINISTRATION | {"public_it_provider", "municipal_company"}
SUPPORTING = frozenset({"operation", "consulting", "training", "support"})
# Offers of these kinds come to a solution that one has already.
HELPING = frozenset({"consulting", "training", "support"})
_AT_ONCE = 5_000
NEVER = datetime.date.max.toordinal()

_SOLUTION = (
    "pk",
    "public_id",
    "licence",
    "maturity",
    "boundary",
    "maintenance",
    "platforms",
    "interface_languages",
    "dependencies",
    "contractors",
    "links",
)
_OFFER = (
    "solution_id",
    "pk",
    "public_id",
    "kind",
    "delivery_model",
    "operator__kind",
    "on_request",
    "prices_for",
    "renew_by",
    "supplier__public_id",
    "operator__public_id",
    "seller__public_id",
)


def read(solutions: Collection[str] | None = None) -> Facts:
    """What is published, of these solutions (public ids) or of all, in a fixed number of queries."""
    return _Reading(solutions).facts()


class _Reading:
    """One reading of the tables: rows by solution, then columns."""

    def __init__(self, only: Collection[str] | None) -> None:
        published = Solution.objects.filter(state="published").order_by("pk")
        if only is not None:
            published = published.filter(public_id__in=only)
        self.solutions = list(published.values_list(*_SOLUTION).iterator(chunk_size=_AT_ONCE))
        # All rows of all tables are read in their own order; of a few solutions, by their keys.
        self.some: dict[str, Any] = (
            {} if only is None else {"solution__in": [row[0] for row in self.solutions]}
        )
        offers = Offer.objects.filter(state="published", solution__state="published", **self.some).order_by(
            "pk"
        )
        self.offers: dict[int, list[tuple[Any, ...]]] = {}
        for row in offers.values_list(*_OFFER).iterator(chunk_size=_AT_ONCE):
            self.offers.setdefault(row[0], []).append(row)
        self.rows: list[tuple[int, tuple[Any, ...] | None]] = [
            (number, offer)
            for number, solution in enumerate(self.solutions)
            for offer in (None, *self.offers.get(solution[0], ()))
        ]
        self.number_of = {solution[0]: number for number, solution in enumerate(self.solutions)}
        self.size = len(self.rows)
        self.solution = np.fromiter((number for number, _ in self.rows), dtype=np.int64, count=self.size)

    def facts(self) -> Facts:
        ids = [row[1] for row in self.solutions]
        subjects = tuple(Subject(ids[number], offer[2] if offer else "") for number, offer in self.rows)
        return Facts(
            subjects=subjects,
            place={subject: place for place, subject in enumerate(subjects)},
            solution=self.solution,
            open_source=self._per_solution([_sign(is_open(row[2])) for row in self.solutions], np.int8),
            licence=self._per_solution([row[2] != "" for row in self.solutions], np.bool_),
            documentation=self._per_solution(self._documented(), np.bool_),
            supported_until=self._per_solution(self._supported(), np.int64),
            contracted=self._per_solution([bool(row[9]) for row in self.solutions], np.bool_),
            alone=np.array(
                [offer is not None or self._is_had_alone(number) for number, offer in self.rows], dtype=bool
            ),
            operator=self._per_offer(_operator, 0, np.int8),
            on_request=self._per_offer(lambda offer: offer[6], False, np.bool_),
            hidden=self._per_offer(lambda offer: offer[7] == "administration", False, np.bool_),
            renew_by=self._per_offer(_until, NEVER, np.int64),
            coded=self._coded(),
            uses=self._uses(),
            prices=self._prices(),
        )

    def _per_solution(self, values: Sequence[Any], kind: Any) -> NDArray[Any]:
        if not values:
            return np.zeros(0, dtype=kind)
        return np.array(values, dtype=kind)[self.solution]

    def _per_offer(self, value: Callable[[tuple[Any, ...]], Any], without: Any, kind: Any) -> NDArray[Any]:
        return np.array([value(offer) if offer else without for _, offer in self.rows], dtype=kind)

    def _is_had_alone(self, number: int) -> bool:
        key, licence = self.solutions[number][0], self.solutions[number][2]
        return is_open(licence) is True or all(offer[3] in HELPING for offer in self.offers.get(key, ()))

    def _documented(self) -> list[bool]:
        told = set(
            SolutionText.objects.filter(**self.some)
            .exclude(documentation_url="")
            .values_list("solution_id", flat=True)
            .distinct()
        )
        return [
            row[0] in told or any(link.get("kind") == "documentation" for link in row[10])
            for row in self.solutions
        ]

    def _supported(self) -> list[int]:
        return [
            max((_until(offer) for offer in self.offers.get(row[0], ()) if offer[3] in SUPPORTING), default=0)
            for row in self.solutions
        ]

    def _coded(self) -> dict[str, Coded]:
        terms = SolutionTerm.objects.filter(solution__state="published", **self.some)
        by_scheme: dict[str, list[tuple[int, str]]] = {}
        schemes = ("delivery_model", "field_of_action", "solution_type")
        for scheme, solution, code in (
            terms.filter(scheme__in=schemes)
            .order_by("position", "pk")
            .values_list("scheme", "solution_id", "code")
            .iterator(chunk_size=_AT_ONCE)
        ):
            by_scheme.setdefault(scheme, []).append((solution, code))
        own = [(place, number) for place, (number, offer) in enumerate(self.rows) if offer is None]
        own_place = {self.solutions[number][0]: place for place, number in own}
        # How an offer is run is its own word; how a solution can be run, its entry's.
        delivery = [
            (own_place[pk], code) for pk, code in by_scheme.get("delivery_model", ()) if pk in own_place
        ]
        delivery += [(place, offer[4]) for place, (_, offer) in enumerate(self.rows) if offer and offer[4]]
        sizes, laender = self._places_of_use()
        return {
            "delivery": Coded.of(delivery, self.size),
            "field": self._spread(by_scheme.get("field_of_action", ())),
            "type": self._spread(by_scheme.get("solution_type", ())),
            "maturity": self._spread((row[0], row[3]) for row in self.solutions if row[3]),
            "boundary": self._spread((row[0], row[4]) for row in self.solutions if row[4]),
            "maintenance": self._spread((row[0], row[5]) for row in self.solutions if row[5]),
            "language": self._spread(
                (row[0], code) for row in self.solutions for code in languages_in(row[7])
            ),
            "name": self._spread(
                (row[0], name) for row in self.solutions for name in names_in(row[6], row[8], row[10])
            ),
            "size": self._spread(sizes),
            "land": self._spread(laender),
            "party": Coded.of(
                (
                    (place, party)
                    for place, (_, offer) in enumerate(self.rows)
                    if offer
                    for party in set(filter(None, offer[9:12]))
                ),
                self.size,
            ),
        }

    def _spread(self, pairs: Iterable[tuple[int, str]]) -> Coded:
        """Codes of solutions (by their keys) on all rows of each."""
        firsts = np.searchsorted(self.solution, np.arange(len(self.solutions) + 1))
        return Coded.of(
            (
                (place, code)
                for pk, code in pairs
                if pk in self.number_of
                for place in range(firsts[self.number_of[pk]], firsts[self.number_of[pk] + 1])
            ),
            self.size,
        )

    def _confirmed(self) -> list[tuple[int, int | None, str]]:
        rows = (
            ConfirmedUse.objects.filter(**self.some)
            .exclude(state="ended")
            .annotate(land_key=Coalesce(F("organisation__region__land__key"), F("organisation__region__key")))
        )
        return list(rows.values_list("solution_id", "organisation__region__size_class", "land_key"))

    def _places_of_use(self) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        self.confirmed = self._confirmed()
        sizes = [(pk, str(size)) for pk, size, _ in self.confirmed if size is not None]
        return sizes, [(pk, land) for pk, _, land in self.confirmed if land]

    def _uses(self) -> Ints:
        counted = np.zeros(len(self.solutions), dtype=np.int64)
        for pk, _, _ in self.confirmed:
            if pk in self.number_of:
                counted[self.number_of[pk]] += 1
        return counted[self.solution] if self.size else counted

    def _of_offers(self) -> dict[str, Any]:
        return {f"offer__{name}": keys for name, keys in self.some.items()}

    def _prices(self) -> Prices:
        place = {offer[1]: at for at, (_, offer) in enumerate(self.rows) if offer}
        groups: dict[tuple[int, int, str], int] = {}
        kinds = {kind: number for number, kind in enumerate(KINDS)}
        columns: list[tuple[int, ...]] = []
        rows = PriceRow.objects.filter(offer__state="published", **self._of_offers()).order_by(
            "offer_id", "position"
        )
        names = ("offer_id", "kind", "unit", "amount", "tier_from", "tier_to")
        for offer, kind, unit, amount, low, high in rows.values_list(*names).iterator(chunk_size=_AT_ONCE):
            if offer not in place:
                continue
            row, number = place[offer], kinds.get(kind, OTHER_KIND)
            same = groups.setdefault((row, number, unit), len(groups))
            tiers = (NO_TIER if low is None else low, NO_TIER if high is None else high)
            columns.append(
                (row, same, number, unit == "inhabitant", unit != "", int(amount * 10_000), *tiers)
            )
        table = np.array(columns, dtype=np.int64).reshape(-1, 8)
        at, group, kind, inhabitant, has_unit, amount, lowest, highest = table.T
        return Prices(at, group, kind, inhabitant > 0, has_unit > 0, amount, lowest, highest)


def languages_in(codes: Iterable[str]) -> set[str]:
    """Codes as they stand and without what follows the language: who speaks "de-AT" speaks "de"."""
    return {part for code in codes for part in (code.lower(), code.split("-")[0].lower())}


def names_in(
    platforms: Sequence[str], dependencies: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]]
) -> set[str]:
    """What a solution names as needed or worked with, folded: dependencies, platforms and labels of links."""
    told = [*platforms, *(each["name"] for each in dependencies)]
    told += [link["label"] for link in links if link.get("label")]
    return {name for each in told if (name := folded(each))}


def _until(offer: Sequence[Any]) -> int:
    return offer[8].toordinal() if offer[8] else NEVER


def _sign(known: bool | None) -> int:
    return 0 if known is None else 1 if known else -1


def _operator(offer: Sequence[Any]) -> int:
    if offer[5] is None:
        return 0
    return 1 if offer[5] in PUBLIC_OPERATORS else -1
