"""What the catalogue holds, as somebody may see it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
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
    Solution,
    SolutionTerm,
    SolutionText,
    Statement,
)
from allmende.catalogue.precedence import Effective, effective_values
from allmende.catalogue.queries.own import owner_of
from allmende.catalogue.queries.prices import ANYONE, with_prices
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
    """What a list shows of a solution. Offers come with their prices and without their parties."""

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


# Lists of things that no list shows; reading them takes longer than finding them.
_NOT_ON_CARDS = (
    "platforms",
    "interface_languages",
    "topics",
    "dependencies",
    "contractors",
    "based_on",
    "links",
)


def cards(public_ids: Sequence[str], actor: Actor) -> list[Card]:
    """Cards in the given order; ids that are not visible are left out. Four queries, however many cards."""
    # Visibility asked for each row found: side by side with the ids, SQLite reads every published solution first.
    visible = Exists(visible_to(actor).filter(pk=OuterRef("pk")))
    rows = list(_card_rows(Solution.objects.filter(visible, public_id__in=public_ids)))
    origins: dict[str, list[str]] = {}
    for row in rows:
        origins.setdefault(row.public_id, []).append(row.origin_label)
    found = {row.public_id: row for row in rows}
    keys = [row.pk for row in found.values()]
    texts = _by_solution(SolutionText.objects.filter(solution__in=keys))
    offers = _by_solution(with_prices(Offer.objects.filter(solution__in=keys, state="published"), actor))
    return [
        Card(
            solution=solution,
            texts=texts.get(solution.pk, []),
            confirmed_uses=solution.confirmed,
            claimed_uses=solution.claimed,
            offers=offers.get(solution.pk, []),
            origins=list(dict.fromkeys(filter(None, origins[public_id]))),
        )
        for public_id in public_ids
        if (solution := found.get(public_id))
    ]


def _by_solution(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """What a prefetch does, without the manager that it makes for every solution: a fifth of the time of a card."""
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.solution_id, []).append(row)
    return groups


def _card_rows(solutions: QuerySet[Solution]) -> QuerySet[Any]:
    """One row for each listing of a solution, by rank of the origin, with its label and the numbers of uses."""
    confirmed = ConfirmedUse.objects.filter(solution=OuterRef("pk")).exclude(state="ended")
    told = ConfirmedUse.objects.filter(organisation=OuterRef("organisation"), solution=OuterRef("solution"))
    # What a town has said itself, even that it is over, is not counted as claimed again.
    claimed = ClaimedUse.objects.filter(solution=OuterRef("pk")).filter(~Exists(told))
    return (
        solutions.defer(*_NOT_ON_CARDS)
        .annotate(
            origin_label=F("listings__origin__label"),
            confirmed=_number(confirmed, "pk", of="solution"),
            claimed=_number(claimed, "name", of="solution"),
        )
        .order_by("listings__origin__rank", "listings__pk")
    )


def published_offers() -> QuerySet[Offer]:
    """With their parties and where to ask."""
    return Offer.objects.filter(state="published").select_related("supplier", "operator", "seller", "contact")


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
    owner: Organisation | None = None

    @property
    def text(self) -> SolutionText | None:
        return next(iter(self.texts), None)


def sheet(solution: Solution, actor: Actor = ANYONE) -> Sheet:
    """Load the page of a solution: a fixed number of queries. `actor` decides which prices are in it."""
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
        offers=with_prices(published_offers().filter(solution=solution), actor),
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
        other_values=overruled(effective, statements),
        owner=_owner(listings, solution),
    )


def _owner(listings: Sequence[Listing], solution: Solution) -> Organisation | None:
    """Asked only where an owner has said something: of most entries nobody is."""
    if not any(listing.origin.kind == "owner" for listing in listings):
        return None
    return owner_of(solution)


def overruled(
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
    """What a town uses: what it has confirmed itself, also of entries withdrawn since, and what others say of it."""
    confirmed = ConfirmedUse.objects.filter(
        organisation=organisation, solution__state__in=("published", "withdrawn")
    )
    claimed = (
        ClaimedUse.objects.filter(organisation=organisation, solution__state="published")
        .exclude(solution__in=confirmed.values("solution"))
        .select_related("listing__origin")
    )
    return (
        confirmed.select_related("solution").order_by("solution__sort_name"),
        claimed.select_related("solution").order_by("solution__sort_name"),
    )


def offers_of(organisation: Organisation, actor: Actor = ANYONE) -> list[Offer]:
    """Published offers in which the organisation supplies, operates or sells, with the prices the actor may see."""
    rows = (
        published_offers()
        .filter(Q(supplier=organisation) | Q(operator=organisation) | Q(seller=organisation))
        .filter(solution__state="published")
        .select_related("solution")
        .order_by("solution__sort_name", "title")
    )
    return with_prices(rows, actor)


def towns_with_uses(field: str = "") -> list[tuple[Organisation, int, int]]:
    """Every organisation with a region that uses something, with its confirmed and claimed uses; ended ones apart.

    A use that the town has confirmed or ended is not counted as claimed again. `field`: only solutions of that
    Handlungsfeld. Three queries.
    """
    published: dict[str, Any] = {"solution__state": "published", "organisation__region__isnull": False}
    if field:
        published["solution__in"] = SolutionTerm.objects.filter(scheme="field_of_action", code=field).values(
            "solution"
        )
    # Grouped each on its own: joined in one query, each use would be counted once for every use of the other kind.
    told = ConfirmedUse.objects.filter(organisation=OuterRef("organisation"), solution=OuterRef("solution"))
    confirmed = _by_organisation(ConfirmedUse.objects.filter(**published).exclude(state="ended"))
    claimed = _by_organisation(ClaimedUse.objects.filter(**published).filter(~Exists(told)))
    towns = (
        Organisation.objects.filter(pk__in=confirmed.keys() | claimed.keys())
        .select_related("region__land", "region__kreis")
        .only("public_id", "name", "is_invented", *_NAMED_ON_MAPS)
        .order_by("region__search_name", "pk")
    )
    return [(town, confirmed.get(town.pk, 0), claimed.get(town.pk, 0)) for town in towns]


# What is needed to name a region and to say where it lies; whole rows of thousands of towns take longer.
_NAMED_ON_MAPS = [
    f"{region}__{name}"
    for region in ("region", "region__land", "region__kreis")
    for name in ("key", "name", "level", "type_code", "is_invented")
]


def _by_organisation(uses: QuerySet[Any]) -> dict[int, int]:
    """How many solutions each organisation uses."""
    rows = uses.order_by().values_list("organisation").annotate(number=Count("solution", distinct=True))
    return dict(rows)


def _number(rows: QuerySet[Any], what: str, *, of: str) -> Coalesce:
    """How many different values of `what` a set has for each `of`; each set is counted apart from the others."""
    counted = rows.order_by().values(of).annotate(number=Count(what, distinct=True)).values("number")
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


def providers_called(text: str, *, most: int) -> list[Organisation]:
    """Organisations with published offers that have every word of the text in their name, by name. One query."""
    offers = Offer.objects.filter(state="published", solution__state="published").order_by()
    party = Q(supplier=OuterRef("pk")) | Q(operator=OuterRef("pk")) | Q(seller=OuterRef("pk"))
    found = Organisation.objects.filter(Exists(offers.filter(party)))
    for word in text.split()[:10]:
        found = found.filter(name__icontains=word)
    return list(found.order_by("name", "pk")[:most])


def origins() -> QuerySet[Origin]:
    """Origins by precedence, each with the `number` of published solutions that it lists."""
    listed = Count("listings__solution", filter=Q(listings__solution__state="published"), distinct=True)
    # Grouped queries leave the order of the model aside.
    return Origin.objects.annotate(number=listed).order_by("rank", "label")


def open_suspicions(actor: Actor) -> QuerySet[DuplicateSuspicion]:
    """Pairs that wait for a person, the longest waiting first; nothing for whoever may not decide."""
    if not is_staff(actor):
        return DuplicateSuspicion.objects.none()
    return (
        DuplicateSuspicion.objects.filter(state="open", first__state="published", second__state="published")
        .select_related("first", "second")
        .order_by("found_at", "pk")
    )


def merges(actor: Actor) -> QuerySet[Merge]:
    if not is_staff(actor):
        return Merge.objects.none()
    return Merge.objects.filter(undone_at=None).select_related("source", "target").order_by("-merged_at")


def newest(limit: int) -> list[str]:
    """Public ids of the solutions published last."""
    return list(
        Solution.objects.filter(state="published")
        .order_by("-published_at", "pk")
        .values_list("public_id", flat=True)[:limit]
    )


def use_of(organisation: Organisation, solution: Solution) -> ConfirmedUse | None:
    """What a town has said about its use of a solution so far."""
    return ConfirmedUse.objects.filter(organisation=organisation, solution=solution).first()
