"""An estimate as a page shows it: the reckoning line by line, the limits of its day, and what to look out for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from allmende.lib.canonical import canonical_json
from allmende.procurement.applicable import NO_ADVICE, Applicable
from allmende.procurement.estimate import Estimated
from allmende.procurement.positions import LABELS, record_data
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import day, euro

_ROLES = {"main": "", "option": "Option", "joint": "Bedarf einer anderen Kommune"}


@dataclass(frozen=True)
class Source:
    """Where a rule comes from."""

    title: str
    source_title: str
    source_url: str
    as_of: date
    legal_text: str
    note: str


@dataclass(frozen=True)
class Reckoning:
    """Everything that stands on the page about one estimate."""

    summary: str
    is_complete: bool
    parts: Table
    limits: Table | None
    principles: str
    method: list[str]
    unknown: list[str]
    notes: list[str]
    warnings: list[str]
    sources: list[Source]
    basis: str
    notice: str = NO_ADVICE


def reckoning(estimated: Estimated, applicable: Applicable) -> Reckoning:
    """Of an estimate that was made just now, in the shape in which it would be kept."""
    return kept(json.loads(canonical_json(record_data(estimated, applicable))))


def kept(content: Mapping[str, Any]) -> Reckoning:
    """Of what was kept of an estimate: what it said then, whatever the rules say by now."""
    rules = content["rules"]
    return Reckoning(
        summary=content["summary"],
        is_complete=content["is_complete"],
        parts=_parts(content),
        limits=_limits(content),
        principles=rules["principles"],
        method=[_method(each) for each in content["method"]],
        unknown=content["unknown"],
        notes=content["notes"],
        warnings=rules["warnings"],
        sources=[_source(each) for each in rules["rules"]],
        basis=content.get("basis", ""),
    )


def _parts(content: Mapping[str, Any]) -> Table:
    rows = [_part(each) for each in content["parts"]]
    if Decimal(content["rounding"]):
        rows.append(Row([Cell("Rundung"), Cell(""), Cell(euro(content["rounding"]))]))
    least = "" if content["is_complete"] else "mindestens "
    return Table(
        caption="So ist gerechnet",
        columns=[Column("Wofür"), Column("Rechnung"), Column("Wert, netto", numeric=True)],
        rows=rows,
        foot=Row([Cell("Geschätzter Auftragswert"), Cell(""), Cell(f"{least}{euro(content['total'])}")]),
        sticky=False,
    )


def _part(part: Mapping[str, Any]) -> Row:
    note = ", ".join(each for each in (_ROLES[part["role"]], part["lot"] and f"Los {part['lot']}") if each)
    value = None if part["value"] is None else euro(part["value"])
    return Row([Cell(part["label"], note=note), Cell(part["how"]), Cell(value)])


def _limits(content: Mapping[str, Any]) -> Table | None:
    states = {each["procedure"]: each for each in content["positions"]}
    rows = [
        Row([Cell(limit["label"]), Cell(limit["words"]), Cell(_stands(states[limit["procedure"]]))])
        for limit in content["rules"]["limits"]
    ]
    if not rows:
        return None
    return Table(
        caption=f"Grenzen am {day(date.fromisoformat(content['day']))}",
        columns=[Column("Verfahren"), Column("Grenze, netto"), Column("Ihr Auftragswert")],
        rows=rows,
        sticky=False,
    )


def _stands(position: Mapping[str, Any]) -> str:
    label = LABELS[position["state"]]
    return f"{label[0].upper()}{label[1:]}. {position['words']}"


def _method(basis: Mapping[str, Any]) -> str:
    check = "" if basis["is_checked"] else " Prüfen Sie den Wortlaut, bevor Sie sich darauf stützen."
    return f"{basis['text']} ({basis['source']}){check}"


def _source(rule: Mapping[str, Any]) -> Source:
    return Source(
        title=rule["title"],
        source_title=rule["source_title"],
        source_url=rule["source_url"],
        as_of=date.fromisoformat(rule["as_of"]),
        legal_text=rule["legal_text"],
        note=rule["note"],
    )
