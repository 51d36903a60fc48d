"""Deadlines by German clocks: minutes that are missing, minutes that come twice, working days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.exploration import deadlines
from allmende.lib.refusals import Refused

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2040, 12, 31))
# 2026: clocks go forward on 29 March at 2:00, back on 25 October at 3:00.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@given(DAYS, st.times())
def test_a_minute_is_what_german_clocks_show_or_is_refused_for_being_left_out(day: date, at: time) -> None:
    try:
        moment = deadlines.moment_of(day, at)
    except Refused:
        assert (day.month, day.weekday(), at.hour) == (3, 6, 2)
        return
    local = moment.astimezone(deadlines.HERE)
    assert (local.date(), local.hour, local.minute, local.second) == (day, at.hour, at.minute, 0)


@given(DAYS, st.times())
def test_no_later_moment_shows_the_same_minute(day: date, at: time) -> None:
    try:
        moment = deadlines.moment_of(day, at)
    except Refused:
        return
    again = (moment + timedelta(hours=1)).astimezone(deadlines.HERE)
    assert (again.date(), again.hour) != (day, at.hour)


def test_the_hour_that_clocks_leave_out_is_refused_in_words() -> None:
    with pytest.raises(Refused, match=r"Am 29\.03\.2026 gibt es 02:30 Uhr nicht"):
        deadlines.moment_of(SPRING, time(2, 30))


def test_of_an_hour_that_comes_twice_the_later_one_holds_and_says_so() -> None:
    moment = deadlines.moment_of(AUTUMN, time(2, 30))
    assert moment == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert deadlines.told(moment) == "Sonntag, 25.10.2026, 02:30 Uhr (CET, UTC+1)"
    assert deadlines.told(moment - timedelta(hours=1)) == "Sonntag, 25.10.2026, 02:30 Uhr (CEST, UTC+2)"


def test_a_deadline_is_told_with_its_day_of_the_week() -> None:
    assert (
        deadlines.told(deadlines.moment_of(date(2026, 12, 3), time(12)))
        == "Donnerstag, 03.12.2026, 12:00 Uhr"
    )


@given(st.datetimes(timezones=st.just(UTC)))
def test_the_moment_itself_counts_and_the_next_does_not(moment: datetime) -> None:
    assert deadlines.is_open(moment, moment)
    if moment > datetime(1990, 1, 1, tzinfo=UTC):
        assert not deadlines.is_open(moment - timedelta(microseconds=1), moment)
    assert not deadlines.is_open(None, moment)


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2026, 11, 23), 0),
        (date(2026, 11, 24), 1),
        (date(2026, 11, 28), 4),  # a Saturday
        (date(2026, 11, 30), 5),
        (date(2026, 12, 28), 24),  # after Christmas: the 25th is a Friday
    ],
)
def test_working_days_are_counted_without_weekends_and_holidays(day: date, left: int) -> None:
    assert deadlines.working_days_left(MONDAY, deadlines.moment_of(day, time(12))) == left


def test_too_short_is_refused_short_is_warned_of_and_long_enough_is_silent() -> None:
    too_short, short, usual = (deadlines.moment_of(date(2026, 11, day), time(12)) for day in (25, 26, 30))
    with pytest.raises(Refused, match="mindestens 3 Arbeitstage"):
        deadlines.check(too_short, None, MONDAY)
    assert deadlines.check(short, None, MONDAY) == short
    assert deadlines.warning(short, MONDAY).startswith(
        "Die Frist ist kurz: Die Unternehmen haben 3 Arbeitstage Zeit"
    )
    assert "5 Arbeitstage" in deadlines.warning(usual, MONDAY)
    assert deadlines.warning(deadlines.proposed(MONDAY), MONDAY) == ""


@pytest.mark.parametrize(
    ("deadline", "questions", "said"),
    [
        (None, None, "Legen Sie fest"),
        (MONDAY, None, "liegt in der Vergangenheit"),
        (MONDAY + timedelta(days=400), None, "mehr als ein Jahr"),
        (MONDAY + timedelta(days=20), MONDAY + timedelta(days=21), "Rückfragen enden"),
        (MONDAY + timedelta(days=20), MONDAY, "Rückfragen enden"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(deadline, questions, said) -> None:
    with pytest.raises(Refused, match=said):
        deadlines.check(deadline, questions, MONDAY)


@given(DAYS)
def test_the_reminder_comes_three_working_days_before_and_never_after(day: date) -> None:
    deadline = deadlines.moment_of(day, time(12))
    begins = deadlines.remind_from(deadline)
    assert begins < deadline
    assert deadlines.working_days_left(begins, deadline) in (deadlines.REMIND_DAYS, deadlines.REMIND_DAYS - 1)


@given(DAYS)
def test_what_is_proposed_is_never_short(day: date) -> None:
    now = datetime.combine(day, time(9), tzinfo=UTC)
    deadline = deadlines.proposed(now)
    assert deadlines.check(deadline, deadline - timedelta(days=7), now) == deadline
    assert deadlines.warning(deadline, now) == ""
