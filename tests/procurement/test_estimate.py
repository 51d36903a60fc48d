"""The value of a contract: net, whole term, options, 48 months, nothing unknown counted as nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.canonical import canonical_json
from allmende.procurement.estimate import (
    JOINT,
    LOTS,
    NET,
    NO_SPLITTING,
    TIMES_48,
    TOTAL_PRICE,
    WHOLE,
    WHOLE_TERM,
    Estimated,
    Line,
    estimate,
    price_span,
)

DAY = date(2026, 2, 1)


def euros(amount: str, rhythm: str = "one_off", **facts: object) -> Line:
    return Line(label=str(facts.pop("label", "Software")), rhythm=rhythm, amount=Decimal(amount), **facts)  # type: ignore[arg-type]


def valued(*lines: Line, term: int | None = None, **facts: object) -> Estimated:
    return estimate(lines, term=term, day=DAY, **facts)  # type: ignore[arg-type]


# ------------------------------------------------------------------------- case 4 of the domain, word for word


def test_3000_a_month_without_an_end_is_144000_plus_what_is_paid_once() -> None:
    alone = valued(euros("3000", "monthly"), unlimited=True)
    assert alone.total == Decimal("144000.00")
    with_setup = valued(euros("3000", "monthly"), euros("12000"), unlimited=True)
    assert with_setup.total == Decimal("156000.00")
    assert with_setup.bases == (NET, WHOLE, TIMES_48)


def test_sixty_months_without_a_total_price_are_48_times_as_well() -> None:
    assert valued(euros("3000", "monthly"), term=60).total == Decimal("144000.00")


def test_24_months_and_an_option_of_twice_12_are_48_months() -> None:
    found = valued(euros("3000", "monthly"), term=24, extensions=[12, 12])
    assert (found.total, found.months, found.bases) == (Decimal("144000.00"), 48, (NET, WHOLE, WHOLE_TERM))


# ------------------------------------------------------------------------------------------------- boundaries


@pytest.mark.parametrize(
    ("term", "extensions", "months", "method"),
    [
        (1, [], 1, WHOLE_TERM),
        (47, [], 47, WHOLE_TERM),
        (48, [], 48, WHOLE_TERM),
        (49, [], 48, TIMES_48),
        (36, [12], 48, WHOLE_TERM),
        (36, [12, 1], 48, TIMES_48),
    ],
)
def test_at_48_months_the_method_changes_and_the_value_does_not_jump(
    term: int, extensions: list[int], months: int, method: object
) -> None:
    found = valued(euros("100", "monthly"), term=term, extensions=extensions)
    assert (found.months, found.bases[-1], found.total) == (months, method, Decimal(100 * months))


def test_a_total_price_counts_for_all_of_sixty_months() -> None:
    found = valued(euros("3000", "monthly"), term=60, has_total_price=True)
    assert (found.total, found.bases[-1]) == (Decimal("180000.00"), TOTAL_PRICE)


@pytest.mark.parametrize(
    ("rhythm", "total"),
    [("one_off", "1200"), ("monthly", "21600"), ("quarterly", "7200"), ("yearly", "1800")],
)
def test_each_rhythm_counts_for_eighteen_months(rhythm: str, total: str) -> None:
    assert valued(euros("1200", rhythm), term=18).total == Decimal(total)


def test_a_quantity_multiplies_and_is_told() -> None:
    found = valued(euros("3.50", "monthly", quantity=120), term=12)
    assert (found.total, found.parts[0].how) == (
        Decimal("5040.00"),
        "3,50\u00a0€ × 120 jeden Monat für 12 Monate",
    )


def test_options_and_the_needs_of_others_are_added() -> None:
    found = valued(
        euros("10000"), options=[euros("2000", label="Schulung")], joint=[euros("5000", of="Nachbarort")]
    )  # fmt: skip
    assert found.total == Decimal("17000.00")
    assert [part.role for part in found.parts] == ["main", "option", "joint"]
    assert found.bases == (NET, WHOLE, JOINT)


def test_lots_are_summed_and_change_nothing() -> None:
    found = valued(euros("10000", lot="A"), euros("5000", lot="B"), euros("2500", lot="A"))
    assert (found.total, found.lots) == (
        Decimal("17500.00"),
        [("A", Decimal("12500.00")), ("B", Decimal("5000.00"))],
    )
    assert (found.bases, found.notes) == (
        (NET, WHOLE, LOTS),
        (NO_SPLITTING, "Die Aufteilung in Lose ändert den Auftragswert nicht."),
    )


# ----------------------------------------------------------------------------------------------- gross, unknown


def test_gross_becomes_net_where_the_rate_is_said() -> None:
    found = valued(euros("11900", is_gross=True, vat_rate=Decimal(19)))
    assert (found.total, found.is_complete) == (Decimal("10000.00"), True)
    assert found.parts[0].how == "11.900\u00a0€ brutto, 19\u00a0% Umsatzsteuer herausgerechnet einmalig"


def test_a_rate_of_nothing_is_a_rate() -> None:
    assert valued(euros("500", is_gross=True, vat_rate=Decimal(0))).total == Decimal("500.00")


def test_gross_without_a_rate_is_unknown_and_not_taken_for_net() -> None:
    found = valued(euros("11900", is_gross=True, label="Lizenz"), euros("100"))
    assert (found.total, found.words) == (Decimal("100.00"), "mindestens 100\u00a0€")
    assert found.unknown == (
        "„Lizenz“: Der Betrag ist brutto und der Steuersatz nicht genannt. Er ist nicht in der Summe.",
    )


def test_an_unknown_amount_is_said_and_never_nothing() -> None:
    found = valued(Line(label="Anpassung", rhythm="one_off", amount=None), euros("100"))
    assert (found.total, found.is_complete, found.parts[0].value) == (Decimal("100.00"), False, None)
    assert found.unknown == ("„Anpassung“: Der Betrag ist nicht bekannt und nicht in der Summe.",)


def test_without_a_term_what_recurs_is_unknown() -> None:
    found = valued(euros("100", "monthly", label="Betrieb"), euros("7"))
    assert (found.total, found.months) == (Decimal("7.00"), None)
    assert found.unknown == (
        "„Betrieb“: Ohne Laufzeit zählt der laufende Betrag nicht. Er ist nicht in der Summe.",
    )


def test_nothing_at_all_is_no_estimate_of_nothing() -> None:
    assert valued().unknown == ("Noch ist kein Betrag genannt.",)


def test_zero_is_an_amount() -> None:
    assert valued(euros("0")).is_complete is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": [euros("-1")]},
        {"lines": [euros("1")], "options": [euros("-0.01")]},
        {"lines": [euros("1", vat_rate=Decimal(-1), is_gross=True)]},
        {"lines": [euros("1", quantity=0)]},
        {"lines": [euros("1", "weekly")]},
        {"lines": [euros("1")], "term": 0},
        {"lines": [euros("1")], "term": 601},
        {"lines": [euros("1")], "term": 12, "extensions": [0]},
        {"lines": [euros("1")], "term": 12, "unlimited": True},
        {"lines": [euros("1")], "unlimited": True, "extensions": [12]},
    ],
)
def test_what_a_form_has_to_refuse_is_an_error(wrong: dict[str, object]) -> None:
    facts = {"term": None} | wrong
    with pytest.raises(ValueError):
        estimate(facts.pop("lines"), day=DAY, **facts)  # type: ignore[arg-type]


def test_what_is_rounded_stands_beside_the_sum() -> None:
    # 0.005 + 0.005 + 0.005 are 0.015: shown as three times 0.01, together 0.02.
    thirds = [euros("0.02", "yearly", label=name) for name in "abc"]
    found = valued(*thirds, term=3)
    assert ([part.value for part in found.parts], found.total, found.rounding) == (
        [Decimal("0.01")] * 3,
        Decimal("0.02"),
        Decimal("-0.01"),
    )


def test_the_rules_of_reckoning_name_their_source_and_say_that_they_are_to_be_checked() -> None:
    assert TIMES_48.words == (
        "Ohne Gesamtpreis zählt bei unbestimmter Laufzeit oder mehr als 48 Monaten das 48-Fache des Monatswerts. "
        "(§ 3 Abs. 11 Nr. 2 VgV) Prüfen Sie den Wortlaut, bevor Sie sich darauf stützen."
    )
    assert NET.words == "Geschätzt ist der voraussichtliche Gesamtwert ohne Umsatzsteuer. (§ 3 Abs. 1 VgV)"


def test_it_is_kept_as_plain_data_with_everything_that_is_needed_to_reckon_again() -> None:
    data = valued(euros("3000", "monthly", label="Betrieb"), unlimited=True).as_data()
    assert canonical_json(data["parts"]) == (
        '[{"amount":"3000","how":"3.000\u00a0€ jeden Monat für 48 Monate","is_gross":false,"label":"Betrieb","lot":"",'
        '"months":48,"of":"","quantity":1,"rhythm":"monthly","role":"main","value":"144000","vat_rate":null}]'
    )
    assert (data["total"], data["counted_months"], [each["code"] for each in data["method"]]) == (
        Decimal("144000.00"),
        48,
        ["net", "options", "times_48"],
    )


# ------------------------------------------------------------------------------------------------- properties

amounts = st.decimals(min_value=0, max_value=10_000_000, places=2)
lines = st.builds(
    Line,
    label=st.just("x"),
    rhythm=st.sampled_from(["one_off", "monthly", "quarterly", "yearly"]),
    amount=amounts | st.none(),
    quantity=st.integers(1, 50),
    is_gross=st.booleans(),
    vat_rate=st.sampled_from([None, Decimal(0), Decimal(7), Decimal(19)]),
)
terms = st.none() | st.integers(1, 120)


@given(st.lists(lines, max_size=8), terms, st.lists(st.integers(1, 60), max_size=3))
def test_the_total_is_the_sum_of_its_parts_and_the_rounding(
    some: list[Line], term: int | None, extensions: list[int]
) -> None:
    found = estimate(some, term=term, extensions=extensions if term else (), day=DAY)
    known = [part.value for part in found.parts if part.value is not None]
    assert sum(known, Decimal()) + found.rounding == found.total
    assert abs(found.rounding) <= Decimal("0.005") * (len(known) + 1)
    assert found.total == found.total.quantize(Decimal("0.01"))


@given(st.lists(lines, max_size=6), lines, terms)
def test_one_more_line_never_makes_it_less(some: list[Line], more: Line, term: int | None) -> None:
    assert estimate([*some, more], term=term, day=DAY).total >= estimate(some, term=term, day=DAY).total


@given(st.lists(lines, max_size=6), st.lists(lines, max_size=4), terms)
def test_options_never_make_it_less(some: list[Line], options: list[Line], term: int | None) -> None:
    with_options = estimate(some, term=term, options=options, day=DAY).total
    assert with_options >= estimate(some, term=term, day=DAY).total


@given(st.lists(lines, max_size=6), st.integers(1, 120), st.integers(1, 120))
def test_a_longer_term_never_makes_it_less(some: list[Line], term: int, more: int) -> None:
    longer = estimate(some, term=term, extensions=[more], day=DAY)
    assert longer.total >= estimate(some, term=term, day=DAY).total
    assert estimate(some, term=term + more, day=DAY).total == longer.total


@given(lines, st.lists(st.integers(0, 10**9), min_size=1, max_size=5), terms)
def test_splitting_into_lots_gives_the_same_sum(line: Line, cents: list[int], term: int | None) -> None:
    shares = [Decimal(each) / 100 for each in cents]
    whole = replace(line, amount=sum(shares, Decimal()))
    lots = [replace(line, amount=share, lot=f"Los {number}") for number, share in enumerate(shares)]
    assert estimate(lots, term=term, day=DAY).total == estimate([whole], term=term, day=DAY).total


@given(st.lists(lines, max_size=6), st.permutations(range(6)), terms)
def test_the_order_of_the_lines_does_not_matter(some: list[Line], order: list[int], term: int | None) -> None:
    turned = [some[place] for place in order if place < len(some)]
    assert estimate(turned, term=term, day=DAY).total == estimate(some, term=term, day=DAY).total


@pytest.mark.parametrize(
    ("totals", "span"),
    [
        ([], None),
        (["5"], ("5", "5", "5")),
        (["9", "1", "5"], ("1", "5", "9")),
        (["1", "2", "4", "10"], ("1", "3", "10")),
        (["0.01", "0.02"], ("0.01", "0.02", "0.02")),
    ],
)
def test_a_span_of_prices_has_a_middle(totals: list[str], span: tuple[str, str, str] | None) -> None:
    wanted = tuple(Decimal(each) for each in span) if span else None
    assert price_span([Decimal(each) for each in totals]) == wanted
