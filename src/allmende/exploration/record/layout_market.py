"""The pages of the record about the market: searches, list, questionnaires, talks."""

from typing import Any

from allmende.exploration.record.by_size import by_size
from allmende.exploration.record.redaction import WITHHELD
from allmende.exploration.record.telling import NONE, Content, Told, day, money, sentences, typed, words_of
from allmende.exploration.states import CANDIDATE, INQUIRY
from allmende.records.blocks import Block, Facts, Heading, Paragraph, Table

_DECIDED = ("Eintrag", "Entscheidung", "Grund", "entschieden")


def searches(content: Content, told: Told) -> list[Block]:
    rows = [
        (
            day(each["searched_at"]),
            each["source_name"],
            "\n".join(part for part in (each["query"], each["url"]) if part),
            NONE if each["hits"] is None else str(each["hits"]),
            _snapshot(each["snapshot"]),
        )
        for each in content["searches"]
    ]
    header = ("am", "Quelle", "Suchworte und Adresse", "Treffer", "Was der Marktplatz gezeigt hat")
    return [Heading("Recherche"), Table("Wo gesucht wurde", header, rows, (2, 2, 4, 1, 4))]


def _snapshot(snapshot: Content | None) -> str:
    if snapshot is None:
        return ""
    return f"{len(snapshot['entries'])} Einträge, Schnappschuss {snapshot['id']}, SHA-256 {snapshot['digest'][:16]}…"


def candidates(content: Content, told: Told) -> list[Block]:
    rows = [
        (
            told.candidates[each["id"]],
            CANDIDATE.labels[each["state"]],
            _grounds(each, told),
            f"{day(each['decided_at'])}, {told.person(each['decided_by'])}" if each["decided_at"] else "",
        )
        for each in content["candidates"]
    ]
    asked = {one["candidate"] for each in content["questionnaires"] for one in each["inquiries"]}
    left = [
        (told.candidates[each["id"]], each["not_asked_reason"] or NONE)
        for each in content["candidates"]
        if each["state"] == "kept" and each["id"] not in asked
    ]
    not_asked = [Table("Nicht angesprochen", ("Eintrag", "Warum"), left, (1, 1))] if left else []
    return [
        Heading("Lange und kurze Liste"),
        Table("Gefunden", _DECIDED, rows, (3, 2, 4, 2)),
        *_history(content, told),
        *not_asked,
    ]


def _history(content: Content, told: Told) -> list[Block]:
    """Every decision about those on whom somebody has changed their mind, in order."""
    rows = [
        (
            told.candidates[each["id"]],
            CANDIDATE.labels[one["state"]],
            _grounds(one, told),
            f"{day(one['decided_at'])}, {told.person(one['decided_by'])}",
        )
        for each in content["candidates"]
        if len(each["decisions"]) > 1
        for one in each["decisions"]
    ]
    return [Table("Geänderte Entscheidungen", _DECIDED, rows, (3, 2, 4, 2))] if rows else []


def _grounds(decided: Content, told: Told) -> str:
    return sentences(
        told.word("candidate_reason", decided["reason"]),
        decided["criterion_label"],
        decided["reason_text"],
        money(decided["amount"]) if decided["amount"] is not None else "",
    )


def asking(content: Content, told: Told) -> list[Block]:
    found: list[Block] = [Heading("Ansprache der Unternehmen")]
    if not content["questionnaires"]:
        return [*found, Paragraph("Es wurde kein Fragebogen verschickt.")]
    for each in content["questionnaires"]:
        found += _questionnaire(each, told)
    return [*found, *by_size(content, told)]


def _questionnaire(each: Content, told: Told) -> list[Block]:
    pairs = (
        ("Verschickt", f"{day(each['sent_at'])}, {told.person(each['sent_by']) or NONE}"),
        ("Antwort bis", day(each["deadline"])),
        ("Rückfragen bis", day(each["questions_until"])),
        ("Prüfsumme von Text, Fragen und Frist", each["digest"] or NONE),
    )
    asked = [
        (
            one["company_name"],
            told.word("company_size", one["size_class"]) or NONE,
            INQUIRY.labels[one["state"]],
            "\n".join(_letter(letter) for letter in one["letters"]),
            day(one["answered_at"]) if one["answered_at"] else one["declined_reason"],
        )
        for one in each["inquiries"]
    ]
    header = ("Unternehmen", "Größe", "Stand", "Versand und Zustellung", "beantwortet oder abgesagt")
    return [
        Heading(f"Fragebogen {each['round']}", 2),
        Facts(pairs),
        *typed(each["introduction"]),
        Facts([(f"Frage {one['position']}", one["text"]) for one in each["questions"]]),
        Table("Wer gefragt wurde und wer geantwortet hat", header, asked, (3, 2, 2, 4, 2)),
        *_answers(each),
        *_asked_back(each),
    ]


def _letter(letter: Content) -> str:
    kinds = {
        "asking": "Anschreiben",
        "again": "erneut",
        "reminder": "Erinnerung",
        "thanks": "Dank",
        "deadline": "Frist verlängert",
        "news": "Mitteilung",
        "receipt": "Eingang bestätigt",
    }
    states = {"queued": "wartet", "sent": "verschickt", "failed": "gescheitert", "bounced": "zurückgekommen"}
    at = day(letter["sent_at"] or letter["written_at"])
    return (
        f"{kinds.get(letter['kind'], letter['kind'])}: {states.get(letter['state'], letter['state'])}, {at}"
    )


def _answers(each: Content) -> list[Block]:
    texts = {one["id"]: one["text"] for one in each["questions"]}
    kinds = {one["id"]: one["kind"] for one in each["questions"]}
    found: list[Block] = []
    for one in each["inquiries"]:
        if one["answers"]:
            rows = [
                (texts[answer["question"]], _answer(answer, kinds[answer["question"]]))
                for answer in one["answers"]
            ]
            found.append(Table(f"Antwort: {one['company_name']}", ("Frage", "Antwort"), rows, (2, 3)))
    return found


def _answer(answer: Content, kind: str) -> str:
    if answer["value"] == WITHHELD:
        return "vertraulich, ausgelassen"
    said = "\n".join(part for part in (_value(answer["value"], kind), answer["remark"]) if part)
    return f"{said}\n(vertraulich)" if answer["is_confidential"] else said


def _value(value: Any, kind: str) -> str:
    """What was answered, as the kind of the question has it; what cannot be read so stands as it is."""
    try:
        if kind == "money":
            return money(value)
        return day(value) if kind == "date" else words_of(value)
    except (ArithmeticError, ValueError, TypeError):
        return words_of(value)


def _asked_back(each: Content) -> list[Block]:
    rows = [
        (one["shared_text"] or one["text"], one["answer"] or "nicht beantwortet", day(one["answered_at"]))
        for one in each["asked_back"]
    ]
    header = ("Rückfrage, wie alle sie lesen", "Antwort an alle", "am")
    return [Table("Rückfragen von Unternehmen", header, rows, (3, 3, 1))] if rows else []


def talks(content: Content, told: Told) -> list[Block]:
    found: list[Block] = [Heading("Gespräche und Vorführungen")]
    if not content["talks"]:
        return [*found, Paragraph("Es gab keine Gespräche.")]
    for each in content["talks"]:
        found += [
            Heading(f"{each['company_name']}, {day(each['held_at'])}", 2),
            Facts(
                (
                    ("Dauer", f"{each['minutes_long']} Minuten"),
                    ("Wer dabei war", each["participants"] or NONE),
                    (
                        "Was das Unternehmen dabei erfahren hat",
                        each["told_to_company"] or "nichts, was andere nicht wissen",
                    ),
                    ("Allen mitgeteilt", day(each["shared_at"])),
                )
            ),
            *typed(each["content"]),
        ]
    return found
