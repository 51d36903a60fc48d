"""What the rules of all sections have in common."""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence

from allmende.federation.formats.publiccode.addresses import is_email, is_web_address
from allmende.federation.formats.publiccode.report import Report

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

DROP = "ist veraltet und fällt künftig weg; streichen Sie die Angabe"
"""The end of a sentence about a deprecated key."""


def is_date(text: str) -> bool:
    """YYYY-MM-DD, and the day exists."""
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def need(report: Report, key: str, value: object, help_: str) -> bool:
    if value not in ("", None):
        return True
    report.missing(key, f"Die Pflichtangabe „{key}“ fehlt; {help_}.")
    return False


def check_choice(report: Report, key: str, value: str, allowed: Sequence[str], help_: str) -> None:
    if need(report, key, value, help_) and value not in allowed:
        report.error(key, f"„{cut(value)}“ ist kein Wert für „{key}“; erlaubt sind {', '.join(allowed)}.")


def check_web_address(report: Report, key: str, value: str | None) -> None:
    if value is not None and not is_web_address(value):
        report.error(
            key,
            f"„{key}“ ist keine Webadresse: „{cut(value)}“; schreiben Sie sie ganz aus, mit https:// vorn.",
        )


def check_email(report: Report, key: str, value: str | None) -> None:
    if value is not None and not is_email(value):
        report.error(
            key, f"„{key}“ ist keine E-Mail-Adresse; schreiben Sie sie aus oder streichen Sie die Zeile."
        )


def check_each(
    report: Report, key: str, values: Iterable[str] | None, is_good: Callable[[str], bool], sentence: str
) -> None:
    for at, value in enumerate(values or ()):
        if not is_good(value):
            report.error(f"{key}[{at}]", sentence.format(value=cut(value)))


def cut(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 60 else one_line[:59] + "…"
