"""What the catalogue says about criteria: verdicts from the columns, and for a few subjects the words and the source.

The verdict is always that of `judging`; here it only gets its sentence, and the value it was read from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allmende.catalogue.models import ConfirmedUse, Listing, Offer, Solution, SolutionText
from allmende.catalogue.models import Statement as Stated
from allmende.catalogue.precedence import Effective, effective_values
from allmende.catalogue.queries.prices import with_prices
from allmende.demand.catalogue_words import About, worded
from allmende.demand.facts import Facts
from allmende.demand.facts_kept import facts, facts_of
from allmende.demand.judging import ONE_OFF, YEARLY, costs, judge
from allmende.demand.statements import (
    WORD_OF,
    Codes,
    Context,
    Statement,
    Subject,
    Wanted,
)


class Catalogue:
    """`statements.Knowing` for the catalogue."""

    def verdicts(self, subjects: Sequence[Subject], wanted: Wanted, context: Context) -> Codes:
        return judge(facts_of(subjects), wanted, context)

    def states(
        self, subjects: Sequence[Subject], wanted: Sequence[Wanted], context: Context
    ) -> Mapping[Subject, Sequence[Statement]]:
        known = facts()
        here = tuple(dict.fromkeys(subject for subject in subjects if subject in known.place))
        if not here or not wanted:
            return {subject: [] for subject in here}
        part = known.part(here)
        verdicts = [judge(part, each, context) for each in wanted]
        loaded = _Loaded.of(here, part, context)
        return {
            subject: [
                worded(each, WORD_OF[int(verdicts[number][place])], loaded.about(subject))
                for number, each in enumerate(wanted)
            ]
            for place, subject in enumerate(here)
        }


@dataclass(frozen=True)
class _Loaded:
    """All rows behind a page of subjects, in a fixed number of queries."""

    solutions: Mapping[str, Solution]
    offers: Mapping[str, Offer]
    by_solution: Mapping[str, Sequence[Offer]]
    effective: Mapping[str, Mapping[str, Effective]]
    uses: Mapping[str, Sequence[ConfirmedUse]]
    documented: Mapping[str, SolutionText]
    yearly: Mapping[Subject, tuple[int, bool]]
    one_off: Mapping[Subject, tuple[int, bool]]
    context: Context

    @classmethod
    def of(cls, subjects: Sequence[Subject], known: Facts, context: Context) -> "_Loaded":
        ids = {subject.solution for subject in subjects}
        solutions = {each.public_id: each for each in Solution.objects.filter(public_id__in=ids)}
        of_key = {each.pk: each.public_id for each in solutions.values()}
        offers = list(
            Offer.objects.filter(solution__in=of_key, state="published").select_related(
                "supplier", "operator", "seller"
            )
        )
        texts = SolutionText.objects.filter(solution__in=of_key).exclude(documentation_url="")
        uses = ConfirmedUse.objects.filter(solution__in=of_key).exclude(state="ended")
        return cls(
            solutions=solutions,
            offers={each.public_id: each for each in with_prices(offers, context.actor)},
            by_solution=_grouped(offers, of_key),
            effective=_effective(of_key),
            uses=_grouped(
                uses.select_related("organisation__region__land").order_by("confirmed_at", "pk"), of_key
            ),
            documented={of_key[text.solution_id]: text for text in texts.order_by("-position")},
            yearly=_costs(subjects, known, YEARLY, context),
            one_off=_costs(subjects, known, ONE_OFF, context),
            context=context,
        )

    def about(self, subject: Subject) -> About:
        return About(
            subject=subject,
            solution=self.solutions[subject.solution],
            offer=self.offers.get(subject.offer),
            effective=self.effective.get(subject.solution, {}),
            uses=self.uses.get(subject.solution, ()),
            offers=self.by_solution.get(subject.solution, ()),
            documented=self.documented.get(subject.solution),
            yearly=self.yearly[subject],
            one_off=self.one_off[subject],
            context=self.context,
        )


def _grouped(rows: Any, of_key: Mapping[int, str]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(of_key[row.solution_id], []).append(row)
    return groups


def _effective(of_key: Mapping[int, str]) -> dict[str, Mapping[str, Effective]]:
    listings = _grouped(Listing.objects.filter(solution__in=of_key).select_related("origin"), of_key)
    stated: dict[str, list[Stated]] = {}
    rows = Stated.objects.filter(listing__solution__in=of_key).exclude(field__startswith="texts.")
    for row in rows.select_related("listing"):
        stated.setdefault(of_key[row.listing.solution_id], []).append(row)
    return {key: effective_values(listings[key], stated.get(key, ())) for key in listings}


def _costs(
    subjects: Sequence[Subject], known: Facts, kinds: tuple[int, ...], context: Context
) -> dict[Subject, tuple[int, bool]]:
    amount, _, says = costs(known, kinds, context)
    rows = known.where(subjects)
    return {subject: (int(amount[row]), bool(says[row])) for subject, row in zip(subjects, rows, strict=True)}
