""" "Was kostet das für uns?": what the price rows of an offer come to for one town and one term.

Pure arithmetic on price rows. What the rows do not say is said as unknown and never counted as nothing.
Amounts are net euros; a term is in months. Not a contract value after § 3 VgV: that is the exploration's task.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from allmende.lib.money import to_cents

UNITS_IN_WORDS = {
    "inhabitant": "Einwohnerinnen und Einwohner",
    "user": "Nutzende",
    "device": "Geräte",
    "case": "Fälle",
    "day": "Tage",
}
# Where there are amounts that this reader may not see.
HIDDEN = "Preise sieht die öffentliche Verwaltung nach Anmeldung."
_LABELS = {
    "one_off": "einmalig",
    "yearly": "jährlich",
    "monthly": "monatlich",
    "per_unit_yearly": "jährlich je Einheit",
    "per_unit_one_off": "einmalig je Einheit",
}
_YEARLY = frozenset({"yearly", "monthly", "per_unit_yearly"})
_ONE_OFF = frozenset({"one_off", "per_unit_one_off"})


class Row(Protocol):
    """A price row, stored or handed in. `amount` is net euros; a tier holds for `tier_from` ≤ units < `tier_to`."""

    kind: str
    amount: Decimal
    tier_from: int | None
    tier_to: int | None
    note: str

    @property
    def unit(self) -> str | None: ...


@dataclass(frozen=True)
class Line:
    """One row, worked out: what it comes to once or in a year, in cents, and how."""

    label: str
    how: str
    one_off: Decimal
    yearly: Decimal


@dataclass(frozen=True)
class Estimate:
    """What an offer costs as far as its rows say. `one_off`, `yearly` and `total` are sums of the known rows only.

    `unknown` names in German sentences what is not in the sums; where it is not empty, the real price is higher
    or not known at all. `has_prices` is False where no row could be worked out: then the sums mean nothing.
    """

    lines: tuple[Line, ...]
    one_off: Decimal
    yearly: Decimal
    total: Decimal
    term_months: int
    unknown: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def has_prices(self) -> bool:
        return bool(self.lines)

    @property
    def is_complete(self) -> bool:
        return self.has_prices and not self.unknown


def estimate(
    rows: Iterable[Row],
    *,
    units: Mapping[str, int | None],
    term_months: int,
    on_request: bool = False,
    minimum_term_months: int | None = None,
    are_hidden: bool = False,
) -> Estimate:
    """Work out price rows for numbers of units (`{"inhabitant": 6000, "user": None}`; None: not known) and a term.

    `are_hidden`: there are amounts that the reader may not see. Raises ValueError for a term below one month or a
    negative number: a form has to refuse these.
    """
    if term_months < 1 or any(number is not None and number < 0 for number in units.values()):
        raise ValueError("a term has at least one month, and no number of units is negative")
    rows = list(rows)
    lines, unknown, notes = _work_out(rows, units)
    if are_hidden:
        unknown.append(HIDDEN)
    elif on_request:
        unknown.append("Preise nennt der Anbieter auf Anfrage.")
    elif not lines and not unknown and not notes:
        unknown.append("Zum Preis gibt es keine Angabe.")
    if lines and not unknown:
        unknown += _silent(rows)
    if minimum_term_months and term_months < minimum_term_months:
        notes.append(f"Das Angebot läuft mindestens {minimum_term_months} Monate; so lange ist gerechnet.")
        term_months = minimum_term_months
    one_off = sum((line.one_off for line in lines), Decimal())
    yearly = sum((line.yearly for line in lines), Decimal())
    total = to_cents(one_off + yearly * term_months / 12)
    return Estimate(tuple(lines), one_off, yearly, total, term_months, _once(unknown), _once(notes))


def _silent(rows: Sequence[Row]) -> list[str]:
    """An offer that names only one side of its price leaves the other open, and that is not zero."""
    kinds = {row.kind for row in rows}
    silent = []
    if not kinds & _ONE_OFF:
        silent.append("Zu einmaligen Kosten sagt das Angebot nichts.")
    if not kinds & _YEARLY:
        silent.append("Zu laufenden Kosten sagt das Angebot nichts.")
    return silent


def _once(sentences: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


def _work_out(
    rows: Sequence[Row], units: Mapping[str, int | None]
) -> tuple[list[Line], list[str], list[str]]:
    lines: list[Line] = []
    unknown: list[str] = []
    notes: list[str] = []
    for key, group in _tiers(rows).items():
        kind, unit = key
        if kind == "day_rate":
            notes.append(
                "Tagessätze sind genannt, aber nicht in der Summe: Die Zahl der Tage hängt vom Auftrag ab."
            )
            continue
        if kind not in _LABELS:
            # A kind that the operator has added to the vocabulary: shown, but not to be reckoned with.
            unknown.append("Das Angebot nennt auch einen Preis anderer Art, der nicht in der Summe ist.")
            continue
        number = units.get(unit) if unit else None
        needs_number = kind.startswith("per_unit") or any(_has_tier(row) for row in group)
        if needs_number and number is None:
            unknown.append(
                f"Der Preis hängt ab von: {UNITS_IN_WORDS.get(unit, unit)}. Geben Sie diese Zahl an."
            )
            continue
        fitting = [row for row in group if _fits(row, number)]
        if not fitting:
            unknown.append(
                f"Für {_count(number)} {UNITS_IN_WORDS.get(unit, unit)} nennt das Angebot keinen Preis."
            )
        lines += [_line(row, kind, unit, number) for row in fitting]
    return lines, unknown, notes


def _tiers(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.kind, row.unit or ""), []).append(row)
    return groups


def _has_tier(row: Row) -> bool:
    return row.tier_from is not None or row.tier_to is not None


def _fits(row: Row, number: int | None) -> bool:
    if not _has_tier(row):
        return True
    if number is None:
        return False
    return (row.tier_from or 0) <= number and (row.tier_to is None or number < row.tier_to)


def _line(row: Row, kind: str, unit: str, number: int | None) -> Line:
    amount, how = row.amount, f"{_euro(row.amount)} {_LABELS[kind]}"
    if kind.startswith("per_unit"):
        amount = row.amount * (number or 0)
        how = f"{_euro(row.amount)} × {_count(number)} {UNITS_IN_WORDS.get(unit, unit)}"
    if kind == "monthly":
        amount, how = row.amount * 12, f"{_euro(row.amount)} × 12 Monate"
    amount = to_cents(amount)
    is_yearly = kind in _YEARLY
    return Line(
        label=row.note or _LABELS[kind],
        how=how,
        one_off=Decimal() if is_yearly else amount,
        yearly=amount if is_yearly else Decimal(),
    )


def _count(number: int | None) -> str:
    return f"{number or 0:,}".replace(",", ".")


def _euro(amount: Decimal) -> str:
    """As Germans write it; fractions of a cent stay, since prices per inhabitant are often that small."""
    digits = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{digits}f}".replace(",", "§").replace(".", ",").replace("§", ".") + " €"
