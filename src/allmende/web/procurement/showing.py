"""Rule sets as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from allmende.procurement.applicable import Rule, euros
from allmende.procurement.models import RuleSet, ValueLimit
from allmende.procurement.queries import as_rule


@dataclass(frozen=True)
class Shown:
    """One version with its limits in words, as they are stated and without the cap of a day."""

    rule_set: RuleSet
    rule: Rule
    limits: list[tuple[str, str]]


def shown(sets: Iterable[RuleSet], labels: Mapping[str, str]) -> list[Shown]:
    return [
        Shown(
            each,
            as_rule(each),
            [(labels.get(limit.procedure, limit.procedure), stated(limit)) for limit in each.limits.all()],
        )
        for each in sets
    ]  # fmt: skip


def stated(limit: ValueLimit) -> str:
    """ "bis 100.000 €", "unter 5.000 €", "bis 221.000 €, höchstens bis zum EU-Schwellenwert"."""
    if limit.value is None:
        return "bis zum EU-Schwellenwert"
    if limit.procedure == "eu_threshold":
        return f"ab {euros(limit.value)}"
    capped = ", höchstens bis zum EU-Schwellenwert" if limit.cap_at_eu else ""
    return f"{'bis' if limit.is_inclusive else 'unter'} {euros(limit.value)}{capped}"
