"""Reads what the register does not carry: points, types given as data, changes of territory. Pure, CSV in UTF-8.

Columns are found by name; a comma or a semicolon separates them. A line that cannot be read is a finding.
"""

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from allmende.lib.refusals import Refused
from allmende.regions.drafts import Finding, RegionDraft, SuccessionDraft
from allmende.regions.size_classes import SIZE_CLASS_LABELS

Row = Mapping[str, str]
Made = TypeVar("Made")

# A little more than Germany's own corners, so that a swapped pair is noticed.
LATITUDES, LONGITUDES = (47.0, 55.5), (5.5, 15.5)


@dataclass(frozen=True, slots=True)
class Point:
    """WGS84 degrees; `basis` says what the point lies in: gemeinde or kreis."""

    latitude: float
    longitude: float
    basis: str


def read_points(content: bytes) -> tuple[dict[str, Point], tuple[Finding, ...]]:
    """Points by key, from columns `ags` (or `kreis_ags`), `lon`, `lat` and, where there is one, `basis`."""
    pairs, findings = _read(content, "Punkten", (("ags", "kreis_ags"), ("lon",), ("lat",)), _point)
    return dict(pairs), findings


def read_types(content: bytes) -> tuple[dict[str, int], tuple[Finding, ...]]:
    """BBSR keys (11–50) by AGS, from columns `ags` and `size_class`."""
    pairs, findings = _read(content, "Gemeindetypen", (("ags",), ("size_class",)), _type)
    return dict(pairs), findings


def read_changes(content: bytes) -> tuple[tuple[SuccessionDraft, ...], tuple[Finding, ...]]:
    """Successions from columns `old`, `new`, `date` (2024-01-01 or 01.01.2024) and, where there is one, `share`."""
    drafts, findings = _read(content, "Gebietsänderungen", (("old",), ("new",), ("date",)), _change)
    return tuple(drafts), findings


def with_points(drafts: Iterable[RegionDraft], points: Mapping[str, Point]) -> tuple[RegionDraft, ...]:
    """The same regions, each with its point where there is one."""
    return tuple(_with_point(draft, points.get(draft.key)) for draft in drafts)


def with_types(drafts: Iterable[RegionDraft], types: Mapping[str, int]) -> tuple[RegionDraft, ...]:
    """The same regions, each with its type where one is given."""
    return tuple(
        replace(draft, size_class=types[draft.key]) if draft.key in types else draft for draft in drafts
    )


def _with_point(draft: RegionDraft, point: Point | None) -> RegionDraft:
    if point is None:
        return draft
    return replace(draft, latitude=point.latitude, longitude=point.longitude, point_basis=point.basis)


def _read(
    content: bytes, what: str, columns: tuple[tuple[str, ...], ...], make: Callable[[Row], Made]
) -> tuple[list[Made], tuple[Finding, ...]]:
    rows = _rows(content, what)
    try:
        return _made(rows, what, columns, make)
    except csv.Error as error:
        # The reader stops where a quotation mark is never closed; what comes after it nobody can tell.
        raise Refused(
            f"Die Datei mit {what} ist ab Zeile {rows.line_num} nicht lesbar. Fehlt dort ein Anführungszeichen?"
        ) from error


def _made(
    rows: "csv.DictReader[str]",
    what: str,
    columns: tuple[tuple[str, ...], ...],
    make: Callable[[Row], Made],
) -> tuple[list[Made], tuple[Finding, ...]]:
    header = set(rows.fieldnames or ())
    missing = [names[0] for names in columns if not header.intersection(names)]
    if missing:
        raise Refused(
            f"In der Datei mit {what} fehlt die Spalte {', '.join(f'„{name}“' for name in missing)}."
        )
    made, findings = [], []
    for row in rows:
        try:
            made.append(make({name: (value or "").strip() for name, value in row.items() if name in header}))
        except ValueError as wrong:
            findings.append(Finding("error", str(wrong), rows.line_num))
    return made, tuple(findings)


def _rows(content: bytes, what: str) -> "csv.DictReader[str]":
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"Die Datei mit {what} ist nicht in UTF-8 gespeichert.") from None
    head = text.split("\n", 1)[0]
    return csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",", strict=True)


def _key(row: Row, *columns: str) -> str:
    key = next((row[column] for column in columns if column in row), "")
    if not (key.isascii() and key.isdecimal() and len(key) in (2, 5, 8, 9)):
        raise ValueError(f"„{key}“ ist kein Schlüssel. Fehlt eine führende Null?")
    return key


def _point(row: Row) -> tuple[str, Point]:
    key = _key(row, "ags", "kreis_ags")
    latitude = _between(row["lat"], LATITUDES, "Die Breite")
    longitude = _between(row["lon"], LONGITUDES, "Die Länge")
    basis = row.get("basis") or ("kreis" if "kreis_ags" in row else "gemeinde")
    if basis not in ("gemeinde", "kreis"):
        raise ValueError(f"„{basis}“ ist keine Grundlage eines Punktes; möglich sind gemeinde und kreis.")
    return key, Point(latitude, longitude, basis)


def _between(text: str, bounds: tuple[float, float], what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{what} „{text}“ ist keine Zahl.") from None
    if not bounds[0] <= value <= bounds[1]:
        raise ValueError(f"{what} {text} liegt nicht in Deutschland.")
    return value


def _type(row: Row) -> tuple[str, int]:
    key = _key(row, "ags")
    text = row["size_class"]
    if text not in {str(known) for known in SIZE_CLASS_LABELS}:
        raise ValueError(
            f"Den Gemeindetyp „{text}“ gibt es nicht; möglich sind 11, 12, 21, 22, 30, 40 und 50."
        )
    return key, int(text)


def _change(row: Row) -> SuccessionDraft:
    old, new = _key(row, "old"), _key(row, "new")
    if old == new:
        raise ValueError(f"{old} kann nicht sein eigener Nachfolger sein.")
    return SuccessionDraft(old, new, _date(row["date"]), _share(row.get("share", "")))


def _date(text: str) -> datetime.date:
    parts = text.split(".")
    try:
        return datetime.date.fromisoformat("-".join(reversed(parts)) if len(parts) == 3 else text)
    except ValueError:
        raise ValueError(f"„{text}“ ist kein Datum; möglich sind 2024-01-01 und 01.01.2024.") from None


def _share(text: str) -> float | None:
    if not text:
        return None
    value = _between_zero_and_one(text.replace(",", "."))
    if value is None:
        raise ValueError(f"„{text}“ ist kein Anteil zwischen 0 und 1.")
    return value


def _between_zero_and_one(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value <= 1 else None
