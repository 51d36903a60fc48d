"""The pages of the record about the value of the contract: how it was reckoned, by which rules, and what follows."""

from collections.abc import Mapping
from typing import Any

from allmende.exploration.record.telling import NONE, Content, Told, day, money
from allmende.records.blocks import Block, Facts, Heading, Items, Paragraph, Table


def value(content: Content, told: Told) -> list[Block]:
    found: list[Block] = [Heading("Auftragswert und Verfahrensart")]
    rows = [
        (
            day(each["estimated_on"]),
            money(each["total"]),
            told.person(each["made_by"]),
            str(each["content"].get("basis") or NONE),
        )
        for each in content["estimates"]
    ]
    if rows:
        header = ("am", "Wert", "von", "Worauf die Beträge beruhen")
        found.append(Table("Schätzungen nach § 3 VgV, netto (die letzte gilt)", header, rows, (2, 2, 3, 5)))
        found += _reckoning(content["estimates"][-1]["content"])
    chosen = content["procedure"]
    if chosen:
        pairs = (
            ("Verfahrensart", told.word("award_procedure", chosen["procedure"])),
            ("Regel mit Fassung", chosen["rule"]),
            ("Begründung", chosen["reason"]),
        )
        found += [Heading("Verfahrensart", 2), Facts(pairs)]
    return [*found, Paragraph("Hinweise auf Rechtsvorschriften sind keine Rechtsberatung.", "note")]


def _reckoning(estimated: Mapping[str, Any]) -> list[Block]:
    """The latest estimate with its way: parts, method, rules of its day and where the value stands beside them."""
    parts = [
        (each["label"], each.get("how") or NONE, money(each["value"])) for each in estimated.get("parts", [])
    ]
    found: list[Block] = [Heading("Wie gerechnet wurde", 2)]
    if estimated.get("summary"):
        found.append(Paragraph(str(estimated["summary"])))
    if parts:
        found.append(
            Table("Teile der letzten Schätzung", ("Was", "Rechnung", "Wert, netto"), parts, (4, 6, 2))
        )
    method = [f"{each['text']} ({each['source']})" for each in estimated.get("method", [])]
    said = [*method, *estimated.get("unknown", []), *estimated.get("notes", [])]
    return [*found, *([Items(said)] if said else []), *_rules(estimated)]


def _rules(estimated: Mapping[str, Any]) -> list[Block]:
    rules = estimated.get("rules") or {}
    rows = [
        (
            each["title"],
            f"{day(each['valid_from'])} bis {day(each['valid_to'])}",
            f"{each['source_title']} {each['source_url']}".strip(),
            day(each["as_of"]),
        )
        for each in rules.get("rules", [])
    ]
    positions = [each["words"] for each in estimated.get("positions", [])]
    found: list[Block] = []
    if rows:
        found.append(
            Table("Regeln, die an dem Tag galten", ("Regel", "gilt", "Quelle", "Stand"), rows, (4, 3, 5, 2))
        )
    said = [*positions, *rules.get("warnings", [])]
    return [*found, *([Items(said)] if said else [])]
