""" "Was kostet das für uns?": sums of what is known, and sentences for what is not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.cost import estimate
from allmende.catalogue.drafts import PriceDraft

SMALL_TOWN = {"inhabitant": 6000}


def price(kind, amount, **more):
    return PriceDraft(kind=kind, amount=Decimal(amount), **more)


def test_one_off_and_yearly_prices_add_up_over_the_term():
    result = estimate([price("one_off", "950"), price("yearly", "1200")], units=SMALL_TOWN, term_months=48)

    assert (result.one_off, result.yearly, result.total) == (
        Decimal("950.00"),
        Decimal("1200.00"),
        Decimal("5750.00"),
    )
    assert (result.is_complete, result.unknown) == (True, ())


def test_a_price_per_inhabitant_is_multiplied_exactly_and_rounded_once():
    result = estimate(
        [price("per_unit_yearly", "0.1925", unit="inhabitant")], units={"inhabitant": 6037}, term_months=12
    )

    assert result.yearly == Decimal("1162.12")
    assert [line.how for line in result.lines] == ["0,1925 € × 6.037 Einwohnerinnen und Einwohner"]


def test_a_monthly_price_counts_twelve_times_a_year():
    result = estimate([price("monthly", "85")], units={}, term_months=18)

    assert (result.yearly, result.total) == (Decimal("1020.00"), Decimal("1530.00"))


@pytest.mark.parametrize(
    ("inhabitants", "yearly"), [(0, "1200"), (4999, "1200"), (5000, "2400"), (19999, "2400"), (20000, "4900")]
)
def test_a_tier_begins_with_its_first_number_and_ends_before_its_last(inhabitants, yearly):
    tiers = [
        price("yearly", "1200", unit="inhabitant", tier_to=5000),
        price("yearly", "2400", unit="inhabitant", tier_from=5000, tier_to=20000),
        price("yearly", "4900", unit="inhabitant", tier_from=20000),
    ]

    assert estimate(tiers, units={"inhabitant": inhabitants}, term_months=12).yearly == Decimal(yearly)


def test_a_size_for_which_no_tier_is_named_is_unknown_and_not_free():
    result = estimate(
        [price("yearly", "1200", unit="inhabitant", tier_to=5000)], units=SMALL_TOWN, term_months=12
    )

    assert result.has_prices is False
    assert result.unknown == ("Für 6.000 Einwohnerinnen und Einwohner nennt das Angebot keinen Preis.",)


def test_a_number_that_is_not_known_is_asked_for_and_the_rest_still_counts():
    rows = [price("one_off", "1800"), price("per_unit_yearly", "60", unit="device")]

    result = estimate(rows, units=SMALL_TOWN, term_months=12)

    assert (result.total, result.is_complete) == (Decimal("1800.00"), False)
    assert result.unknown == ("Der Preis hängt ab von: Geräte. Geben Sie diese Zahl an.",)


def test_on_request_is_said_even_beside_known_prices():
    result = estimate([price("yearly", "100")], units={}, term_months=12, on_request=True)

    assert (result.total, result.unknown) == (Decimal("100.00"), ("Preise nennt der Anbieter auf Anfrage.",))


def test_no_price_at_all_is_no_statement_and_not_nothing_to_pay():
    result = estimate([], units=SMALL_TOWN, term_months=12)

    assert (result.has_prices, result.unknown) == (False, ("Zum Preis gibt es keine Angabe.",))


def test_a_price_of_zero_is_a_statement():
    result = estimate([price("one_off", "0"), price("yearly", "0")], units=SMALL_TOWN, term_months=12)

    assert (result.has_prices, result.total, result.unknown) == (True, Decimal("0.00"), ())


@pytest.mark.parametrize(
    ("kind", "silence"),
    [
        ("yearly", "Zu einmaligen Kosten sagt das Angebot nichts."),
        ("one_off", "Zu laufenden Kosten sagt das Angebot nichts."),
    ],
)
def test_an_offer_that_names_one_side_of_its_price_leaves_the_other_open(kind, silence):
    result = estimate([price(kind, "100")], units={}, term_months=12)

    assert (result.is_complete, result.unknown) == (False, (silence,))


def test_a_kind_of_price_that_an_operator_has_added_is_named_and_never_an_error():
    result = estimate([price("one_off", "5"), price("lease", "100")], units={}, term_months=12)

    assert result.total == Decimal("5.00")
    assert result.unknown == ("Das Angebot nennt auch einen Preis anderer Art, der nicht in der Summe ist.",)


def test_day_rates_are_named_and_left_out_of_the_sum():
    result = estimate([price("day_rate", "960", unit="day")], units=SMALL_TOWN, term_months=12)

    assert result.total == Decimal("0.00")
    assert result.notes == (
        "Tagessätze sind genannt, aber nicht in der Summe: Die Zahl der Tage hängt vom Auftrag ab.",
    )


def test_a_term_below_the_minimum_is_pointed_out():
    result = estimate([price("yearly", "100")], units={}, term_months=6, minimum_term_months=24)

    assert result.notes == ("Das Angebot läuft mindestens 24 Monate; so lange ist gerechnet.",)
    assert (result.term_months, result.total) == (24, Decimal("200.00"))


@pytest.mark.parametrize(("units", "term"), [({}, 0), ({"user": -1}, 12)])
def test_senseless_numbers_are_an_error_of_the_caller(units, term):
    with pytest.raises(ValueError, match="a term has at least one month"):
        estimate([], units=units, term_months=term)


@given(
    one_off=st.decimals(0, 10**6, places=2),
    yearly=st.decimals(0, 10**6, places=4),
    inhabitants=st.integers(0, 4_000_000),
    term=st.integers(1, 120),
)
def test_sums_are_whole_cents_and_never_smaller_than_their_parts(one_off, yearly, inhabitants, term):
    rows = [price("one_off", one_off), price("per_unit_yearly", yearly, unit="inhabitant")]

    result = estimate(rows, units={"inhabitant": inhabitants}, term_months=term)

    assert all(
        amount == amount.quantize(Decimal("0.01")) for amount in (result.one_off, result.yearly, result.total)
    )
    assert result.total >= result.one_off
    assert sum(line.yearly for line in result.lines) == result.yearly
