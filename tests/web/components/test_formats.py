"""German numbers, dates and lists."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.web.components.templatetags import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234.5, "1.234,5"),
        (Decimal("1234567.891"), "1.234.567,89"),
        (-3, "−3"),
        (Decimal("-0.001"), "0,00"),
        ("12", "12"),
        (None, "keine Angabe"),
        ("", "keine Angabe"),
        ("viele", "keine Angabe"),
        (True, "keine Angabe"),
        (float("nan"), "keine Angabe"),
        (Decimal("1E+3"), "1.000"),
    ],
)
def test_a_number_as_germans_write_it(value: object, text: str) -> None:
    assert formats.number(value) == text


def test_places_can_be_asked_for() -> None:
    assert formats.number(1234.5, 2) == "1.234,50"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.5"), "1.234,50\u00a0€"),
        (0, "0,00\u00a0€"),
        (Decimal("-2.5"), "−2,50\u00a0€"),
        (None, "keine Angabe"),
    ],
)
def test_euros_keep_their_cents(value: object, text: str) -> None:
    assert formats.euro(value) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_can_be_read_back(amount: Decimal) -> None:
    text = formats.euro(amount).removesuffix("\u00a0€")
    assert Decimal(text.replace(".", "").replace(",", ".").replace("−", "-")) == amount


def test_a_share_is_a_percentage() -> None:
    assert (formats.percent(0.256), formats.percent(1), formats.percent(None)) == (
        "26\u00a0%",
        "100\u00a0%",
        "keine Angabe",
    )


def test_a_moment_is_shown_in_german_time() -> None:
    summer = datetime.datetime(2026, 7, 31, 22, 30, tzinfo=datetime.UTC)
    assert formats.moment(summer) == "01.08.2026, 00:30\u00a0Uhr"
    assert formats.day(summer) == "01.08.2026"
    assert formats.day(datetime.date(2026, 2, 3)) == "03.02.2026"
    assert formats.day(None) == formats.moment(None) == "keine Angabe"


def test_a_state_has_its_day_for_people_and_for_machines() -> None:
    assert formats.as_of(datetime.date(2026, 2, 3)) == (
        '<span class="am-asof">Stand <time datetime="2026-02-03">03.02.2026</time></span>'
    )
    assert formats.as_of(None) == '<span class="am-asof">Stand unbekannt</span>'


@pytest.mark.parametrize(
    ("words", "text"),
    [([], "keine Angabe"), (None, "keine Angabe"), (["Köln"], "Köln"), (["Köln", "Bonn"], "Köln und Bonn"),
     (["Köln", "Bonn", "Aachen"], "Köln, Bonn und Aachen")],
)  # fmt: skip
def test_a_list_ends_with_und(words: list[str] | None, text: str) -> None:
    assert formats.joined(words) == text


def test_a_noun_follows_its_number() -> None:
    said = [formats.counted(n, "Lösung,Lösungen") for n in (0, 1, 2, 1234)]
    assert said == ["0\u00a0Lösungen", "1\u00a0Lösung", "2\u00a0Lösungen", "1.234\u00a0Lösungen"]


@pytest.mark.parametrize("value", [0, False, "nein", [1]])
def test_zero_and_no_are_values(value: object) -> None:
    assert formats.or_unknown(value) == value


@pytest.mark.parametrize("value", [None, "", [], ()])
def test_nothing_is_unknown(value: object) -> None:
    assert formats.or_unknown(value) == '<span class="am-unknown">keine Angabe</span>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Wohin damit?", "Wohin damit?"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 80 + " …"),
        ("Wort " * 16 + "Ende", ("Wort " * 16).strip() + " …"),
        ("Eins, zwei, drei, " * 8, "Eins, zwei, drei, " * 4 + "Eins …"),
        ("kurz " + "x" * 100, "kurz " + "x" * 75 + " …"),
    ],
)
def test_what_somebody_wrote_is_cut_at_the_end_of_a_word(text: str, shown: str) -> None:
    assert formats.shortened(text) == shown
    assert len(shown) <= 82


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        ("ausgeschieden", False),
        ("Kleinstunternehmen mit sehr vielen Worten hintereinander", False),
        ("https://example.org/" + "a" * 20, True),
        ("SHA-256\n" + "0" * 64, True),
        ("", False),
    ],
)
def test_only_words_of_no_language_are_too_long_for_a_table(text: str, is_long: bool) -> None:
    assert formats.has_long_word(text) is is_long
