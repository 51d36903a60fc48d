"""The pages of contract value and procedure in a case."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from allmende.exploration.models import ValueEstimate
from allmende.procurement import actions as procurement
from tests.exploration.hall import PROGRAM, Hall
from tests.exploration.shelf import Shelf
from tests.exploration.test_matrix import answered, asked, kept
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
SAID = {
    "zeilen": "2", "day": "01.02.2026", "basis": "Auskünfte", "schritt": "speichern",
    "zeile-0-label": "Lizenz", "zeile-0-amount": "20.000", "zeile-0-rhythm": "one_off",
}  # fmt: skip


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]*>", " ", answer.content.decode()).replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def lead(hall: Hall) -> Client:
    procurement.load(by=PROGRAM, now=hall.now)
    return signed_in(hall["lead"])


def at(hall: Hall, step: str = "auftragswert") -> str:
    return f"/markterkundungen/{hall.case.public_id}/{step}"


def test_a_value_is_tried_kept_and_leads_on_to_the_procedure(hall: Hall, lead: Client) -> None:
    assert "Was fällt an?" in words(lead.get(at(hall)))
    tried = words(lead.post(at(hall), {**SAID, "schritt": "rechnen"}))
    assert "Probe, noch nicht festgehalten" in tried
    assert ValueEstimate.objects.count() == 0
    page = words(lead.post(at(hall), SAID, follow=True))
    assert "Die Schätzung ist festgehalten." in page
    assert "20.000 € netto. Der EU-Schwellenwert ist nicht erreicht." in page
    page = words(lead.get(at(hall)))
    assert "Letzte Schätzung" in page
    assert "Grundlage: Auskünfte" in page


def test_what_companies_answered_is_shown_and_taken_over_by_a_click_alone(shelf: Shelf) -> None:
    hall, lead = shelf.hall, signed_in(shelf.hall["lead"])
    rows = kept(shelf)
    once, yearly, _ = asked(
        hall,
        rows,
        [
            {"text": "Was kostet die Einführung?", "kind": "money", "prefill": "price_one_off"},
            {"text": "Was kostet es im Jahr?", "kind": "money", "prefill": "price_yearly"},
            {"text": "Was kostet eine Schulung?", "kind": "money"},
        ],
    )
    for place, amount in enumerate(("100.00", "500.00")):
        answered(hall, rows[place], (once, amount, False), (yearly, "1200.00", place == 1))
    page = words(lead.get(at(hall)))
    assert "Was kostet die Einführung? 100,00 € 300,00 € 500,00 € 2" in page
    assert "Was kostet es im Jahr? darunter vertrauliche Angaben 1.200,00 €" in page
    assert "Was kostet eine Schulung?" not in page, "nobody has answered it"
    assert "Einführung? (mittlere Antwort)" not in lead.get(at(hall)).content.decode()
    form = lead.get(at(hall), {"antworten": "mittlere"}).context["form"]
    assert [
        (line["label"], line["amount"], line["rhythm"])
        for line in [line.initial for line in form.lines if line.initial]
    ] == [
        ("Was kostet die Einführung? (mittlere Antwort)", Decimal("300.00"), "one_off"),
        ("Was kostet es im Jahr? (mittlere Antwort)", Decimal("1200.00"), "yearly"),
    ]
    # As for the catalogue's prices: without a term of its own, the usual one.
    assert form.initial["term"] == 48
    assert form.initial["basis"].startswith("Auskünfte von 2 Unternehmen: mittlere Antwort je Frage")


def test_the_next_estimate_begins_with_the_last_and_leaves_it(hall: Hall, lead: Client) -> None:
    lead.post(at(hall), SAID)
    assert 'value="Lizenz"' in lead.get(at(hall)).content.decode()
    lead.post(at(hall), {**SAID, "zeile-0-amount": "30.000"})
    page = words(lead.get(at(hall)))
    assert "Frühere Schätzungen 20.000,00 € netto, Tag der Schätzung 01.02.2026" in page
    assert ValueEstimate.objects.count() == 2


def test_what_is_missing_is_named_and_nothing_kept(hall: Hall, lead: Client) -> None:
    answer = lead.post(at(hall), {**SAID, "basis": "", "zeile-0-label": ""})
    assert answer.status_code == 422
    assert "Füllen Sie „Worauf beruhen die Beträge?“ aus." in words(answer)
    assert "Schreiben Sie, wofür der Betrag ist" in words(answer)
    answer = lead.post(at(hall), {**SAID, "day": "01.02.2099"})
    assert "liegt in der Zukunft" in words(answer)
    assert lead.post(at(hall), {**SAID, "mehr": "1", "schritt": ""}).status_code == 200
    assert ValueEstimate.objects.count() == 0


def test_a_procedure_is_chosen_with_rule_and_reason(hall: Hall, lead: Client) -> None:
    page = words(lead.get(at(hall, "verfahrensart"), follow=True))
    assert "Schätzen Sie zuerst den Auftragswert." in page
    lead.post(at(hall), SAID)
    said = {
        "procedure": "direct_award",
        "rule": "Satzung",
        "reason": "Unter der Grenze.",
        "lock_version": "0",
    }
    assert lead.post(at(hall, "verfahrensart"), {**said, "procedure": "eu_open"}).status_code == 422
    page = words(lead.post(at(hall, "verfahrensart"), said, follow=True))
    assert "Die Verfahrensart ist festgehalten." in page
    again = words(lead.post(at(hall, "verfahrensart"), said))
    assert "In der Zwischenzeit hat jemand anderes gespeichert." in again
    lead.post(at(hall), {**SAID, "zeile-0-amount": "300.000"})
    assert "„Direktauftrag“ kennen die Regeln für diesen Wert nicht." in words(
        lead.get(at(hall, "verfahrensart"))
    )


def test_who_reads_along_sees_no_form_and_a_stranger_nothing(hall: Hall, lead: Client) -> None:
    lead.post(at(hall), SAID)
    reader = signed_in(hall["reader"])
    page = words(reader.get(at(hall)))
    assert "Letzte Schätzung" in page
    assert "Schätzung festhalten" not in page
    assert "Noch ist keine gewählt." in words(reader.get(at(hall, "verfahrensart")))
    for stranger in ("colleague", "neighbour", "neighbour_buyer", "company", "desk"):
        for step in ("auftragswert", "verfahrensart"):
            assert signed_in(hall[stranger]).get(at(hall, step)).status_code == 404
    refused = reader.post(at(hall), SAID)
    assert "schreiben die federführende Person und wer mitarbeitet" in words(refused)
    assert ValueEstimate.objects.count() == 1
