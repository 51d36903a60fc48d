"""Days that people know to the month or to the year only: "2024", "04.2024", "April 2024", "01.04.2024"."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["day", "month", "year"]
_PRECISIONS: dict[str, Precision] = {"day": "day", "month": "month", "year": "year"}
PRECISIONS = (("day", "auf den Tag"), ("month", "auf den Monat"), ("year", "auf das Jahr"))
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
# Software that towns use is not older, and a typing error is no year.
EARLIEST, LATEST = 1950, 2199

_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
_MONTH = re.compile(r"(\d{1,2})\s?[./]\s?(\d{4})", re.ASCII)
_NAMED = re.compile(r"([A-Za-zäÄ]{3,9})\.?\s+(\d{4})")
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class PartialDate:
    """`day` is any day within what is meant; `precision` says how much of it was told."""

    day: date
    precision: Precision = "day"

    @property
    def first(self) -> date:
        if self.precision == "year":
            return self.day.replace(month=1, day=1)
        return self.day.replace(day=1) if self.precision == "month" else self.day

    @property
    def last(self) -> date:
        if self.precision == "year":
            return self.day.replace(month=12, day=31)
        if self.precision == "month":
            return self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])
        return self.day

    @property
    def iso(self) -> str:
        """As ISO 8601 writes it, with no more than was told: "2024", "2024-04", "2024-04-01"."""
        return self.day.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def __str__(self) -> str:
        if self.precision == "year":
            return str(self.day.year)
        if self.precision == "month":
            return f"{MONTHS[self.day.month - 1]} {self.day.year}"
        return f"{self.day:%d.%m.%Y}"


def parse(text: str) -> PartialDate:
    """What people type. Raises ValueError for anything that is no day, month or year between 1950 and 2199."""
    text = " ".join(text.split())
    if match := _DAY.fullmatch(text):
        return _made(int(match[3]), int(match[2]), int(match[1]))
    if match := _ISO.fullmatch(text):
        return _made(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _MONTH.fullmatch(text):
        return _made(int(match[2]), int(match[1]))
    if match := _NAMED.fullmatch(text):
        return _made(int(match[2]), _month(match[1]))
    if _YEAR.fullmatch(text):
        return _made(int(text))
    raise ValueError(text)


def _made(year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    if not EARLIEST <= year <= LATEST:
        raise ValueError(year)
    precision: Precision = "year" if month is None else "month" if day is None else "day"
    return PartialDate(date(year, 1 if month is None else month, 1 if day is None else day), precision)


def _month(word: str) -> int:
    """ "April", "apr", "Sept" → 4, 4, 9."""
    found = [at for at, name in enumerate(MONTHS, 1) if name.casefold().startswith(word.casefold())]
    if len(found) != 1:
        raise ValueError(word)
    return found[0]


def precision_of(code: str) -> Precision:
    """A stored precision as what it is. Raises KeyError for any other word: the database holds none."""
    return _PRECISIONS[code]


def told(day: date | None, precision: str) -> PartialDate | None:
    """What was told, from the two columns that keep it."""
    return PartialDate(day, precision_of(precision)) if day else None


def exactly(value: "date | PartialDate") -> PartialDate:
    """A plain date is one to the day."""
    return value if isinstance(value, PartialDate) else PartialDate(value)


def end_of(value: PartialDate, *, today: date) -> date:
    """The last day that is meant, and not one to come."""
    return value.day if value.precision == "day" else max(value.first, min(value.last, today))
