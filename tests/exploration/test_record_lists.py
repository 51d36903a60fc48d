"""What the record says about the long list: who was dropped and why, and on whom somebody changed their mind."""

from typing import Any

from allmende.exploration.record.layout_market import candidates
from allmende.exploration.record.prefill import uvgo, vgv
from allmende.exploration.record.telling import Told
from allmende.records.blocks import Table

ANNA = {"id": "anna", "name": "Anna Amt", "function": "Vergabestelle"}


def decision(state: str, reason: str, text: str, at: str) -> dict[str, Any]:
    return {
        "state": state,
        "reason": reason,
        "reason_text": text,
        "criterion_label": "",
        "amount": None,
        "decided_at": at,
        "decided_by": "anna",
    }


def entry(public_id: str, name: str, *decisions: dict[str, Any]) -> dict[str, Any]:
    return {
        **decisions[-1],
        "id": public_id,
        "solution_name": name,
        "company_name": "",
        "not_asked_reason": "",
        "decisions": list(decisions),
    }


def content() -> dict[str, Any]:
    dear = decision("dropped", "price", "Zu teuer.", "2026-10-25T00:30:00+00:00")
    back = decision("kept", "fits", "Der Preis war falsch.", "2026-10-25T01:30:00+00:00")
    return {
        "people": [ANNA],
        "words": {"candidate_reason": {"price": "Preis", "fits": "Passt", "closed": "Nicht offen"}},
        "questionnaires": [],
        "candidates": [
            entry("a", "Melderin", dear, back),
            entry("b", "Rohrpost", decision("dropped", "closed", "", "2026-10-25T02:30:00+00:00")),
            entry(
                "c", "Fernblick", decision("dropped", "price", "Über dem Plan.", "2026-10-26T08:00:00+00:00")
            ),
        ],
    }


def tables() -> dict[str, Table]:
    made = content()
    return {each.caption: each for each in candidates(made, Told(made, {})) if isinstance(each, Table)}


def test_a_changed_decision_stands_in_the_record_with_the_one_before_it_in_order() -> None:
    rows = tables()["Geänderte Entscheidungen"].rows
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("Melderin", "ausgeschieden", "Preis. Zu teuer."),
        ("Melderin", "bleibt", "Passt. Der Preis war falsch."),
    ]
    assert [row[3] for row in rows] == [
        "25.10.2026, 02:30 Uhr (Sommerzeit), Anna Amt, Vergabestelle",
        "25.10.2026, 02:30 Uhr (Winterzeit), Anna Amt, Vergabestelle",
    ]


def test_decisions_nobody_changed_are_told_once() -> None:
    made = content()
    made["candidates"] = made["candidates"][1:]
    found = [each.caption for each in candidates(made, Told(made, {})) if isinstance(each, Table)]
    assert "Gefunden" in found
    assert "Geänderte Entscheidungen" not in found


def test_in_the_procurement_file_each_company_has_a_line_of_its_own() -> None:
    dropped = (
        "In der Markterkundung ausgeschieden:\n– Rohrpost (Nicht offen)\n– Fernblick (Preis – Über dem Plan.)"
    )
    kept = "In der Markterkundung auf der kurzen Liste:\n– Melderin (Passt – Der Preis war falsch.)"
    whole = {**content(), "authority": {"name": "Stadt"}, "case": {"title": "Melden"}, "estimates": []}
    whole |= {"sheets": [], "declarations": [], "procedure": None}
    assert [each.text for each in vgv(whole)[1:3]] == [kept, dropped]
    assert [each.text for each in uvgo(whole)[3:5]] == [kept, dropped]
