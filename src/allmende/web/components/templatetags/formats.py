"""Numbers, dates and lists as German readers write them. Unknown (`None`) stays unknown: "keine Angabe"."""

import datetime
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from allmende.lib.partial_dates import PartialDate

register = template.Library()

UNKNOWN = "keine Angabe"
# A line must not break between a number and its unit.
NO_BREAK = "\u00a0"


def _grouped(value: Decimal, places: int) -> str:
    text = f"{abs(value):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """1234.5 → "1.234,5"; with places, exactly that many: `{{ n|number:2 }}` → "1.234,50"."""
    if type(value) is int and value >= 0 and places is None:
        return f"{value:,}".replace(
            ",", "."
        )  # the panel of filters counts 150 times: a tenth of the way round
    exact = _decimal(value)
    if exact is None:
        return UNKNOWN
    if places is None:
        exponent = exact.normalize().as_tuple().exponent
        places = min(max(-exponent, 0), 2) if isinstance(exponent, int) else 0
    return _grouped(exact, places)


@register.filter
def euro(value: Any) -> str:
    """Decimal("1234.5") → "1.234,50 €"; whole amounts keep their cents, so that columns align."""
    exact = _decimal(value)
    return UNKNOWN if exact is None else f"{_grouped(exact, 2)}{NO_BREAK}€"


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """A share from 0 to 1: 0.256 → "26 %"."""
    exact = _decimal(value)
    return UNKNOWN if exact is None else f"{_grouped(exact * 100, places)}{NO_BREAK}%"


def _local(value: datetime.date | datetime.datetime) -> datetime.date | datetime.datetime:
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def day(value: datetime.date | PartialDate | None) -> str:
    """A date or moment → "03.02.2026" (moments in German time); of a day known in part what is known: "April 2024"."""
    if isinstance(value, PartialDate):
        return str(value)
    return f"{_local(value):%d.%m.%Y}" if isinstance(value, datetime.date) else UNKNOWN


def day_of(text: str) -> str:
    """A date as data write it, "2026-02-03" → "03.02.2026"; anything else stays as it is."""
    try:
        return day(datetime.date.fromisoformat(text))
    except ValueError:
        return text


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """A moment → "03.02.2026, 14:30 Uhr"."""
    return (
        f"{_local(value):%d.%m.%Y, %H:%M}{NO_BREAK}Uhr" if isinstance(value, datetime.datetime) else UNKNOWN
    )


@register.filter
def as_of(value: datetime.date | PartialDate | None) -> SafeString:
    """When something was so: "Stand 03.02.2026", "Stand Februar 2026", or "Stand unbekannt"."""
    if isinstance(value, PartialDate):
        words = '<span class="am-asof">Stand <time datetime="{}">{}</time></span>'
        return format_html(words, value.iso, str(value))
    if not isinstance(value, datetime.date):
        return format_html('<span class="am-asof">{}</span>', "Stand unbekannt")
    return format_html(
        '<span class="am-asof">Stand <time datetime="{}">{}</time></span>',
        f"{_local(value):%Y-%m-%d}",
        day(value),
    )


@register.filter
def joined(values: Iterable[Any] | None, last: str = "und") -> str:
    """["a", "b", "c"] → "a, b und c"; nothing at all is unknown."""
    words = [str(value) for value in values or ()]
    if not words:
        return UNKNOWN
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


@register.filter
def shortened(text: str, most: int = 80) -> str:
    """What somebody wrote, in a heading: after so many characters it ends with a word and "…"."""
    if len(text) <= most:
        return text
    start, _, _ = text[: most + 1].rpartition(" ")
    # One long word is cut where it is.
    whole = start if len(start) >= most // 2 else text[:most]
    return f"{whole.rstrip(' .,;:!?')} …"


@register.filter
def has_long_word(text: Any, most: int = 30) -> bool:
    """Whether a table would grow too wide with it: an address, a checksum. Words of a language stay whole."""
    return any(len(word) > most for word in str(text).split())


@register.filter
def counted(value: Any, words: str) -> str:
    """A number with its noun: `{{ 1|counted:"Lösung,Lösungen" }}` → "1 Lösung", 1234 → "1.234 Lösungen"."""
    one, many = words.split(",")
    return f"{number(value)}{NO_BREAK}{one if _decimal(value) == 1 else many}"


@register.filter
def or_unknown(value: Any) -> Any:
    """The value, or a grey "keine Angabe" where there is none. False and 0 are values."""
    if (
        value is None
        or value == ""
        or (isinstance(value, list | tuple | set | frozenset | dict) and not value)
    ):
        return format_html('<span class="am-unknown">{}</span>', UNKNOWN)
    return value
