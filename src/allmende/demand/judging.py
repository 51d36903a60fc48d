"""Whether rows of the catalogue meet a criterion: for all rows at once, from the columns alone.

One function for each criterion of the registry. What nobody says is unknown: a solution without a licence is not
"closed", and one that no town has confirmed is not "unused". What an offer says counts until the day by which its party
was to say that it still holds.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allmende.demand.facts import KINDS, NO_TIER, OTHER_KIND, Facts, Flags, Ints
from allmende.demand.statements import MET, UNKNOWN, UNMET, Codes, Context, Wanted
from allmende.lib.sorting import folded
from allmende.organisations.rules import is_public_administration, is_staff

Judge = Callable[[Facts, Any, Context], Codes]

YEARLY = tuple(KINDS.index(kind) for kind in ("yearly", "monthly", "per_unit_yearly"))
ONE_OFF = tuple(KINDS.index(kind) for kind in ("one_off", "per_unit_one_off"))
PER_UNIT = tuple(KINDS.index(kind) for kind in ("per_unit_yearly", "per_unit_one_off"))
MONTHLY = KINDS.index("monthly")
DAY_RATE = KINDS.index("day_rate")


def judge(facts: Facts, wanted: Wanted, context: Context) -> Codes:
    """Verdicts for all rows; all unknown for a criterion that nobody knows (any more)."""
    known = JUDGES.get(wanted.criterion)
    return known(facts, wanted.value, context) if known else _nothing(facts)


def _nothing(facts: Facts, value: object = None, context: Context | None = None) -> Codes:
    return np.zeros(len(facts.subjects), dtype=np.int8)


def _where(met: Flags, unmet: Flags | bool = False) -> Codes:
    """Unknown where neither holds; what is met is not unmet."""
    return np.where(met, MET, np.where(unmet, UNMET, UNKNOWN)).astype(np.int8)


def _codes(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, (list, tuple)) else [str(value)]


def _one_of(column: str) -> Judge:
    def judged(facts: Facts, value: Any, context: Context) -> Codes:
        coded = facts.coded[column]
        return _where(coded.has_any(_codes(value)), coded.says())

    return judged


def _delivery(facts: Facts, value: Any, context: Context) -> Codes:
    said = _one_of("delivery")(facts, value, context)
    return _while_it_holds(facts, said, context)


def _while_it_holds(facts: Facts, said: Codes, context: Context) -> Codes:
    """What a lapsed offer says is not known any more."""
    return np.where(facts.renew_by < context.today.toordinal(), UNKNOWN, said).astype(np.int8)


def _open_source(facts: Facts, value: Any, context: Context) -> Codes:
    return facts.open_source.copy()


def _flag(column: Callable[[Facts], Flags]) -> Judge:
    def judged(facts: Facts, value: Any, context: Context) -> Codes:
        return _where(column(facts))

    return judged


def _operator_public(facts: Facts, value: Any, context: Context) -> Codes:
    return _while_it_holds(facts, facts.operator, context)


def _support_offered(facts: Facts, value: Any, context: Context) -> Codes:
    return _where(facts.contracted | (facts.supported_until >= context.today.toordinal()))


def _used(column: str, own: Callable[[Context], str]) -> Judge:
    """Some town has confirmed it there; where towns have confirmed it elsewhere only, it is not so."""

    def judged(facts: Facts, value: Any, context: Context) -> Codes:
        code = own(context)
        if not code:
            return _nothing(facts)
        return _where(facts.coded[column].has_any([code]), facts.uses > 0)

    return judged


def _uses_at_least(facts: Facts, value: Any, context: Context) -> Codes:
    return _where(facts.uses >= max(1, int(value)), facts.uses > 0)


def _works_with(facts: Facts, value: Any, context: Context) -> Codes:
    """Met where every system is named; never unmet: nobody lists what does not fit."""
    names = facts.coded["name"]
    met = np.ones(len(facts.subjects), dtype=bool)
    for system in _codes(value):
        met &= names.has_any(named_like(system, list(names.numbers)))
    return _where(met)


def named_like(system: str, names: Sequence[str]) -> list[str]:
    """Folded names that name this system: the same, or, from four letters on, with it as a part ("PostgreSQL mit
    PostGIS")."""
    wanted = folded(system)
    if not wanted:
        return []
    return [name for name in names if name == wanted or (len(wanted) >= 4 and wanted in name)]


# ------------------------------------------------------------------------------------------------------------- prices


def _at_most(kinds: tuple[int, ...]) -> Judge:
    def judged(facts: Facts, value: Any, context: Context) -> Codes:
        amount, is_known, says = costs(facts, kinds, context)
        limit = int(Decimal(str(value)) * 100)
        said = _where(is_known & (amount <= limit), says & (amount > limit))
        return _while_it_holds(facts, said, context)

    return judged


def _free_yearly(facts: Facts, value: Any, context: Context) -> Codes:
    return _at_most(YEARLY)(facts, "0.00", context)


def costs(facts: Facts, kinds: tuple[int, ...], context: Context) -> tuple[Ints, Flags, Flags]:
    """Cents by row for one side of the price, whether that is all of it, and whether any amount is known at all.

    The same as `catalogue.cost.estimate` says of the same rows; what is known of an incomplete price is its least.
    """
    rows, prices = len(facts.subjects), facts.prices
    asked = np.isin(prices.kind, kinds)
    is_open = facts.on_request | (facts.hidden & ~may_see_hidden(facts, context))
    fits, is_lacking = _fitting(facts, context)
    # A kind of price that nobody can reckon with may belong to either side.
    lacking = (asked & is_lacking) | (prices.kind == OTHER_KIND)
    is_open[prices.at[lacking]] = True
    counted = asked & fits
    number = np.where(np.isin(prices.kind, PER_UNIT), context.population or 0, 1)
    number = np.where(prices.kind == MONTHLY, 12, number)
    # Half up to cents, row by row, as the calculator does.
    cents = (prices.amount * number + 50) // 100
    amount = np.zeros(rows, dtype=np.int64)
    visible = counted & ~(facts.hidden & ~may_see_hidden(facts, context))[prices.at]
    np.add.at(amount, prices.at[visible], cents[visible])
    says = np.zeros(rows, dtype=bool)
    says[prices.at[visible]] = True
    return amount, says & ~is_open, says


def _fitting(facts: Facts, context: Context) -> tuple[Flags, Flags]:
    """By price row: whether it counts for this number of inhabitants, and whether its group leaves the price open."""
    prices, population = facts.prices, context.population
    has_tier = (prices.tier_from != NO_TIER) | (prices.tier_to != NO_TIER)
    groups = int(prices.group.max()) + 1 if len(prices.group) else 0
    needs = np.zeros(groups, dtype=bool)
    needs[prices.group[has_tier | np.isin(prices.kind, PER_UNIT)]] = True
    is_known = prices.by_inhabitant & (population is not None)
    within = (np.maximum(prices.tier_from, 0) <= (population or 0)) & (
        (prices.tier_to == NO_TIER) | ((population or 0) < prices.tier_to)
    )
    fits = (~has_tier | within) & (~needs[prices.group] | is_known) if groups else has_tier
    some = np.zeros(groups, dtype=bool)
    some[prices.group[fits]] = True
    lacking = ~some[prices.group] if groups else has_tier
    return fits, lacking & (prices.kind != DAY_RATE)


def may_see_hidden(facts: Facts, context: Context) -> NDArray[np.bool_]:
    """By row whether the actor may see amounts that are for the public administration only."""
    if is_staff(context.actor) or is_public_administration(context.actor):
        return np.ones(len(facts.subjects), dtype=bool)
    return facts.coded["party"].has_any(place for _, place in context.actor.roles if place)


def _size(context: Context) -> str:
    return "" if context.size_class is None else str(context.size_class)


JUDGES: dict[str, Judge] = {
    "open_source": _open_source,
    "licence_known": _flag(lambda facts: facts.licence),
    "delivery_model": _delivery,
    "hosting_in_eu": _nothing,
    "price_free_yearly": _free_yearly,
    "yearly_cost_at_most": _at_most(YEARLY),
    "one_off_cost_at_most": _at_most(ONE_OFF),
    "used_in_size_class": _used("size", _size),
    "used_in_land": _used("land", lambda context: context.land),
    "confirmed_uses_at_least": _uses_at_least,
    "maturity": _one_of("maturity"),
    "maintained": _one_of("maintenance"),
    "interface_language": _one_of("language"),
    "documentation": _flag(lambda facts: facts.documentation),
    "works_with": _works_with,
    "operator_public": _operator_public,
    "support_offered": _support_offered,
    "boundary": _one_of("boundary"),
}
