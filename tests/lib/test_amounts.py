"""Amounts as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.money import amount_in

AMOUNTS = {
    "0,35 €": "0.35", "0,35 EUR": "0.35", "0,35 Euro": "0.35", "€ 0,35": "0.35", "0,35€": "0.35", "0.35": "0.35",
    "1.200,00 €": "1200.00", "1.200,00": "1200.00", "1200,00": "1200.00", "1200": "1200", "1.200": "1200",
    "1 200,50": "1200.50", "1\u00a0200,50\u00a0€": "1200.50", "1.200,-": "1200", "1.200,– €": "1200",
    "1,200.00": "1200.00", "1200.50": "1200.50", "0.125": "0.125", "12.345.678,9": "12345678.9", "0": "0",
    "-5": "-5", "+7": "7", " 7 ": "7",
}  # fmt: skip


@pytest.mark.parametrize("text", AMOUNTS)
def test_what_people_type_for_euros(text):
    assert amount_in(text) == Decimal(AMOUNTS[text])


@pytest.mark.parametrize(
    "text",
    ["", " ", "viel", "€", "1,2,3", "1.20,00", "1.2.3", "12.34.567", "1e5", "NaN", "Infinity", "²", "١٢", "5 $",
     "ab 5", "5 € EUR", ",5", "5,", "--5"],
)  # fmt: skip
def test_anything_else_is_no_amount(text):
    with pytest.raises(ValueError):
        amount_in(text)


amounts = st.decimals(0, 10**8, places=2, allow_nan=False, allow_infinity=False)


@given(
    amounts,
    st.sampled_from(["", ".", " ", "\u00a0", "\u202f"]),
    st.sampled_from(["", " €", "€", " EUR", " Euro", " eur", "\u00a0€"]),
)
def test_an_amount_is_the_same_however_it_is_written(amount, between, currency):
    written = f"{amount:,.2f}".replace(",", "x").replace(".", ",").replace("x", between)
    assert amount_in(written + currency) == amount


@given(st.text(max_size=12))
def test_no_text_gives_anything_but_an_amount_or_no(text):
    try:
        assert amount_in(text).is_finite()
    except ValueError:
        pass
