"""The question "Was kostet das für uns?" as an address asks it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.cost import estimate
from allmende.catalogue.models import Offer, PriceRow
from allmende.web.marketplace.costs import (
    LONGEST_TERM,
    UNITS,
    Amount,
    amount_of,
    read_question,
    tier_in_words,
    units_in,
)
from tests.factories.market import Market

pytestmark = pytest.mark.django_db


def offer_with(*rows: tuple[str, str, str]) -> Offer:
    """An offer that was never stored, with price rows of kind, amount and unit."""
    offer = Offer(pk=1, title="Angebot", as_of=date(2026, 1, 1))
    prices = [PriceRow(kind=kind, amount=Decimal(amount), unit=unit) for kind, amount, unit in rows]
    offer._prefetched_objects_cache = {"prices": _Rows(prices)}  # type: ignore[attr-defined]
    return offer


class _Rows(list[Any]):
    def all(self) -> list[Any]:
        return self


def amount(offer: Offer, part: str, **numbers: str) -> Amount:
    return amount_of(offer, read_question({name: [number] for name, number in numbers.items()}), part)


def words(offer: Offer, part: str, **numbers: str) -> str | None:
    return amount(offer, part, **numbers).words


@pytest.mark.parametrize(
    ("text", "number"),
    [("6000", 6000), ("6.000", 6000), (" 6 000 ", 6000), ("0", 0), ("6\u00a0000", 6000), ("", None)],
)
def test_numbers_are_read_as_people_write_them(text: str, number: int | None) -> None:
    question = read_question({"einwohner": [text]})
    assert (question.units["inhabitant"], dict(question.errors)) == (number, {})


@pytest.mark.parametrize("text", ["viele", "-1", "1e9", "٣", "6,5", "99999999", "0x10", "²"])
def test_nonsense_is_told_and_not_guessed(text: str) -> None:
    question = read_question({"einwohner": [text]})
    assert question.units["inhabitant"] is None
    assert list(question.errors) == ["einwohner"]
    assert question.entered["einwohner"] == text


@pytest.mark.parametrize("text", ["0", "121", "abc", "-4"])
def test_a_term_that_cannot_be_is_told_and_the_usual_one_taken(text: str) -> None:
    question = read_question({"monate": [text]})
    assert (question.term_months, list(question.errors)) == (48, ["monate"])


@given(st.dictionaries(st.sampled_from([*(name for name, *_ in UNITS), "monate"]), st.lists(st.text())))
def test_whatever_is_asked_can_be_worked_out(parameters: dict[str, list[str]]) -> None:
    question = read_question(parameters)
    assert 1 <= question.term_months <= LONGEST_TERM
    assert all(number is None or number >= 0 for number in question.units.values())
    estimate([], units=question.units, term_months=question.term_months)


def test_a_town_brings_its_inhabitants(market: Market) -> None:
    question = read_question({"kommune": ["99001002"]})
    assert (question.town and question.town.name, question.units["inhabitant"]) == ("Birkenmarkt", 6040)
    assert question.size_class == 40


def test_a_number_of_ones_own_goes_before_the_register(market: Market) -> None:
    question = read_question({"kommune": ["99001002"], "einwohner": ["7000"]})
    assert question.units["inhabitant"] == 7000


@pytest.mark.parametrize("named", ["Birkenmarkt", "birkenm", "00102", "  Birkenmarkt  "])
def test_a_town_is_known_by_name_and_post_code(market: Market, named: str) -> None:
    question = read_question({"kommune": [named]})
    assert question.town
    assert question.town.key == "99001002"


def test_a_name_that_may_mean_two_towns_asks_back(market: Market) -> None:
    question = read_question({"kommune": ["beispiel"]})
    assert question.town is None
    assert sorted(each.key for each in question.towns) in ([], ["99001001", "99001002"])


@pytest.mark.parametrize("named", ["Gibtsnicht", "00000000", "99", "99001", "'; --", "%"])
def test_what_is_no_town_is_told(market: Market, named: str) -> None:
    question = read_question({"kommune": [named]})
    assert question.town is None
    assert list(question.errors) == ["kommune"] or question.towns
    assert question.number_errors == []


def test_without_a_town_the_number_suggests_the_size() -> None:
    assert read_question({"einwohner": ["6000"]}).size_class == 40
    assert read_question({}).size_class is None


@pytest.mark.parametrize(
    ("rows", "inhabitants", "expected"),
    [
        # One-off, yearly, total; a side of the price that no row names is not known, and then no sum is whole.
        ([("yearly", "1200", "")], "", (None, "1.200,00\u00a0€", "mindestens 4.800,00\u00a0€")),
        ([("yearly", "0", "")], "", (None, "0,00\u00a0€", None)),
        ([("one_off", "950", "")], "", ("950,00\u00a0€", None, "mindestens 950,00\u00a0€")),
        ([("monthly", "85", "")], "", (None, "1.020,00\u00a0€", "mindestens 4.080,00\u00a0€")),
        ([("day_rate", "960", "day")], "", (None, None, None)),
        ([], "", (None, None, None)),
        (
            [("one_off", "950", ""), ("per_unit_yearly", "0.19", "inhabitant")],
            "",
            ("950,00\u00a0€", None, "mindestens 950,00\u00a0€"),
        ),
        (
            [("one_off", "950", ""), ("per_unit_yearly", "0.19", "inhabitant")],
            "6.000",
            ("950,00\u00a0€", "1.140,00\u00a0€", "5.510,00\u00a0€"),
        ),
        (
            [("yearly", "100", ""), ("per_unit_yearly", "0.19", "inhabitant")],
            "",
            (None, "mindestens 100,00\u00a0€", "mindestens 400,00\u00a0€"),
        ),
        ([("per_unit_yearly", "0.19", "inhabitant")], "0", (None, "0,00\u00a0€", None)),
        (
            [("one_off", "0", ""), ("yearly", "0", "")],
            "",
            ("0,00\u00a0€", "0,00\u00a0€", "0,00\u00a0€"),
        ),
    ],
)
def test_what_nobody_has_stated_is_never_shown_as_nothing(
    rows: list[tuple[str, str, str]], inhabitants: str, expected: tuple[str | None, ...]
) -> None:
    offer = offer_with(*rows)
    told = tuple(words(offer, part, einwohner=inhabitants) for part in ("one_off", "yearly", "total"))
    assert told == expected


def test_a_price_on_request_beside_others_leaves_the_sum_open() -> None:
    offer = offer_with(("yearly", "100", ""))
    offer.on_request = True
    assert words(offer, "yearly") == "mindestens 100,00\u00a0€"


@pytest.mark.parametrize(
    ("rows", "entered", "instead"),
    [
        ([("per_unit_yearly", "0.19", "inhabitant")], {}, "hängt von Ihrer Einwohnerzahl ab"),
        ([("per_unit_yearly", "0.19", "inhabitant")], {"einwohner": "6.000"}, ""),
        ([("per_unit_yearly", "3", "user")], {"einwohner": "6.000"}, "hängt von der Zahl der Nutzenden ab"),
        ([("per_unit_yearly", "3", "device")], {}, "hängt von der Zahl der Geräte ab"),
        ([("per_unit_yearly", "3", "case")], {}, "hängt von der Zahl der Fälle ab"),
        ([("per_unit_yearly", "3", "eigenes")], {}, "hängt von einer weiteren Zahl ab"),
        (
            [("per_unit_yearly", "3", "device"), ("per_unit_yearly", "0.1", "inhabitant")],
            {},
            "hängt von Ihrer Einwohnerzahl und der Zahl der Geräte ab",
        ),
        # A part is known: then the sum says "mindestens".
        ([("yearly", "100", ""), ("per_unit_yearly", "3", "user")], {}, ""),
        ([("one_off", "100", "")], {}, ""),
        ([], {}, ""),
    ],
)
def test_a_price_that_lacks_only_the_readers_number_says_which(
    rows: list[tuple[str, str, str]], entered: dict[str, str], instead: str
) -> None:
    assert amount(offer_with(*rows), "yearly", **entered).instead == instead


def test_a_graded_price_waits_for_the_number_too() -> None:
    offer = offer_with(("yearly", "0", "inhabitant"))
    offer.prices.all()[0].tier_to = 10_000
    assert amount(offer, "yearly").instead == "hängt von Ihrer Einwohnerzahl ab"
    assert amount(offer, "yearly", einwohner="6040").words == "0,00\u00a0€"
    assert amount(offer, "total").instead == "hängt von Ihrer Einwohnerzahl ab"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(None, None, ""), (0, None, ""), (10_000, None, "10.000 und mehr"), (None, 10_000, "weniger als 10.000"),
     (0, 10_000, "weniger als 10.000"), (5_000, 10_000, "5.000 bis unter 10.000")],
)  # fmt: skip
def test_grades_are_said_with_both_bounds(low: int | None, high: int | None, said: str) -> None:
    assert tier_in_words(PriceRow(tier_from=low, tier_to=high)) == said


def test_towns_of_one_name_stand_under_their_land_and_none_is_cut(market: Market) -> None:
    question = read_question({"kommune": ["b"]})
    assert [(land, [each.region.name for each in towns]) for land, towns in question.towns_by_land] in (
        [("Beispielland", ["Birkenmarkt"])],
        [],
    )
    assert not question.are_towns_cut


def test_a_page_asks_only_for_numbers_that_prices_depend_on() -> None:
    assert units_in([]) == ["inhabitant"]
    assert units_in([offer_with(("per_unit_yearly", "1", "user"))]) == ["inhabitant", "user"]
