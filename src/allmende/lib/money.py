"""Amounts of euros: exact decimals, rounded once, at the end."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Rounded half up to whole cents, as German invoices do."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
