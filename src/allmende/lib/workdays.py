"""Working days in Germany: Monday to Friday without the nine holidays that every Land keeps.

A target that a Land's own holiday shortens by a day is kept one day early; nobody is promised less time than this.
"""

from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The nine days that are holidays in all sixteen Länder."""
    easter = _easter(year)
    moving = (easter + timedelta(days=days) for days in (-2, 1, 39, 50))
    fixed = (date(year, month, day) for month, day in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)))
    return frozenset((*moving, *fixed))


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the method of Gauss in the form of Lichtenberg."""
    century = year // 100
    correction = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    solar = 2 - (3 * century + 3) // 4
    lunar = year % 19
    seed = (19 * lunar + correction) % 30
    limit = (seed + lunar // 11) // 29
    full_moon = 21 + seed - limit
    first_sunday = 7 - (year + year // 4 + solar) % 7
    march = full_moon + 7 - (full_moon - first_sunday) % 7
    return date(year, 3, 1) + timedelta(days=march - 1)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def after_working_days(start: date, days: int) -> date:
    """The day on which that many working days after `start` are over; 0 gives `start` itself."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def earliest_in_time(today: date, days: int) -> date:
    """The first day from which that many working days are not over before `today`: what has waited since an earlier
    day is late. The other way round of `after_working_days`, so that a database can count what is late."""
    day = today
    while after_working_days(day - timedelta(days=1), days) >= today:
        day -= timedelta(days=1)
    return day
