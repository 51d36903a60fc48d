"""The contract value after § 3 VgV: pure arithmetic on what a town expects to pay, with every step told.

Amounts are net euros and exact; only what is shown is rounded to the cent. What nobody knows is said and never counted
as nothing: then the total is a least amount. Whether a limit is passed is the matter of `positions`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from allmende.lib.money import to_cents
from allmende.procurement.applicable import euros

Rhythm = Literal["one_off", "monthly", "quarterly", "yearly"]
RHYTHMS: dict[str, str] = {
    "one_off": "einmalig",
    "monthly": "jeden Monat",
    "quarterly": "jedes Vierteljahr",
    "yearly": "jedes Jahr",
}
_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
# § 3 Abs. 11 Nr. 2 VgV.
MOST_MONTHS = 48
LONGEST_TERM = 600
CHECK = "Prüfen Sie den Wortlaut, bevor Sie sich darauf stützen."


@dataclass(frozen=True)
class Basis:
    """A rule of reckoning with its place in the law. `is_checked`: somebody has read it in the law itself."""

    code: str
    text: str
    source: str
    is_checked: bool = False

    @property
    def words(self) -> str:
        return f"{self.text} ({self.source})" + ("" if self.is_checked else f" {CHECK}")


NET = Basis("net", "Geschätzt ist der voraussichtliche Gesamtwert ohne Umsatzsteuer.", "§ 3 Abs. 1 VgV", True)
WHOLE = Basis(
    "options", "Optionen und Verlängerungen zählen mit, auch wenn sie nie gezogen werden.", "§ 3 Abs. 1 VgV", True
)  # fmt: skip
TOTAL_PRICE = Basis("total_price", "Ein Gesamtpreis zählt für die ganze Laufzeit.", "§ 3 Abs. 1 VgV")
WHOLE_TERM = Basis(
    "whole_term",
    "Ohne Gesamtpreis zählt bei einer Laufzeit bis 48 Monate der Wert der ganzen Laufzeit.",
    "§ 3 Abs. 11 Nr. 1 VgV",
)
TIMES_48 = Basis(
    "times_48",
    "Ohne Gesamtpreis zählt bei unbestimmter Laufzeit oder mehr als 48 Monaten das 48-Fache des Monatswerts.",
    "§ 3 Abs. 11 Nr. 2 VgV",
)
LOTS = Basis("lots", "Alle Lose zählen zusammen.", "§ 3 Abs. 7 VgV")
JOINT = Basis("joint", "Beschaffen mehrere gemeinsam, zählen ihre Bedarfe zusammen.", "§ 3 Abs. 1 und 2 VgV")
NO_SPLITTING = (
    "Teilen Sie einen Auftrag nicht auf, und rechnen Sie ihn nicht klein, um unter einer Grenze zu bleiben "
    "(§ 3 Abs. 2 VgV). Was zusammengehört, zählt zusammen."
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One cost. `amount` in euros, None where nobody knows it; net, or gross with `vat_rate` in percent.

    A gross amount whose rate nobody says counts as unknown. `lot` and `of` (a joint partner) are names.
    """

    label: str
    rhythm: Rhythm
    amount: Decimal | None
    quantity: int = 1
    is_gross: bool = False
    vat_rate: Decimal | None = None
    lot: str = ""
    of: str = ""

    @property
    def net(self) -> Fraction | None:
        """Exact net amount of the line each time it falls due; None where it cannot be said."""
        if self.amount is None or (self.is_gross and self.vat_rate is None):
            return None
        each = Fraction(self.amount) * self.quantity
        return each / (1 + Fraction(self.vat_rate) / 100) if self.is_gross and self.vat_rate else each


@dataclass(frozen=True, kw_only=True)
class Part:
    """One line, worked out. `value` is its share of the total to the cent, None where it is unknown."""

    line: Line
    role: Literal["main", "option", "joint"]
    months: int | None
    value: Decimal | None
    how: str


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """A contract value with the way it came about.

    `total` is exact to the cent; `rounding` is what the parts differ from it by. `unknown` says what is not in it:
    where it is not empty, the total is a least amount. `months` is what recurring lines were multiplied with.
    """

    day: date
    term: int | None
    is_unlimited: bool
    has_total_price: bool
    extensions: tuple[int, ...]
    months: int | None
    parts: tuple[Part, ...]
    total: Decimal
    rounding: Decimal
    bases: tuple[Basis, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every cost that was named is in the total, and there is one at all."""
        return not self.unknown

    @property
    def lots(self) -> list[tuple[str, Decimal]]:
        """What the known parts of each lot come to, in the order of the lines; nothing where there are no lots."""
        sums: dict[str, Decimal] = {}
        for part in self.parts:
            sums[part.line.lot] = sums.get(part.line.lot, Decimal()) + (part.value or 0)
        return list(sums.items()) if any(sums) else []

    @property
    def words(self) -> str:
        return euros(self.total) if self.is_complete else f"mindestens {euros(self.total)}"

    def as_data(self) -> dict[str, Any]:
        """Plain data for the record: everything that somebody needs to reckon it again."""
        return {
            "day": self.day,
            "term_months": self.term,
            "is_unlimited": self.is_unlimited,
            "has_total_price": self.has_total_price,
            "extensions_months": list(self.extensions),
            "counted_months": self.months,
            "parts": [_part_data(part) for part in self.parts],
            "total": self.total,
            "rounding": self.rounding,
            "is_complete": self.is_complete,
            "method": [
                {"code": each.code, "text": each.text, "source": each.source, "is_checked": each.is_checked}
                for each in self.bases
            ],
            "unknown": list(self.unknown),
            "notes": list(self.notes),
        }


def _part_data(part: Part) -> dict[str, Any]:
    line = part.line
    return {
        "label": line.label,
        "role": part.role,
        "rhythm": line.rhythm,
        "amount": line.amount,
        "quantity": line.quantity,
        "is_gross": line.is_gross,
        "vat_rate": line.vat_rate,
        "lot": line.lot,
        "of": line.of,
        "months": part.months,
        "value": part.value,
        "how": part.how,
    }


def estimate(
    lines: Sequence[Line],
    *,
    term: int | None,
    unlimited: bool = False,
    has_total_price: bool = False,
    options: Sequence[Line] = (),
    extensions: Sequence[int] = (),
    joint: Sequence[Line] = (),
    day: date,
) -> Estimated:
    """The contract value for a term in months, or without an end. `extensions` are further months, one by one.

    `has_total_price`: the contract names one price for the whole term; then more than 48 months count in full.
    Raises ValueError for what a form has to refuse: a negative amount or rate, a term below a month, a term and none.
    """
    _check(lines, options, joint, term, unlimited, extensions)
    whole = None if unlimited or term is None else term + sum(extensions)
    months, method = _months(whole, unlimited, has_total_price)
    roles: list[tuple[Literal["main", "option", "joint"], Line]] = [
        *(("main", line) for line in lines),
        *(("option", line) for line in options),
        *(("joint", line) for line in joint),
    ]  # fmt: skip
    exact = [_exact(line, months) for _, line in roles]
    parts = tuple(
        Part(role=role, line=line, months=_months_of(line, months), value=_cents(value), how=_how(line, months))
        for (role, line), value in zip(roles, exact, strict=True)
    )  # fmt: skip
    total = _cents(sum((value for value in exact if value is not None), Fraction())) or Decimal("0.00")
    return Estimated(
        day=day,
        term=term,
        is_unlimited=unlimited,
        has_total_price=has_total_price,
        extensions=tuple(extensions),
        months=months,
        parts=parts,
        total=total,
        rounding=total - sum((part.value for part in parts if part.value is not None), Decimal("0.00")),
        bases=_bases(roles, method),
        unknown=_unknown(parts),
        notes=_notes(roles, whole, months),
    )


def _check(
    lines: Sequence[Line],
    options: Sequence[Line],
    joint: Sequence[Line],
    term: int | None,
    unlimited: bool,
    extensions: Sequence[int],
) -> None:
    every = [*lines, *options, *joint]
    if any(line.amount is not None and line.amount < 0 for line in every):
        raise ValueError("an amount is negative")
    if any(line.vat_rate is not None and not 0 <= line.vat_rate <= 100 for line in every):
        raise ValueError("a rate of VAT is between 0 and 100 percent")
    if any(line.quantity < 1 or line.rhythm not in RHYTHMS for line in every):
        raise ValueError("a line has a quantity and a known rhythm")
    if unlimited and (term is not None or extensions):
        raise ValueError("a contract without an end has no term and no extensions")
    if any(
        not 1 <= months <= LONGEST_TERM for months in [*([term] if term is not None else []), *extensions]
    ):
        raise ValueError("a term is between one month and fifty years")


def _months(whole: int | None, unlimited: bool, has_total_price: bool) -> tuple[int | None, Basis | None]:
    """With how many months recurring costs count, and why."""
    if unlimited or (whole is not None and whole > MOST_MONTHS and not has_total_price):
        return MOST_MONTHS, TIMES_48
    if whole is None:
        return None, None
    return whole, TOTAL_PRICE if has_total_price else WHOLE_TERM


def _months_of(line: Line, months: int | None) -> int | None:
    return None if line.rhythm == "one_off" else months


def _exact(line: Line, months: int | None) -> Fraction | None:
    net = line.net
    if net is None or line.rhythm == "one_off":
        return net
    return None if months is None else net * months / _MONTHS[line.rhythm]


def _cents(value: Fraction | None) -> Decimal | None:
    """Rounded half up; through a whole number of tenths of a cent's fraction, so that no binary fraction slips in."""
    if value is None:
        return None
    hundredths = (value * 200 + 1) // 2
    return to_cents(Decimal(hundredths) / 100)


def _how(line: Line, months: int | None) -> str:
    """The reckoning of one line in words: "1.190 € brutto, 19 % Umsatzsteuer herausgerechnet, × 48 Monate"."""
    if line.amount is None:
        return "Betrag nicht bekannt"
    if line.is_gross and line.vat_rate is None:
        return f"{euros(line.amount)} brutto, Steuersatz nicht bekannt"
    how = euros(line.amount) + (f" × {line.quantity}" if line.quantity > 1 else "")
    if line.is_gross and line.vat_rate is not None:
        rate = f"{line.vat_rate.normalize():f}".replace(".", ",")
        how += f" brutto, {rate}\u00a0% Umsatzsteuer herausgerechnet"
    if line.rhythm == "one_off":
        return f"{how} einmalig"
    how += f" {RHYTHMS[line.rhythm]}"
    return f"{how} für {months} Monate" if months is not None else f"{how}, Laufzeit nicht bekannt"


def _bases(roles: Sequence[tuple[str, Line]], method: Basis | None) -> tuple[Basis, ...]:
    recurs = any(line.rhythm != "one_off" for _, line in roles)
    found = [NET, WHOLE]
    found += [method] if method is not None and recurs else []
    found += [LOTS] if any(line.lot for _, line in roles) else []
    found += [JOINT] if any(role == "joint" for role, _ in roles) else []
    return tuple(found)


def _unknown(parts: Sequence[Part]) -> tuple[str, ...]:
    if not parts:
        return ("Noch ist kein Betrag genannt.",)
    return tuple(dict.fromkeys(_missing(part) for part in parts if part.value is None))


def _missing(part: Part) -> str:
    line = part.line
    if line.amount is None:
        return f"„{line.label}“: Der Betrag ist nicht bekannt und nicht in der Summe."
    if line.net is None:
        return f"„{line.label}“: Der Betrag ist brutto und der Steuersatz nicht genannt. Er ist nicht in der Summe."
    return f"„{line.label}“: Ohne Laufzeit zählt der laufende Betrag nicht. Er ist nicht in der Summe."


def _notes(roles: Sequence[tuple[str, Line]], whole: int | None, months: int | None) -> tuple[str, ...]:
    notes = [NO_SPLITTING]
    if whole is not None and months is not None and whole > months:
        notes.append(f"Die Laufzeit ist mit Verlängerungen {whole} Monate lang; gezählt sind {months}.")
    if any(line.lot for _, line in roles):
        notes.append("Die Aufteilung in Lose ändert den Auftragswert nicht.")
    return tuple(notes)


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What somebody enters for an estimate; the arguments of `estimate` under one name."""

    lines: tuple[Line, ...] = ()
    options: tuple[Line, ...] = ()
    joint: tuple[Line, ...] = ()
    term: int | None = None
    is_unlimited: bool = False
    has_total_price: bool = False
    extensions: tuple[int, ...] = ()

    def estimated(self, day: date) -> Estimated:
        """Raises ValueError as `estimate` does."""
        return estimate(
            self.lines,
            term=self.term,
            unlimited=self.is_unlimited,
            has_total_price=self.has_total_price,
            options=self.options,
            extensions=self.extensions,
            joint=self.joint,
            day=day,
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Contract":
        """The contract that an estimate was made of, from what `Estimated.as_data` was kept as."""
        found: dict[str, list[Line]] = {"main": [], "option": [], "joint": []}
        for part in data["parts"]:
            found[part["role"]].append(_line_from(part))
        return cls(
            lines=tuple(found["main"]),
            options=tuple(found["option"]),
            joint=tuple(found["joint"]),
            term=data["term_months"],
            is_unlimited=data["is_unlimited"],
            has_total_price=data["has_total_price"],
            extensions=tuple(data["extensions_months"]),
        )


def _line_from(part: Mapping[str, Any]) -> Line:
    exact: dict[str, Any] = {
        name: None if part[name] is None else Decimal(part[name]) for name in ("amount", "vat_rate")
    }
    plain: dict[str, Any] = {
        name: part[name] for name in ("label", "rhythm", "quantity", "is_gross", "lot", "of")
    }
    return Line(**plain, **exact)


def price_span(totals: Iterable[Decimal]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Smallest, middle and largest of some net amounts, to the cent; None where there are none."""
    known = sorted(totals)
    if not known:
        return None
    half = len(known) // 2
    middle = known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
    return to_cents(known[0]), to_cents(middle), to_cents(known[-1])
