"""Working days: weekends and the holidays of all Länder count for nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.workdays import after_working_days, earliest_in_time, holidays, is_working_day

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("year", "easter"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)),
     (2038, date(2038, 4, 25)), (2285, date(2285, 3, 22))],
)  # fmt: skip
def test_the_moving_holidays_follow_easter(year: int, easter: date) -> None:
    moving = {easter + timedelta(days=days) for days in (-2, 1, 39, 50)}
    fixed = {date(year, 1, 1), date(year, 5, 1), date(year, 10, 3), date(year, 12, 25), date(year, 12, 26)}
    assert holidays(year) == moving | fixed


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 12, 23), 2, date(2026, 12, 28)),  # over Christmas, whose second day is a Saturday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
    ],
)
def test_the_day_after_some_working_days(start: date, days: int, end: date) -> None:
    assert after_working_days(start, days) == end


@given(DAYS, st.integers(1, 60))
def test_between_a_day_and_its_target_lie_just_as_many_working_days(start: date, days: int) -> None:
    end = after_working_days(start, days)
    assert is_working_day(end)
    passed = [start + timedelta(days=step + 1) for step in range((end - start).days)]
    assert sum(map(is_working_day, passed)) == days


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_days_add_up(start: date, first: int, second: int) -> None:
    at_once = after_working_days(start, first + second)
    assert after_working_days(after_working_days(start, first), second) == at_once


@pytest.mark.parametrize(
    ("today", "days", "first"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 1, date(2026, 11, 20)),  # a Monday: what came on Friday is still in time
        (date(2026, 11, 24), 10, date(2026, 11, 10)),
        (date(2026, 11, 29), 1, date(2026, 11, 27)),  # a Sunday: Friday's target is Monday
        (date(2026, 4, 7), 1, date(2026, 4, 2)),  # after Easter
    ],
)
def test_the_first_day_that_is_still_in_time(today: date, days: int, first: date) -> None:
    assert earliest_in_time(today, days) == first


@given(DAYS, st.integers(0, 30), st.integers(-3, 60))
def test_late_is_what_came_before_the_first_day_in_time(today: date, days: int, ago: int) -> None:
    start = today - timedelta(days=ago)
    assert (start < earliest_in_time(today, days)) == (after_working_days(start, days) < today)
