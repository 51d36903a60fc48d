"""The record as a document for people: the same parts make the PDF and the DOCX.

Everything stands in the content of the record; this only says it in words and in order.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allmende.demand.criteria import CRITERIA, label_of
from allmende.demand.criteria import told as in_words
from allmende.exploration.record import prefill, sheets
from allmende.exploration.record.layout_market import asking, candidates, searches, talks
from allmende.exploration.record.layout_results import (
    comparison,
    deviations,
    files,
    history,
    involvements,
)
from allmende.exploration.record.layout_value import value
from allmende.exploration.record.telling import NONE, ROLES, Content, Told, day, words_of
from allmende.exploration.steps import STEPS
from allmende.exploration.wording import NO_TENDER
from allmende.records.blocks import Block, Document, Facts, Heading, Paragraph, Table


def document_of(content: Content, *, digest: str = "", kinds: Mapping[str, str], at: datetime) -> Document:
    """The whole documentation. Without a digest it is a draft and says so on every page.

    `digest`: SHA-256 of the frozen case; of a redacted content too, that of the whole. `kinds`: German texts of the
    journal's kinds. `at`: when it was frozen, of a draft when it is made.
    """
    case, town = content["case"], content["authority"]["name"]
    state = "" if digest else "Entwurf – nicht freigegeben"
    redacted = " · ohne vertrauliche Angaben" if content.get("redacted") else ""
    hashed = f"SHA-256 {digest}" if digest else "Entwurf"
    return Document(
        title="Dokumentation der Markterkundung",
        subtitle=f"{case['title']} – {town}",
        author=town,
        at=at,
        running=f"Markterkundung {case['id']}{redacted}\n{hashed}",
        blocks=tuple(_blocks(content, digest, kinds)),
        state=state,
    )


def _blocks(content: Content, digest: str, kinds: Mapping[str, str]) -> list[Block]:
    told = Told(content, kinds)
    return [
        *_head(content, digest, told),
        *_people(content, told),
        *_need(content),
        *_plans(content, told),
        *sheets.blocks(content),
        *searches(content, told),
        *candidates(content, told),
        *asking(content, told),
        *talks(content, told),
        *comparison(content, told),
        *value(content, told),
        *involvements(content),
        *deviations(content, told),
        *files(content, told),
        *prefill.blocks(content),
        *history(content, told),
    ]


def _head(content: Content, digest: str, told: Told) -> list[Block]:
    case, approval = content["case"], content["approval"]
    frozen = (
        f"Am {day(approval['frozen_at'])} freigegeben von {told.person(approval['approved_by'])}."
        if approval
        else "Noch nicht freigegeben. Was hier steht, kann sich ändern."
    )
    pairs = (
        ("Kennung", case["id"]),
        ("Aktenzeichen", case["reference"] or NONE),
        ("Auftraggeber", content["authority"]["name"]),
        ("Amt oder Fachbereich", case["department"] or NONE),
        ("Zeitraum", f"{day(case['begun_at'])} bis {day(approval and approval['frozen_at'])}"),
        ("Plan festgelegt", f"{day(case['plan_fixed_at'])}, {told.person(case['plan_fixed_by']) or NONE}"),
        ("Zur Freigabe gegeben", f"{day(case['submitted_at'])}, {told.person(case['submitted_by']) or NONE}"),
        ("Freigabe", frozen),
        ("Prüfsumme (SHA-256)", digest or "erst mit der Freigabe"),
    )
    redacted = content.get("redacted")
    left_out = (
        f"Vertrauliche Angaben von Unternehmen sind ausgelassen ({redacted['left_out']} Stellen). Die Prüfsumme ist "
        "die der vollständigen Dokumentation."
        if redacted
        else "Vertrauliche Angaben von Unternehmen sind enthalten und mit „vertraulich“ gekennzeichnet (§ 5 VgV)."
    )
    invented = [Paragraph("Erfundener Fall zum Ausprobieren.", "note")] if case.get("is_invented") else []
    return [*invented, Paragraph(NO_TENDER, "note"), Facts(pairs), Paragraph(left_out, "note")]


def _people(content: Content, told: Told) -> list[Block]:
    members = [
        (
            told.person(each["user"]),
            ROLES.get(each["role"], each["role"]),
            day(each["since"]),
            day(each["until"]) if each["until"] else "",
        )
        for each in content["members"]
    ]
    declared = [
        (
            told.person(each["user"]),
            "Interessenkonflikt" if each["has_conflict"] else "kein Interessenkonflikt",
            "\n".join(part for part in (each["about"], each["remedy"]) if part),
            day(each["declared_at"]),
        )
        for each in content["declarations"]
    ]
    return [
        Heading("Beteiligte und Erklärungen"),
        Table("Beteiligte", ("Person", "Aufgabe", "seit", "bis"), members, (3, 2, 2, 2)),
        Table(
            "Erklärungen zu Interessenkonflikten (§ 6 VgV, § 4 UVgO)",
            ("Person", "Erklärung", "Worin er besteht und was daraus folgt", "am"),
            declared,
            (3, 2, 4, 2),
        ),
    ]


_NEED = (
    ("problem", "Problem"),
    ("goal", "Was besser werden soll"),
    ("users", "Für wen"),
    ("population", "Für wie viele Menschen"),
    ("existing_systems", "Vorhandene Systeme"),
)


def _plans(content: Content, told: Told) -> list[Block]:
    """Who was to do a step, and by when, in the order of the steps."""
    rows = [
        (
            STEPS[each["step"]].title if each["step"] in STEPS else each["step"],
            told.person(each["user"]) or NONE,
            day(each["due_on"]),
        )
        for each in sorted(
            content["step_plans"],
            key=lambda each: STEPS[each["step"]].number if each["step"] in STEPS else len(STEPS) + 1,
        )
    ]
    return (
        [Table("Wer welchen Schritt übernimmt", ("Schritt", "Person", "bis"), rows, (4, 3, 2))]
        if rows
        else []
    )


def _said(name: str, value: Any) -> str:
    if name == "population" and isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return words_of(value)


def _criterion(said: Mapping[str, Any]) -> str:
    """In the words that the need's own page has for it; what no registry knows any more with its code and value."""
    if said.get("text"):
        return str(said["text"])
    code = str(said.get("criterion", ""))
    known = CRITERIA.get(code)
    return (
        in_words(known, said.get("wanted")) if known else f"{label_of(code)}: {words_of(said.get('wanted'))}"
    )


def _need(content: Content) -> list[Block]:
    need, said = content["need"], content["need"]["content"]
    edition = f"Ausgabe {need['edition']}, Prüfsumme {need['digest']}" if need["edition"] else "Entwurf"
    pairs = [(label, _said(name, said.get(name))) for name, label in _NEED if name in said]
    rows = [
        ("Muss" if each.get("weight") == "must" else "Soll", _criterion(each))
        for each in said.get("criteria", [])
    ]
    table = [Table("Kriterien des Bedarfs", ("Gewicht", "Kriterium"), rows, (1, 6))] if rows else []
    return [
        Heading("Bedarf"),
        Facts([("Titel", words_of(said.get("title"))), ("Fassung", edition), *pairs]),
        *table,
    ]
