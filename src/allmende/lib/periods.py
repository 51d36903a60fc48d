"""Months from day to day."""

from datetime import date


def months_before(day: date, months: int) -> date:
    """The same day so many months ago; the last of a shorter month (31 March less one is 28 or 29 February)."""
    return _moved(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, by the same rule."""
    return _moved(day, months)


def _moved(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    length = (after - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, length))
