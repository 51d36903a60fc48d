"""Where an estimate stands beside the limits that hold: above, close below, below, or not to be said. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from allmende.procurement.applicable import EU_THRESHOLD, Applicable, Limit, euros, german_day
from allmende.procurement.estimate import Estimated

# One commentary accepts 10 to 15 % as the tolerance of an estimate: closer than that, an estimate decides nothing.
NEAR = Decimal("0.15")

State = Literal["above", "near", "below", "open"]
LABELS: dict[State, str] = {
    "above": "darüber",
    "near": "knapp darunter",
    "below": "darunter",
    "open": "offen",
}


@dataclass(frozen=True, kw_only=True)
class Position:
    """An estimate beside one limit. `open`: the limit is unknown, or the estimate is a least amount below it."""

    limit: Limit
    state: State
    words: str

    @property
    def label(self) -> str:
        return LABELS[self.state]

    def as_data(self) -> dict[str, Any]:
        return {"procedure": self.limit.procedure, "state": self.state, "words": self.words}


def position(total: Decimal, limit: Limit, *, is_complete: bool = True) -> Position:
    """`total` in net euros. A least amount that is above stays above; below a limit it says nothing."""
    within = limit.allows(total)
    if within is None or limit.value is None:
        return Position(limit=limit, state="open", words=limit.words)
    if not within:
        return Position(limit=limit, state="above", words=_above(total, limit))
    if not is_complete:
        words = f"Die bekannten Beträge liegen unter {euros(limit.value)}. Es fehlen Beträge, deshalb bleibt es offen."
        return Position(limit=limit, state="open", words=words)
    if total >= limit.value * (1 - NEAR):
        return Position(limit=limit, state="near", words=_near(total, limit))
    return Position(limit=limit, state="below", words=f"Der Auftragswert liegt unter {euros(limit.value)}.")


def _above(total: Decimal, limit: Limit) -> str:
    value = limit.value or Decimal()
    if limit.procedure == EU_THRESHOLD:
        reached = "erreicht" if total == value else "überschreitet"
        return f"Der Auftragswert {reached} den EU-Schwellenwert von {euros(value)}. Es gilt EU-Vergaberecht."
    return f"Der Auftragswert ist zu hoch für: {limit.label}. Die Grenze liegt bei {euros(value)}."


def _near(total: Decimal, limit: Limit) -> str:
    value = limit.value or Decimal()
    gap = "genau auf der Grenze von" if total == value else "weniger als 15\u00a0% unter der Grenze von"
    if total == value * (1 - NEAR):
        gap = "15\u00a0% unter der Grenze von"
    return (
        f"Der Auftragswert liegt {gap} {euros(value)}. Eine Schätzung kann so weit danebenliegen: Prüfen Sie, ob Sie "
        "das strengere Verfahren wählen."
    )


def positions(estimated: Estimated, applicable: Applicable) -> list[Position]:
    """One for each limit, in the order of the limits; the EU threshold last."""
    return [
        position(estimated.total, limit, is_complete=estimated.is_complete)
        for limit in applicable.every_limit
    ]


def is_above_eu(found: Sequence[Position]) -> bool | None:
    """Whether European law rules; None where it cannot be said."""
    of_eu = next((each for each in found if each.limit.procedure == EU_THRESHOLD), None)
    if of_eu is None or of_eu.state == "open":
        return None
    return of_eu.state == "above"


def record_data(estimated: Estimated, applicable: Applicable) -> dict[str, Any]:
    """What an estimate is kept as: the reckoning, the rules of its day, and where it stood beside each limit."""
    return {
        "schema": 1,
        **estimated.as_data(),
        "rules": applicable.as_data(),
        "positions": [each.as_data() for each in positions(estimated, applicable)],
        "summary": summary(estimated, applicable),
    }


def summary(estimated: Estimated, applicable: Applicable) -> str:
    """One sentence for a heading: amount, day, and whether European law rules."""
    above = is_above_eu(positions(estimated, applicable))
    eu = {
        True: "Der EU-Schwellenwert ist erreicht.",
        False: "Der EU-Schwellenwert ist nicht erreicht.",
        None: "Ob der EU-Schwellenwert erreicht ist, bleibt offen.",
    }[above]
    return f"Geschätzter Auftragswert am {german_day(estimated.day)}: {estimated.words} netto. {eu}"
