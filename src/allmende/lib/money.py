"""Amounts of euros: exact decimals, rounded once, at the end."""

import re
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Rounded half up to whole cents, as German invoices do."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


_GERMAN = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?", re.ASCII)
_POINT = re.compile(r"[+-]?\d+\.\d+", re.ASCII)
_ENGLISH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+", re.ASCII)
_CURRENCY = re.compile(r"^(?:€|eur|euro)|(?:€|eur|euro)$", re.IGNORECASE)
_NO_CENTS = re.compile(r",(?:-|–|—)+$")


def amount_in(text: str) -> Decimal:
    """What people type for euros: "1.200,00", "1200", "0,35 €", "0,35 EUR", "1.200,-", "0.35", "1 200".

    A single point before three digits parts thousands, as it does here; before any other number of digits, or behind a
    zero, it is a comma from elsewhere. Raises ValueError for anything else.
    """
    said = _CURRENCY.sub("", "".join(text.split()), count=1)
    said = _NO_CENTS.sub("", said).replace("−", "-")
    if _ENGLISH.fullmatch(said):
        return Decimal(said.replace(",", ""))
    if _GERMAN.fullmatch(said) and not said.lstrip("+-").startswith("0."):
        return Decimal(said.replace(".", "").replace(",", "."))
    if _POINT.fullmatch(said):
        return Decimal(said)
    raise ValueError(text)
