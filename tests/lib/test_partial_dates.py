"""What people know of a day: all of it, the month, or the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.partial_dates import EARLIEST, LATEST, PartialDate, end_of, exactly, parse

DAYS = st.dates(date(EARLIEST, 1, 1), date(LATEST, 12, 31))
PARTIAL = st.builds(PartialDate, DAYS, st.sampled_from(["day", "month", "year"]))


@pytest.mark.parametrize(
    ("typed", "iso", "written"),
    [
        ("2024", "2024", "2024"),
        (" 2024 ", "2024", "2024"),
        ("04.2024", "2024-04", "April 2024"),
        ("4/2024", "2024-04", "April 2024"),
        ("April 2024", "2024-04", "April 2024"),
        ("apr. 2024", "2024-04", "April 2024"),
        ("März 2023", "2023-03", "März 2023"),
        ("2024-04", "2024-04", "April 2024"),
        ("1.4.2024", "2024-04-01", "01.04.2024"),
        ("01. 04. 2024", "2024-04-01", "01.04.2024"),
        ("2024-04-01", "2024-04-01", "01.04.2024"),
        ("29.02.2024", "2024-02-29", "29.02.2024"),
    ],
)
def test_what_people_type_is_read_with_no_more_than_they_told(typed, iso, written):
    found = parse(typed)
    assert (found.iso, str(found)) == (iso, written)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "24",
        "1949",
        "2200",
        "13.2024",
        "0.2024",
        "29.02.2023",
        "Ju 2024",
        "M 2024",
        "Mitte 2024",
        "seit 2024",
        "2024-13",
        "2024-00-01",
        "٢٠٢٤",
        "01.04.24",
        "2024.",
        "ja",
    ],
)
def test_what_is_no_day_no_month_and_no_year_is_refused(typed):
    with pytest.raises(ValueError):
        parse(typed)


@given(PARTIAL)
def test_what_is_written_is_read_back_as_the_same(told):
    for written in (str(told), told.iso):
        read = parse(written)
        assert (read.first, read.last, read.precision) == (told.first, told.last, told.precision)


@given(PARTIAL)
def test_a_day_lies_between_the_first_and_the_last_that_are_meant(told):
    assert told.first <= told.day <= told.last
    assert PartialDate(told.first, told.precision).last == told.last


@given(st.text(max_size=14))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse(text)
    except ValueError:
        return
    assert EARLIEST <= found.day.year <= LATEST


def test_an_end_is_the_last_day_meant_but_none_to_come():
    today = date(2026, 11, 23)
    assert end_of(parse("2025"), today=today) == date(2025, 12, 31)
    assert end_of(parse("02.2024"), today=today) == date(2024, 2, 29)
    assert end_of(parse("2026"), today=today) == today
    assert end_of(parse("05.06.2025"), today=today) == date(2025, 6, 5)
    assert end_of(parse("2027"), today=today) == date(2027, 1, 1)


def test_a_plain_date_is_one_to_the_day():
    assert exactly(date(2024, 4, 1)) == PartialDate(date(2024, 4, 1), "day")
    assert exactly(parse("2024")).iso == "2024"
