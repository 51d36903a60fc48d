"""What the catalogue holds, as somebody may see it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from allmende.catalogue.models import (
    ClaimedUse,
    ConfirmedUse,
    DuplicateSuspicion,
    Edition,
    Listing,
    Merge,
    Offer,
    Origin,
    PriceRow,
    Solution,
    SolutionText,
    Statement,
)
from allmende.catalogue.precedence import Effective, effective_values
from allmende.lib.actors import Actor
from allmende.lib.sorting import din5007_key
from allmende.organisations.models import Organisation
from allmende.organisations.rules import is_staff


def visible_to(actor: Actor) -> QuerySet[Solution]:
    """Published solutions for everybody; drafts and withdrawn ones for staff as well."""
    solutions = Solution.objects.exclude(state__in=("merged", "erased"))
    return solutions if is_staff(actor) else solutions.filter(state="published")


def citable() -> QuerySet[Solution]:
    """Whatever has ever been published: its address answers for good, if only with a reason."""
    return Solution.objects.filter(edition_number__gte=1)


def final_target(solution: Solution) -> Solution:
    """The solution that a merged one has become, along any chain of merges."""
    seen = {solution.pk}
    while solution.merged_into is not None and solution.merged_into.pk not in seen:
        solution = solution.merged_into
        seen.add(solution.pk)
    return solution


@dataclass(frozen=True)
class Card:
    """What a list shows of a solution."""

    solution: Solution
    texts: Sequence[SolutionText]
    confirmed_uses: int
    claimed_uses: int
    offers: Sequence[Offer]
    origins: Sequence[str]

    @property
    def text(self) -> SolutionText | None:
        """German words first, then English, then any."""
        return next(iter(self.texts), None)


def cards(public_ids: Sequence[str], actor: Actor) -> list[Card]:
    """Cards in the given order; ids that are not visible are left out. Five queries, however many cards."""
    found = {
        solution.public_id: solution
        for solution in visible_to(actor)
        .filter(public_id__in=public_ids)
        .prefetch_related(
            "texts",
            Prefetch("offers", published_offers().prefetch_related("prices")),
            Prefetch("listings", Listing.objects.select_related("origin").order_by("origin__rank", "pk")),
        )
        .annotate(
            confirmed=Count("confirmed_uses", filter=~Q(confirmed_uses__state="ended"), distinct=True),
            claimed=Count("claimed_uses__name", distinct=True),
        )
    }
    return [
        Card(
            solution=solution,
            texts=list(solution.texts.all()),
            confirmed_uses=solution.confirmed,
            claimed_uses=solution.claimed,
            offers=list(solution.offers.all()),
            origins=list(dict.fromkeys(listing.origin.label for listing in solution.listings.all())),
        )
        for public_id in public_ids
        if (solution := found.get(public_id))
    ]


def published_offers() -> QuerySet[Offer]:
    return Offer.objects.filter(state="published").select_related("supplier", "operator", "seller")


@dataclass(frozen=True)
class Sheet:
    """Everything that a solution's page shows, loaded at once."""

    solution: Solution
    texts: Sequence[SolutionText]
    terms: Mapping[str, Sequence[str]]
    offers: Sequence[Offer]
    confirmed_uses: Sequence[ConfirmedUse]
    claimed_uses: Sequence[ClaimedUse]
    listings: Sequence[Listing]
    effective: Mapping[str, Effective]
    other_values: Mapping[str, Sequence[Statement]] = field(default_factory=dict)

    @property
    def text(self) -> SolutionText | None:
        return next(iter(self.texts), None)


def sheet(solution: Solution) -> Sheet:
    """Load the page of a solution: a fixed number of queries."""
    listings = list(
        Listing.objects.filter(solution=solution)
        .select_related("origin")
        .prefetch_related("contacts")
        .order_by("pk")
    )
    statements = list(
        Statement.objects.filter(listing__in=listings).select_related("listing__origin").order_by("pk")
    )
    effective = effective_values(listings, statements)
    terms: dict[str, list[str]] = {}
    for term in solution.terms.all():
        terms.setdefault(term.scheme, []).append(term.code)
    return Sheet(
        solution=solution,
        texts=list(solution.texts.select_related("listing__origin")),
        terms=terms,
        offers=list(published_offers().filter(solution=solution).prefetch_related("prices")),
        confirmed_uses=list(
            solution.confirmed_uses.select_related(
                "organisation__region__parent", "organisation__region__land"
            ).order_by("organisation__name")
        ),
        claimed_uses=list(
            solution.claimed_uses.select_related("organisation__region", "listing__origin").order_by("name")
        ),
        listings=listings,
        effective=effective,
        other_values=_overruled(effective, statements),
    )


def _overruled(
    effective: Mapping[str, Effective], statements: Sequence[Statement]
) -> dict[str, list[Statement]]:
    """What other listings say differently: shown beside the effective value, never silently dropped."""
    others: dict[str, list[Statement]] = {}
    for statement in statements:
        holding = effective[statement.field]
        if holding.listing.pk != statement.listing_id and holding.value != statement.value:
            others.setdefault(statement.field, []).append(statement)
    return others


@dataclass(frozen=True)
class EditionSheet:
    """An edition, read back; `content` is None where it had to be redacted."""

    edition: Edition
    content: Mapping[str, Any] | None


def edition(solution: Solution, number: int) -> EditionSheet | None:
    row = editions(solution).filter(number=number).first()
    if row is None:
        return None
    return EditionSheet(row, json.loads(row.content) if row.content is not None else None)


def editions(solution: Solution) -> QuerySet[Edition]:
    """All editions of a solution, the youngest first."""
    return Edition.objects.filter(subject_type=solution.journal_type, subject_id=solution.public_id).order_by(
        "-number"
    )


def uses_of(organisation: Organisation) -> tuple[QuerySet[ConfirmedUse], QuerySet[ClaimedUse]]:
    """What a town uses: what it has confirmed itself, and what others say of it."""
    confirmed = ConfirmedUse.objects.filter(organisation=organisation, solution__state="published")
    claimed = (
        ClaimedUse.objects.filter(organisation=organisation, solution__state="published")
        .exclude(solution__in=confirmed.values("solution"))
        .select_related("listing__origin")
    )
    return (
        confirmed.select_related("solution").order_by("solution__sort_name"),
        claimed.select_related("solution").order_by("solution__sort_name"),
    )


def offers_of(organisation: Organisation) -> QuerySet[Offer]:
    """Published offers in which the organisation supplies, operates or sells."""
    return (
        published_offers()
        .filter(Q(supplier=organisation) | Q(operator=organisation) | Q(seller=organisation))
        .filter(solution__state="published")
        .select_related("solution", "supplier", "operator", "seller")
        .prefetch_related("prices")
        .order_by("solution__sort_name", "title")
    )


def towns_with_uses(field: str = "") -> list[tuple[Organisation, int, int]]:
    """Every organisation with a region that uses something, with its confirmed and claimed uses; ended ones apart.

    A use that the town has confirmed is not counted as claimed again. `field`: only solutions of that Handlungsfeld.
    One query.
    """
    published = Solution.objects.filter(state="published")
    if field:
        published = published.filter(terms__scheme="field_of_action", terms__code=field)
    confirmed = ConfirmedUse.objects.filter(organisation=OuterRef("pk"), solution__in=published)
    claimed = ClaimedUse.objects.filter(organisation=OuterRef("pk"), solution__in=published).exclude(
        solution__in=ConfirmedUse.objects.filter(organisation=OuterRef(OuterRef("pk"))).values("solution")
    )
    rows = (
        Organisation.objects.filter(region__isnull=False)
        .filter(Exists(ConfirmedUse.objects.filter(organisation=OuterRef("pk"))) | Exists(_claims_of_outer()))
        .annotate(
            confirmed=_number(confirmed.exclude(state="ended"), "pk"), claimed=_number(claimed, "solution")
        )
        .filter(Q(confirmed__gt=0) | Q(claimed__gt=0))
        .select_related("region__land", "region__kreis")
        .order_by("region__search_name", "pk")
    )
    return [(row, row.confirmed, row.claimed) for row in rows]


def _claims_of_outer() -> QuerySet[ClaimedUse]:
    return ClaimedUse.objects.filter(organisation=OuterRef("pk"))


def _number(rows: QuerySet[Any], what: str) -> Coalesce:
    """How many different values of `what` a correlated set has; each set is counted apart from the others."""
    counted = (
        rows.order_by().values("organisation").annotate(number=Count(what, distinct=True)).values("number")
    )
    return Coalesce(Subquery(counted), 0)


def providers() -> list[tuple[Organisation, int]]:
    """Every organisation with published offers and for how many solutions it has some, by name. Two queries."""
    offers = Offer.objects.filter(state="published", solution__state="published").order_by()
    solutions: dict[int, set[int]] = {}
    for solution, *parties in offers.values_list("solution_id", "supplier_id", "operator_id", "seller_id"):
        for party in parties:
            if party is not None:
                solutions.setdefault(party, set()).add(solution)
    known = Organisation.objects.filter(pk__in=solutions).select_related("region")
    return [
        (each, len(solutions[each.pk])) for each in sorted(known, key=lambda each: din5007_key(each.name))
    ]


def origins() -> QuerySet[Origin]:
    """Origins by precedence, each with the `number` of published solutions that it lists."""
    listed = Count("listings__solution", filter=Q(listings__solution__state="published"), distinct=True)
    return Origin.objects.annotate(number=listed)


def open_suspicions(actor: Actor) -> QuerySet[DuplicateSuspicion]:
    """Pairs that wait for a person, the longest waiting first; nothing for whoever may not decide."""
    if not is_staff(actor):
        return DuplicateSuspicion.objects.none()
    return (
        DuplicateSuspicion.objects.filter(state="open")
        .select_related("first", "second")
        .order_by("found_at", "pk")
    )


def merges(actor: Actor) -> QuerySet[Merge]:
    if not is_staff(actor):
        return Merge.objects.none()
    return Merge.objects.filter(undone_at=None).select_related("source", "target").order_by("-merged_at")


def lowest_yearly_price(offer_rows: Sequence[PriceRow]) -> Decimal | None:
    """The smallest amount of all rows that recur every year; None where there is none."""
    return min(
        (row.amount for row in offer_rows if row.kind in ("yearly", "monthly", "per_unit_yearly")),
        default=None,
    )


def newest(limit: int) -> list[str]:
    """Public ids of the solutions published last."""
    return list(
        Solution.objects.filter(state="published")
        .order_by("-published_at", "pk")
        .values_list("public_id", flat=True)[:limit]
    )


def earliest_change() -> Any:
    return Solution.objects.aggregate(first=Min("first_seen_at"))["first"]


def use_of(organisation: Organisation, solution: Solution) -> ConfirmedUse | None:
    """What a town has said about its use of a solution so far."""
    return ConfirmedUse.objects.filter(organisation=organisation, solution=solution).first()
