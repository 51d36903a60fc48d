"""The project's own compact table of the register: written by `import-regions --write-table`, read by `load-regions`.

Two files in one folder: `regions.csv` (one line per region, semicolons, by ARS) and `register.json` (date, sources).
The key, the level and what a region belongs to follow from its ARS and the other lines; they are not repeated.
"""

import csv
import datetime
import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from allmende.lib.refusals import Refused
from allmende.regions import levels
from allmende.regions.drafts import RegionDraft, RegisterDraft

OWN_TABLE = Path(__file__).parent / "data"
COLUMNS = ("ars", "name", "type", "population", "area_ha", "postcode", "lat", "lon", "basis", "size_class")
_KREIS_POINT = "kreis"


def digest_of(folder: Path) -> str:
    """SHA-256 over both files; the same table is recognised without reading it."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _files(folder))).hexdigest()


def write(folder: Path, edition: RegisterDraft, regions: Iterable[RegionDraft], point_source: str) -> None:
    """Write both files; the same regions give the same bytes.

    `point_source`: the attribution of the points, empty where there are none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table, about = _paths(folder)
    attribution = "; ".join(filter(None, (edition.attribution, point_source)))
    facts = {
        "as_of": edition.as_of.isoformat(),
        "population_as_of": edition.population_as_of and edition.population_as_of.isoformat(),
        "attribution": attribution,
    }
    about.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    table.write_text(_as_csv(sorted(regions, key=lambda draft: draft.ars)), encoding="utf-8")


def read(folder: Path) -> RegisterDraft:
    """Read both files back. Raises `Refused` where they are missing or damaged: they are ours, not foreign input."""
    table, about = _paths(folder)
    try:
        facts = json.loads(about.read_text(encoding="utf-8"))
        rows = list(
            csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")), delimiter=";", strict=True)
        )
        regions = _drafts(rows)
        return RegisterDraft(
            as_of=datetime.date.fromisoformat(facts["as_of"]),
            population_as_of=_date(facts["population_as_of"]),
            source="table",
            digest=digest_of(folder),
            attribution=facts["attribution"],
            regions=regions,
            lines=len(rows),
        )
    except (OSError, KeyError, ValueError, csv.Error) as damaged:
        raise Refused(
            f"Die Tabelle der Gebiete in {folder} fehlt oder ist beschädigt ({damaged})."
        ) from damaged


def as_of(folder: Path) -> datetime.date:
    """The date of the table, from its small file alone."""
    _, about = _files(folder)
    return datetime.date.fromisoformat(json.loads(about.read_text(encoding="utf-8"))["as_of"])


def _paths(folder: Path) -> tuple[Path, Path]:
    return folder / "regions.csv", folder / "register.json"


def _files(folder: Path) -> tuple[Path, Path]:
    table, about = _paths(folder)
    if not (table.is_file() and about.is_file()):
        raise Refused(f"Die Tabelle der Gebiete fehlt in {folder}.")
    return table, about


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _as_csv(drafts: Iterable[RegionDraft]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_line(draft) for draft in drafts)
    return out.getvalue()


def _line(draft: RegionDraft) -> tuple[Any, ...]:
    # A point in the Gemeinde itself is the rule, so only the exception is written.
    basis = _KREIS_POINT if draft.level == levels.GEMEINDE and draft.point_basis == _KREIS_POINT else ""
    return (
        draft.ars,
        draft.official_name,
        draft.type_code,
        draft.population,
        draft.area_ha,
        draft.postcode,
        draft.latitude,
        draft.longitude,
        basis,
        draft.size_class,
    )


def _drafts(rows: list[dict[str, str]]) -> tuple[RegionDraft, ...]:
    known = {row["ars"] for row in rows}
    orphans = [ars for ars in known if not {ars[:2], ars[:5]} <= known]
    if orphans:
        raise ValueError(f"{min(orphans)}: Land oder Kreis fehlt")
    # Parents before children: a shorter ARS lies above a longer one.
    return tuple(_draft(row, known) for row in sorted(rows, key=lambda row: (len(row["ars"]), row["ars"])))


def _draft(row: dict[str, str], known: set[str]) -> RegionDraft:
    ars = row["ars"]
    key = levels.key_from_ars(ars)
    return RegionDraft(
        key=key,
        ars=ars,
        level=levels.level_of(key, row["type"]),
        official_name=row["name"],
        type_code=row["type"],
        parent_key=next(
            (ars[:length] for length in (9, 5, 2) if length < len(ars) and ars[:length] in known), None
        ),
        population=_whole(row["population"]),
        area_ha=_whole(row["area_ha"]),
        postcode=row["postcode"],
        latitude=_degrees(row["lat"]),
        longitude=_degrees(row["lon"]),
        point_basis=_basis(row, key),
        size_class=_whole(row["size_class"]),
    )


def _basis(row: dict[str, str], key: str) -> str:
    if not row["lat"]:
        return ""
    return row["basis"] or (_KREIS_POINT if len(key) == 5 else "gemeinde")


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _degrees(text: str) -> float | None:
    return float(text) if text else None
