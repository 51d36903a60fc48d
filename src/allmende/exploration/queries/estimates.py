"""The contract value of a case: what was estimated, what may be chosen, and what candidates are known to cost."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allmende.catalogue.cost import Estimate, estimate
from allmende.catalogue.models import Offer
from allmende.catalogue.queries.prices import with_prices
from allmende.catalogue.queries.public import published_offers
from allmende.exploration.models import Candidate, Case, ProcedureChoice, ValueEstimate
from allmende.exploration.steps import StepState
from allmende.lib.actors import Actor
from allmende.procurement.applicable import EU_THRESHOLD
from allmende.procurement.estimate import price_span
from allmende.vocabulary.models import Term
from allmende.vocabulary.queries import current

USUAL_TERM = 48
# Under which rules a procedure exists, by what rules below the EU threshold: `regime` of `award_procedure`.
_BELOW = {
    "limits": frozenset({"national", "any"}),
    "principles": frozenset({"principles", "any"}),
    "unknown": frozenset({"national", "principles", "any"}),
}
_ABOVE = frozenset({"eu", "any"})


def latest_estimate(case: Case) -> ValueEstimate | None:
    """The one that was made last. By its row and not its time: a clock may be set back."""
    return ValueEstimate.objects.filter(case=case).order_by("-pk").first()


def content_of(made: ValueEstimate) -> dict[str, Any]:
    """What was kept of an estimate, as `procurement.positions.record_data` made it, with `basis`."""
    content: dict[str, Any] = json.loads(made.content)
    return content


def procedure_of(case: Case) -> ProcedureChoice | None:
    return ProcedureChoice.objects.filter(case=case).first()


def step_state(case: Case) -> StepState:
    """The step is done once the value is estimated and a procedure is chosen that fits it."""
    made = latest_estimate(case)
    if made is None:
        return StepState("open")
    choice = procedure_of(case)
    if choice is None:
        return StepState("begun", "Der Auftragswert ist geschätzt. Die Verfahrensart ist noch nicht gewählt.")
    if not fits(choice, made):
        return StepState(
            "begun", "Seit der letzten Schätzung passt die Verfahrensart nicht mehr. Wählen Sie neu."
        )
    if not content_of(made)["is_complete"]:
        return StepState("done", "In der Schätzung fehlen Beträge: Der Wert ist ein Mindestwert.")
    return StepState("done")


def fits(choice: ProcedureChoice, made: ValueEstimate) -> bool:
    """Whether the chosen procedure still is one that the rules of the latest estimate know."""
    return choice.procedure in {term.code for term in offered_procedures(made)}


def offered_procedures(made: ValueEstimate) -> list[Term]:
    """Procedures that exist for this value under the rules that were kept with it, in the order of the vocabulary."""
    content = content_of(made)
    regimes = _regimes(content["rules"]["regime"], content["positions"])
    return [
        term
        for term in current().terms("award_procedure")
        if term.extra.get("regime", "any") in regimes
    ]  # fmt: skip


def _regimes(regime: str, positions: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    of_eu = next((each["state"] for each in positions if each["procedure"] == EU_THRESHOLD), "open")
    if of_eu == "above":
        return _ABOVE
    return _BELOW[regime] | _ABOVE if of_eu == "open" else _BELOW[regime]


# ------------------------------------------------------------------------------------- what candidates cost


@dataclass(frozen=True)
class KnownPrice:
    """What one offer of a candidate costs for this town and term, as far as it says; net euros."""

    candidate: Candidate
    offer: Offer
    cost: Estimate

    @property
    def counts(self) -> bool:
        """Whether it is in the span: only what is known in full can be compared."""
        return self.cost.is_complete


@dataclass(frozen=True)
class Span:
    """Smallest, middle and largest of the known prices: once, in a year, and for the whole term."""

    one_off: tuple[Decimal, Decimal, Decimal]
    yearly: tuple[Decimal, Decimal, Decimal]
    total: tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class KnownPrices:
    """Prices of the candidates that are left, with what they rest on. `silent` have no price that can be reckoned."""

    prices: tuple[KnownPrice, ...]
    silent: tuple[Candidate, ...]
    span: Span | None
    term_months: int
    population: int | None
    users: int | None


def known_prices(case: Case, actor: Actor) -> KnownPrices:
    """What the candidates of the case cost that are not dropped, reckoned for its need. A fixed number of queries."""
    candidates = list(case.candidates.exclude(state="dropped").select_related("offer").order_by("pk"))
    offers = _offers_of(candidates, actor)
    need, region = case.need, case.organisation.region
    population = need.population or (region.population if region else None)
    units = {"inhabitant": population, "user": need.users_count}
    term = need.term_months or USUAL_TERM
    prices = tuple(
        KnownPrice(candidate, offer, _cost(offer, units, term))
        for candidate in candidates
        for offer in _matching(candidate, offers)
    )
    told = tuple(each for each in prices if each.cost.has_prices)
    named = {each.candidate.pk for each in told}
    silent = tuple(candidate for candidate in candidates if candidate.pk not in named)
    return KnownPrices(told, silent, _span(told), term, population, need.users_count)


def _offers_of(candidates: Iterable[Candidate], actor: Actor) -> list[Offer]:
    solutions = {candidate.solution_id for candidate in candidates if candidate.solution_id}
    return (
        with_prices(published_offers().filter(solution__in=solutions).order_by("pk"), actor)
        if solutions
        else []
    )


def _matching(candidate: Candidate, offers: Sequence[Offer]) -> list[Offer]:
    """The offer that is on the list, else those of its company, else all of its solution."""
    if candidate.offer_id:
        return [offer for offer in offers if offer.pk == candidate.offer_id]
    of_solution = [offer for offer in offers if offer.solution_id == candidate.solution_id]
    if not candidate.company_id:
        return of_solution
    return [
        offer
        for offer in of_solution
        if candidate.company_id in (offer.supplier_id, offer.operator_id, offer.seller_id)
    ]


def _cost(offer: Offer, units: Mapping[str, int | None], term: int) -> Estimate:
    return estimate(
        offer.prices.all(),
        units=units,
        term_months=term,
        on_request=offer.on_request,
        minimum_term_months=offer.minimum_term_months,
        are_hidden=offer.prices_are_hidden,
    )


def _span(prices: Iterable[KnownPrice]) -> Span | None:
    whole = [each.cost for each in prices if each.counts]
    one_off, yearly, total = (
        price_span(getattr(cost, part) for cost in whole) for part in ("one_off", "yearly", "total")
    )
    return Span(one_off, yearly, total) if one_off and yearly and total else None
