"""What it would cost: the spread of what the catalogue's offers come to, and of what companies answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Literal

from django.utils import timezone

from allmende.catalogue.cost import Estimate, estimate
from allmende.catalogue.models import Offer
from allmende.catalogue.queries import with_prices
from allmende.demand.matching import context_of
from allmende.exploration.models import Candidate, Case, Question
from allmende.exploration.queries.matrix import Matrix
from allmende.lib.actors import Actor
from allmende.lib.money import to_cents

USUAL_TERM = 48


@dataclass(frozen=True)
class Spread:
    """Smallest, middle and largest of the amounts that are known, net euros; None where none is. `known` of `known` +
    `unknown` companies said it. `basis` says what was counted. `has_confidential`: among them are confidential ones."""

    label: str
    known: int
    unknown: int
    least: Decimal | None
    middle: Decimal | None
    most: Decimal | None
    basis: str
    has_confidential: bool = False


def spread_of(
    label: str, amounts: Sequence[Decimal], unknown: int, basis: str, *, has_confidential: bool = False
) -> Spread:
    """Unknown amounts are counted and never taken for nothing."""
    if not amounts:
        return Spread(label, 0, unknown, None, None, None, basis)
    middle = to_cents(median(amounts))
    return Spread(label, len(amounts), unknown, min(amounts), middle, max(amounts), basis, has_confidential)


def catalogue_prices(case: Case, candidates: Sequence[Candidate], actor: Actor) -> list[Spread]:
    """What the catalogue's offers come to for the town of the need: once, in a year, and over the term.

    Of a candidate's offers the cheapest counts whose price is complete; without such, the candidate is unknown.
    """
    term = case.need.term_months or USUAL_TERM
    people = context_of(case.need, actor, timezone.localdate()).population
    found = [_cheapest(each) for each in _estimates(case, candidates, actor, term, people)]
    complete = [each for each in found if each is not None]
    unknown = len(found) - len(complete)
    basis = _basis(case, term, people)
    return [
        spread_of("Einmalig", [each.one_off for each in complete], unknown, basis),
        spread_of("Im Jahr", [each.yearly for each in complete], unknown, basis),
        spread_of(f"In {term} Monaten", [each.total for each in complete], unknown, basis),
    ]


def _basis(case: Case, term: int, people: int | None) -> str:
    size = "eine nicht bekannte Zahl von" if people is None else f"{people:,}".replace(",", ".")
    term_said = "" if case.need.term_months else " (der Bedarf nennt keine Laufzeit)"
    return (
        f"Preise des Katalogs, netto, für {size} Menschen und {term} Monate{term_said}. Gezählt ist je Kandidat das "
        "günstigste Angebot mit vollständigem Preis."
    )


def _estimates(
    case: Case, candidates: Sequence[Candidate], actor: Actor, term: int, people: int | None
) -> list[list[Estimate]]:
    """For each candidate what its offers come to. A fixed number of queries."""
    solutions = {row.solution_id for row in candidates if row.solution_id}
    rows = Offer.objects.filter(solution__in=solutions, state="published").order_by("pk")
    by_solution: dict[int, list[Offer]] = {}
    for offer in with_prices(rows, actor):
        by_solution.setdefault(offer.solution_id, []).append(offer)
    units = {"inhabitant": people, "user": case.need.users_count}
    return [
        [
            estimate(
                offer.prices.all(),
                units=units,
                term_months=term,
                on_request=offer.on_request,
                minimum_term_months=offer.minimum_term_months,
                are_hidden=offer.prices_are_hidden,
            )
            for offer in _its_own(row, by_solution.get(row.solution_id or 0, []))
        ]
        for row in candidates
    ]


def _its_own(row: Candidate, offers: Sequence[Offer]) -> list[Offer]:
    """The offers of the company that is on the list, or all where none is."""
    if row.company_id is None:
        return list(offers)
    return [each for each in offers if row.company_id in (each.supplier_id, each.operator_id, each.seller_id)]


def _cheapest(estimates: Sequence[Estimate]) -> Estimate | None:
    complete = [each for each in estimates if each.is_complete]
    return min(complete, key=lambda each: each.total, default=None)


def answered_prices(matrix: Matrix) -> list[Spread]:
    """Of each question for an amount, what the companies answered."""
    return [spread for _, spread in answered_costs(matrix)]


# Code of `exploration.prefills` of a question → how often its amount falls due. A town's own question does not say.
RHYTHMS: dict[str, Literal["one_off", "yearly"]] = {"price_one_off": "one_off", "price_yearly": "yearly"}


def answered_costs(matrix: Matrix) -> list[tuple[Question, Spread]]:
    """The questions for an amount, each with what the companies answered."""
    spreads = []
    for row in matrix.questions:
        if row.question.kind != "money":
            continue
        told = [cell for cell in row.cells if cell.value is not None]
        spread = spread_of(
            row.question.text,
            [Decimal(cell.value) for cell in told],
            len(row.cells) - len(told),
            "Angaben der Unternehmen, netto, so wie sie geantwortet haben.",
            has_confidential=any(cell.is_confidential for cell in told),
        )
        spreads.append((row.question, spread))
    return spreads
