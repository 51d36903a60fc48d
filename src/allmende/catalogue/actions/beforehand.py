"""What a harvest looks up for many records at once, so that each of them costs few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import connection

from allmende.catalogue.models import Listing, Origin, Solution, SolutionTerm, SolutionText, Statement

Row = TypeVar("Row", Listing, SolutionText, SolutionTerm)


@dataclass
class Known:
    """Everything about one solution that publishing it anew compares with."""

    listings: list[Listing]
    statements: list[Statement]
    texts: list[SolutionText]
    terms: list[SolutionTerm]


@dataclass
class Beforehand:
    """Listings of one origin under the keys that were asked for, and what is known of their solutions.

    Each is handed out once: whoever takes it is going to change it, and the next has to ask the database.
    """

    keys: set[str]
    listings: dict[str, Listing] = field(default_factory=dict)
    solutions: dict[int, Known] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        """Whether `listing` can answer for this key."""
        return key in self.keys

    def listing(self, key: str) -> Listing | None:
        """The listing with its solution; None where the origin has none under this key."""
        self.keys.discard(key)
        return self.listings.pop(key, None)

    def known(self, solution: Solution) -> Known | None:
        """What is known of the solution; afterwards nothing is, and no other listing of it is handed out."""
        for key in [key for key, each in self.listings.items() if each.solution_id == solution.pk]:
            self.keys.discard(key)
            del self.listings[key]
        return self.solutions.pop(solution.pk, None)


def look_ahead(origin: Origin, keys: Collection[str]) -> Beforehand:
    """Load and lock, in the order of the solutions, so that two harvests never wait for each other crosswise."""
    hand_in_in_turn()
    rows = (
        Listing.objects.select_related("solution", "origin")
        .select_for_update(of=("self", "solution"))
        .filter(origin=origin, key__in=keys)
        .order_by("solution_id", "pk")
    )
    listings = {row.key: row for row in rows}
    return Beforehand(set(keys), listings, _known({row.solution_id for row in listings.values()}))


def hand_in_in_turn() -> None:
    """Wait until nobody else hands in a batch: of two that each hold what the other one wants next, the database
    would have to end one. Before any other lock; ends with the transaction. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_BATCHES])


# Any number that nothing else in this database uses.
_BATCHES = 7_294_001


def known_of(solution: Solution) -> Known:
    """The same for one solution."""
    return _known({solution.pk})[solution.pk]


def _known(solutions: set[int]) -> dict[int, Known]:
    if not solutions:
        return {}
    here = {"solution__in": solutions}
    listings = _by_solution(Listing.objects.filter(**here).select_related("origin").order_by("pk"))
    texts, terms = (
        _by_solution(SolutionText.objects.filter(**here)),
        _by_solution(SolutionTerm.objects.filter(**here)),
    )
    statements = _by_listing(Statement.objects.filter(listing__solution__in=solutions))
    return {
        pk: Known(
            listings[pk], [row for each in listings[pk] for row in statements[each.pk]], texts[pk], terms[pk]
        )
        for pk in solutions
    }


def _by_solution(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.solution_id].append(row)
    return found


def _by_listing(rows: Iterable[Statement]) -> dict[int, list[Statement]]:
    found: dict[int, list[Statement]] = defaultdict(list)
    for row in rows:
        found[row.listing_id].append(row)
    return found
