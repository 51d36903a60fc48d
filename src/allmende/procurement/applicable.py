"""Which rules hold for a town on a day, as plain values: what `queries.rules_for` finds and pages, estimates and the
record of a case show. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

NO_ADVICE = "Das ist ein Hinweis und keine Rechtsberatung."
ENTER_OWN = "Bitte tragen Sie Ihre eigene Wertgrenze ein."
EU_THRESHOLD = "eu_threshold"
PRINCIPLES_BASED = "principles_based"

Regime = Literal["limits", "principles", "unknown"]


def euros(amount: Decimal) -> str:
    """Decimal("216000") → "216.000 €"; cents only where there are any."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{amount:,.{places}f}".translate(str.maketrans(",.", ".,")) + "\u00a0€"


def german_day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One version of a rule set, with what a reader needs to look it up. Both days are included."""

    id: str
    scope: str
    scope_words: str
    title: str
    legal_basis: str
    legal_text: str
    principles: str
    source_title: str
    source_url: str
    as_of: date
    valid_from: date
    valid_to: date | None
    note: str

    @property
    def version(self) -> str:
        """Title with its time and the day it was read: "…, gilt seit 01.01.2025, Stand 31.08.2026"."""
        until = f" bis {german_day(self.valid_to)}" if self.valid_to else ""
        return f"{self.title}, gilt ab {german_day(self.valid_from)}{until}, Stand {german_day(self.as_of)}"

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "scope": self.scope,
            "title": self.title,
            "legal_basis": self.legal_basis,
            "legal_text": self.legal_text,
            "principles": self.principles,
            "source_title": self.source_title,
            "source_url": self.source_url,
            "as_of": self.as_of,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "note": self.note,
        }


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Up to which net amount a procedure is allowed on the day.

    `named` is what the rule itself says, `value` what holds: never more than the EU threshold of the day. None of
    `value`: what holds cannot be said (`words` say why). `is_inclusive`: "bis" – the amount itself is still within.
    """

    procedure: str
    label: str
    named: Decimal | None
    value: Decimal | None
    is_inclusive: bool
    is_capped: bool
    words: str
    rule: Rule

    def allows(self, amount: Decimal) -> bool | None:
        """Whether a contract of that net amount is within; None where the limit is not known."""
        if self.value is None:
            return None
        return amount < self.value or (self.is_inclusive and amount == self.value)

    def as_data(self) -> dict[str, Any]:
        return {
            "procedure": self.procedure,
            "label": self.label,
            "named": self.named,
            "value": self.value,
            "is_inclusive": self.is_inclusive,
            "is_capped": self.is_capped,
            "words": self.words,
            "rule": self.rule.id,
        }


@dataclass(frozen=True, kw_only=True)
class Applicable:
    """What holds for one organisation on one day. `regime` is what rules below the EU threshold.

    `limits` are own ones before those of the Land, smallest first, without the EU threshold (`eu`).
    """

    day: date
    land: str
    land_name: str
    eu: Limit | None
    own: Rule | None
    state: Rule | None
    regime: Regime
    principles: str
    limits: Sequence[Limit] = ()
    warnings: Sequence[str] = ()

    @property
    def every_limit(self) -> list[Limit]:
        return [*self.limits, *([self.eu] if self.eu else [])]

    @property
    def rules(self) -> list[Rule]:
        """The rules that something rests on, each once."""
        found = [self.own, self.state, self.eu.rule if self.eu else None]
        return list({rule.id: rule for rule in found if rule is not None}.values())

    @property
    def governing(self) -> Rule | None:
        """What rules below the EU threshold: the town's own before the Land's."""
        return self.own or self.state

    def as_data(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "land": self.land,
            "land_name": self.land_name,
            "regime": self.regime,
            "principles": self.principles,
            "rules": [rule.as_data() for rule in self.rules],
            "limits": [limit.as_data() for limit in self.every_limit],
            "warnings": list(self.warnings),
            "notice": NO_ADVICE,
        }


# ------------------------------------------------------------------------------------ putting it together


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A limit as a rule set states it, before anything is capped."""

    procedure: str
    value: Decimal | None
    is_inclusive: bool
    cap_at_eu: bool


def eu_limit(rule: Rule, stated: Stated, label: str) -> Limit:
    """The EU threshold: from it on European law rules (§ 106 GWB: "erreicht oder überschreitet")."""
    value = stated.value
    words = f"Ab {euros(value)} gilt EU-Vergaberecht." if value is not None else ""
    return Limit(
        procedure=stated.procedure, label=label, named=value, value=value, is_inclusive=stated.is_inclusive,
        is_capped=False, words=words, rule=rule,
    )  # fmt: skip


def limit_under(stated: Stated, *, rule: Rule, eu: Limit | None, label: str) -> Limit:
    """A limit of a Land or a statute, capped by the EU threshold of the day and explained in one sentence."""
    ceiling = eu.value if eu else None
    value, inclusive, capped = stated.value, stated.is_inclusive, False
    if ceiling is not None and (
        (stated.cap_at_eu and value is None) or (value is not None and value >= ceiling)
    ):
        value, inclusive, capped = ceiling, False, True
    # Whoever says "up to the EU threshold" says nothing on a day whose threshold nobody has entered.
    if eu is None and stated.cap_at_eu:
        value = None
    return Limit(
        procedure=stated.procedure, label=label, named=stated.value, value=value, is_inclusive=inclusive,
        is_capped=capped, words=_in_words(stated, rule, eu, capped=capped), rule=rule,
    )  # fmt: skip


def _in_words(stated: Stated, rule: Rule, eu: Limit | None, *, capped: bool) -> str:
    who = "Ihre eigene Regel" if rule.scope == "own" else "das Land"
    if eu is None and stated.cap_at_eu:
        said = (
            f"{euros(stated.value)} nennt {who}"
            if stated.value is not None
            else f"Bis zum EU-Schwellenwert, sagt {who}"
        )
        return f"{said}; für diesen Tag ist kein EU-Schwellenwert hinterlegt."
    if stated.value is None:
        return (
            f"Bis zum EU-Schwellenwert: weniger als {euros(eu.value)}." if eu and eu.value is not None else ""
        )
    if capped and eu and eu.value is not None:
        since = german_day(eu.rule.valid_from)
        if stated.value == eu.value:
            return f"Bis unter {euros(eu.value)}: Ab diesem Betrag gilt EU-Vergaberecht."
        return f"{euros(stated.value)} nennt {who}; seit {since} gilt höchstens {euros(eu.value)}."
    return f"{'Bis' if stated.is_inclusive else 'Unter'} {euros(stated.value)}."


def merged(own: Sequence[Limit], state: Sequence[Limit]) -> list[Limit]:
    """Own limits stand before the Land's for the same procedure; smallest first, unknown ones last."""
    named = {limit.procedure for limit in own}
    every = [*own, *(limit for limit in state if limit.procedure not in named)]
    return sorted(every, key=lambda limit: (limit.value is None, limit.value or 0, limit.procedure))


def next_threshold_warning(day: date, now_holds: Limit | None, next_one: Limit | None) -> str:
    """What counts is the day on which the procedure begins (§ 3 Abs. 3 VgV): tell of a threshold soon to come."""
    if next_one is None or next_one.value is None or now_holds is None or next_one.value == now_holds.value:
        return ""
    begins = next_one.rule.valid_from
    if not day < begins <= day + timedelta(days=366):
        return ""
    return (
        f"Ab {german_day(begins)} ist der EU-Schwellenwert {euros(next_one.value)}. Maßgeblich ist der Tag, an dem "
        "das Verfahren beginnt (§ 3 Abs. 3 VgV)."
    )
