"""The pages of a case on which something is written: saved as one types, and never over somebody else's words."""

import pytest
from django.test import Client

from allmende.exploration.models import Deviation, Sheet
from allmende.exploration.steps import STEPS
from tests.exploration.hall import ANSWERS, Hall, fill, with_plan
from tests.factories.people import signed_in

OTHERS = ("colleague", "neighbour_buyer")


@pytest.fixture
def lead(hall: Hall) -> Client:
    return signed_in(hall["lead"])


def page(hall: Hall, rest: str = "") -> str:
    return f"/markterkundungen/{hall.case.public_id}{rest}"


@pytest.mark.parametrize("step", STEPS)
def test_every_step_opens_for_who_takes_part_and_for_nobody_else(hall: Hall, step: str) -> None:
    answers = {who: signed_in(hall[who]).get(page(hall, f"/{step}")) for who in ("lead", "reader", *OTHERS)}
    assert {who: each.status_code for who, each in answers.items()} == {
        "lead": 200,
        "reader": 200,
        **dict.fromkeys(OTHERS, 404),
    }
    assert f"Schritt {STEPS[step].number} von 15" in answers["lead"].content.decode()
    assert Client().get(page(hall, f"/{step}")).status_code == 302


def test_what_is_written_is_kept_and_leads_on_when_it_is_whole(hall: Hall, lead: Client) -> None:
    sent = {"lock_version": "0", "checked": "yes", "weiter": "1"}
    answer = lead.post(page(hall, "/bedarf/blatt"), sent)
    assert (answer.status_code, answer["Location"]) == (302, page(hall, "/zustaendigkeit"))
    sheet = Sheet.objects.get(case=hall.case, step="bedarf")
    assert (sheet.answers, sheet.is_done, sheet.changed_by) == (
        {"checked": "yes"},
        True,
        hall["lead"].public_id,
    )


def test_half_a_page_is_kept_and_what_is_missing_is_said(hall: Hall, lead: Client) -> None:
    sent = {"lock_version": "0", "checked": "justified", "weiter": "1"}
    answer = lead.post(page(hall, "/bedarf/blatt"), sent)
    assert "Füllen Sie „Warum ist ein Produkt genannt?“ aus." in answer.content.decode()
    sheet = Sheet.objects.get(case=hall.case, step="bedarf")
    assert (sheet.answers, sheet.is_done) == ({"checked": "justified"}, False)
    sent = {"lock_version": "1", "checked": "justified"}
    answer = lead.post(page(hall, "/bedarf/blatt"), {**sent, "bleiben": "1"}, follow=True)
    text = answer.content.decode()
    assert "Warum ist ein Produkt genannt?" in text
    assert "Vorhandene Produkte nennen, andere nicht" in text
    assert "keine Rechtsberatung" in text


def test_ways_are_considered_with_a_reason_and_hints_come_with_source_and_day(
    hall: Hall, lead: Client
) -> None:
    sent = {"lock_version": "0", "seite": "a", "reuse": "fits", "reuse-grund": "Es gibt etwas in Hessen."}
    answer = lead.post(page(hall, "/wege/blatt/sichern"), sent)
    text = answer.content.decode()
    assert "Auch kostenlose Software kann ein öffentlicher Auftrag sein" in text
    assert "C-796/18" in text
    assert "Stand 01.11.2026" in text
    assert Sheet.objects.get(step="wege").answers == {
        "reuse": {"verdict": "fits", "reason": "Es gibt etwas in Hessen."}
    }


def test_saving_as_one_types_and_pressing_the_button_may_cross(hall: Hall, lead: Client) -> None:
    sent = {"lock_version": "0", "seite": "a", "checked": "yes"}
    for _ in range(2):
        assert lead.post(page(hall, "/bedarf/blatt/sichern"), sent).status_code == 200
    assert lead.post(page(hall, "/bedarf/blatt"), {**sent, "bleiben": "1"}).status_code == 302
    assert Sheet.objects.get(step="bedarf").lock_version == 3


def test_two_colleagues_in_the_same_step_see_both_versions_and_choose(hall: Hall, lead: Client) -> None:
    editor = signed_in(hall["editor"])
    first = {"lock_version": "0", "seite": "a", "findings": "Drei Lösungen.", "prices": "1.000 Euro"}
    second = {"lock_version": "0", "seite": "b", "findings": "Vier Lösungen.", "risks": "Keine"}
    with_plan(hall)
    assert editor.post(page(hall, "/auswertung/blatt"), first).status_code == 302
    told = lead.post(page(hall, "/auswertung/blatt/sichern"), second).content.decode()
    assert "Inzwischen hat jemand anderes" in told
    answer = lead.post(page(hall, "/auswertung/blatt"), second)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert [word in text for word in ("Drei Lösungen.", "Vier Lösungen.", "Editor")] == [True, True, True]
    # Nothing is written over until somebody chooses; each question is chosen for itself.
    assert Sheet.objects.get(step="auswertung").answers["findings"] == "Drei Lösungen."
    chosen = {
        **second,
        "lock_version": "1",
        "wahl-findings": "andere",
        "wahl-prices": "andere",
        "wahl-risks": "meine",
    }
    assert lead.post(page(hall, "/auswertung/blatt"), chosen).status_code == 302
    assert Sheet.objects.get(step="auswertung").answers == {
        "findings": "Drei Lösungen.", "prices": "1.000 Euro", "risks": "Keine"
    }  # fmt: skip


def test_a_reader_reads_and_writes_nothing(hall: Hall) -> None:
    fill(hall, "bedarf")
    reader = signed_in(hall["reader"])
    text = reader.get(page(hall, "/bedarf")).content.decode()
    assert ("Ja, er ist produktneutral" in text, "<textarea" in text) == (True, False)
    answer = reader.post(page(hall, "/bedarf/blatt"), {"lock_version": "1", "checked": ""})
    assert "schreiben die federführende Person" in answer.content.decode()
    assert Sheet.objects.get(step="bedarf").answers == {"checked": "yes"}


def test_the_plan_is_fixed_by_a_button_and_changed_with_a_reason(hall: Hall, lead: Client) -> None:
    fill(hall, "plan")
    plan = {**ANSWERS["plan"], "from": "23.11.2026", "to": "23.12.2026", "lock_version": "1", "weiter": "1"}
    kept = lead.post(page(hall, "/plan/blatt"), {**plan, "weiter": "1"})
    assert kept["Location"] == page(hall, "/plan"), "the next step is shut until the plan is fixed"
    plan["lock_version"] = str(Sheet.objects.get(step="plan").lock_version)
    assert lead.post(page(hall, "/plan/festlegen"))["Location"] == page(hall, "/recherche")
    assert hall.fresh().plan_fixed_at is not None
    assert "blatt/sichern" not in lead.get(page(hall, "/plan")).content.decode()
    answer = lead.post(page(hall, "/plan/blatt"), {**plan, "purpose": "Anderes"})
    assert "Der Plan ist festgelegt." in answer.content.decode()
    answer = lead.post(
        page(hall, "/plan/blatt"), {**plan, "purpose": "Anderes", "abweichung": "Neuer Beschluss."}
    )
    assert answer.status_code == 302
    only = Deviation.objects.get()
    assert (only.reason, only.what) == (
        "Neuer Beschluss.",
        "Plan geändert. Wozu erkunden Sie den Markt? Vorher: „Wissen, welche Lösungen es gibt.“. Jetzt: „Anderes“.",
    )


def test_what_cannot_be_read_keeps_what_was_there(hall: Hall, lead: Client) -> None:
    fill(hall, "plan")
    sent = {"lock_version": "1", "from": "gestern", "purpose": "Anderes"}
    answer = lead.post(page(hall, "/plan/blatt"), sent)
    assert "zum Beispiel 03.02.2026" in answer.content.decode()
    kept = Sheet.objects.get(step="plan").answers
    assert (kept["from"], kept["purpose"]) == ("2026-11-23", "Anderes")


@pytest.mark.parametrize("version", ["", "x", "²", "99999999999", "-1"])
def test_a_form_without_a_version_is_out_of_date(hall: Hall, lead: Client, version: str) -> None:
    fill(hall, "bedarf")
    answer = lead.post(page(hall, "/bedarf/blatt"), {"lock_version": version, "checked": "justified"})
    assert answer.status_code == 409


def test_a_step_without_a_sheet_has_no_address_for_one(hall: Hall, lead: Client) -> None:
    assert [lead.post(page(hall, f"/{code}/blatt")).status_code for code in ("recherche", "unfug")] == [
        404,
        404,
    ]
