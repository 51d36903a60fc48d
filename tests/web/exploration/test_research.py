"""Looking, choosing, talking and comparing, as people go through the pages."""

import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook

from allmende.exploration.actions.candidates import Verdict, add_from_snapshot, decide_many
from allmende.exploration.models import Candidate, LoggedSearch, MatrixEntry, Talk
from tests.exploration.shelf import Shelf, listed, looked, with_criteria
from tests.exploration.test_matrix import answered, asked
from tests.factories.people import signed_in


@pytest.fixture
def lead(shelf: Shelf) -> Client:
    return signed_in(shelf.hall["lead"])


def page(shelf: Shelf, rest: str = "") -> str:
    return f"/markterkundungen/{shelf.hall.case.public_id}{rest}"


def kept(shelf: Shelf) -> list[Candidate]:
    rows = listed(shelf)
    decide_many(
        shelf.hall.case,
        {each.public_id: 0 for each in rows},
        Verdict(state="kept", reason="fits"),
        by=shelf.hall.actor("lead"),
        now=shelf.hall.now,
    )
    return list(shelf.hall.case.candidates.order_by("solution_name"))


PAGES = ("/recherche", "/recherche/suche?q=melden", "/auswahl", "/gespraeche", "/auswertung")


@pytest.mark.parametrize("rest", PAGES)
def test_who_takes_part_reads_the_page_and_nobody_else(shelf: Shelf, rest: str) -> None:
    said = {
        name: signed_in(shelf.hall[name]).get(page(shelf, rest)).status_code
        for name in (
            "lead",
            "editor",
            "approver",
            "reader",
            "buyer",
            "colleague",
            "neighbour",
            "company",
            "desk",
        )
    }
    assert said == {
        **dict.fromkeys(("lead", "editor", "approver", "reader", "buyer"), 200),
        **dict.fromkeys(("colleague", "neighbour", "company", "desk"), 404),
    }


def test_one_press_makes_a_snapshot_and_its_ticks_a_long_list(shelf: Shelf, lead: Client) -> None:
    text = lead.get(page(shelf, "/recherche/suche?q=Straßenmelder&feld=verwaltung")).content.decode()
    assert "Schnappschuss machen" in text
    answer = lead.post(
        page(shelf, "/recherche/schnappschuss?q=Straßenmelder&feld=verwaltung"),
        {"remark": "Viel"},
        follow=True,
    )
    search = LoggedSearch.objects.get()
    assert (search.query, search.filters, search.note) == ("Straßenmelder", {"field": ["verwaltung"]}, "Viel")
    text = answer.content.decode()
    assert ("geprüft, unverändert" in text, "1. Straßenmelder" in text, "Handlungsfeld" in text) == (
        True,
        True,
        True,
    )
    chosen = [each.public_id for each in shelf.solutions[:2]]
    answer = lead.post(
        page(shelf, f"/recherche/{search.public_id}/auf-die-liste"), {"l": chosen}, follow=True
    )
    assert "2 Einträge stehen jetzt auf der Liste." in answer.content.decode()


def test_what_fits_the_need_is_kept_by_one_press_too(shelf: Shelf, lead: Client) -> None:
    with_criteria(shelf.hall)
    answer = lead.post(page(shelf, "/recherche/schnappschuss-passend"), follow=True)
    text = answer.content.decode()
    assert "Was zum Bedarf passt" in text
    assert "geprüft, unverändert" in text


def test_a_look_elsewhere_is_entered_and_put_right(shelf: Shelf, lead: Client) -> None:
    form = {"source": "other_towns", "query": "Wer nutzt was?", "hits": "1.200", "searched_on": "01.01.2020"}
    text = lead.post(page(shelf, "/recherche/eintragen"), form).content.decode()
    assert "halten Sie als Abweichung fest" in text
    today = datetime.date.today().strftime("%d.%m.%Y")  # noqa: DTZ011  # what somebody types today
    lead.post(page(shelf, "/recherche/eintragen"), {**form, "searched_on": today})
    search = LoggedSearch.objects.get()
    assert (search.source_name, search.hits) == ("Andere Kommunen", 1200)
    again = page(shelf, f"/recherche/{search.public_id}/berichtigen")
    assert "Wer nutzt was?" in lead.get(again).content.decode()
    lead.post(again, {**form, "searched_on": today, "hits": ""})
    search.refresh_from_db()
    assert search.hits is None


def test_of_a_reader_nobody_takes_a_snapshot_or_a_decision(shelf: Shelf) -> None:
    reader = signed_in(shelf.hall["reader"])
    row = listed(shelf)[0]
    for rest, form in (
        ("/recherche/schnappschuss?q=melden", {}),
        ("/auswahl/entscheiden", {"k": f"{row.public_id}:0", "decision": "kept:fits"}),
        (f"/auswahl/{row.public_id}", {"lock_version": "0", "decision": "kept:fits"}),
        (f"/auswahl/{row.public_id}/nicht-angesprochen", {"lock_version": "0", "reason": "x"}),
    ):
        text = reader.post(page(shelf, rest), form, follow=True).content.decode()
        assert "schreiben die federführende Person" in text
    assert LoggedSearch.objects.count() == 1
    row.refresh_from_db()
    assert row.state == "open"


def test_many_are_decided_at_once_and_what_the_reason_lacks_is_named(shelf: Shelf, lead: Client) -> None:
    rows = listed(shelf)
    ticks = [f"{each.public_id}:0" for each in rows[:2]]
    form = {"k": ticks, "decision": "dropped:too_expensive"}
    text = lead.post(page(shelf, "/auswahl/entscheiden"), form).content.decode()
    assert "Nennen Sie zum Grund „Zu teuer“ den Betrag" in text
    lead.post(page(shelf, "/auswahl/entscheiden"), {**form, "amount": "12.000,50"})
    found = [(each.state, str(each.amount)) for each in Candidate.objects.order_by("solution_name")]
    assert found == [("dropped", "12000.50")] * 2 + [("open", "None")] * 2
    text = lead.post(page(shelf, "/auswahl/entscheiden"), form | {"amount": "1"}).content.decode()
    assert "In der Zwischenzeit hat jemand anderes entschieden" in text


def test_the_page_of_an_entry_shows_every_decision_and_what_changed_since(shelf: Shelf, lead: Client) -> None:
    row = kept(shelf)[2]
    shelf.change(licence="MIT")
    text = lead.get(page(shelf, f"/auswahl/{row.public_id}")).content.decode()
    assert ("Stand hat sich seitdem geändert." in text, "Lizenz" in text, "Passt zum Bedarf" in text) == (
        True,
        True,
        True,
    )
    lead.post(page(shelf, f"/auswahl/{row.public_id}"), {"lock_version": "1", "decision": "open:"})
    assert [each.state for each in row.decisions.all()] == ["kept", "open"]


@pytest.mark.parametrize("rest", ["/auswahl", "/recherche"])
def test_a_list_costs_the_same_for_one_and_for_many(shelf: Shelf, lead: Client, rest: str) -> None:
    def count() -> int:
        lead.get(page(shelf, rest))
        with CaptureQueriesContext(connection) as captured:
            assert lead.get(page(shelf, rest)).status_code == 200
        return len(captured)

    search = looked(shelf)

    ids = [each.public_id for each in shelf.solutions]
    add_from_snapshot(search, ids[2:3], by=shelf.hall.actor("lead"), now=shelf.hall.now)
    one = count()
    looked(shelf, "Laternenmelder")
    add_from_snapshot(search, ids, by=shelf.hall.actor("lead"), now=shelf.hall.now)
    assert count() == one


def test_a_company_found_elsewhere_is_entered(shelf: Shelf, lead: Client) -> None:
    assert "Nennen Sie das Unternehmen" in lead.post(page(shelf, "/auswahl/neu"), {}).content.decode()
    lead.post(page(shelf, "/auswahl/neu"), {"company_name": "Anderswo AG", "url": "https://anderswo.example"})
    assert Candidate.objects.get().company_name == "Anderswo AG"


def test_a_talk_is_written_down_and_what_was_learned_is_told_to_all(shelf: Shelf, lead: Client) -> None:
    # The plan is of the tests' own day; the talk is of today.
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    type(shelf.hall.case).objects.filter(pk=shelf.hall.case.pk).update(plan_fixed_at=yesterday)
    today = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=12)
    form = {
        "company_name": "Melder GmbH",
        "day": today.strftime("%d.%m.%Y"),
        "hour": today.strftime("%H:%M"),
        "minutes_long": "45",
        "participants": "Bauhof",
        "content": "Vorführung",
        "told_to_company": "40 Meldungen am Tag",
    }
    lead.post(page(shelf, "/gespraeche/neu"), form)
    talk = Talk.objects.get()
    text = lead.get(page(shelf, "/gespraeche")).content.decode()
    assert "Noch nicht allen mitgeteilt." in text
    lead.post(page(shelf, f"/gespraeche/{talk.public_id}/mitgeteilt"), {"lock_version": "0"})
    assert "Allen mitgeteilt am" in lead.get(page(shelf, "/gespraeche")).content.decode()


def test_the_comparison_shows_voices_apart_and_goes_into_a_file(shelf: Shelf, lead: Client) -> None:
    must, _ = with_criteria(shelf.hall)
    rows = kept(shelf)
    price, _ = asked(
        shelf.hall, rows, [{"text": "Preis?", "kind": "money"}, {"text": "Anmerkung?", "kind": "text"}]
    )
    answered(shelf.hall, rows[0], (price, "7777.00", True))
    cell = page(shelf, f"/auswertung/{rows[0].public_id}/{must.public_id}")
    assert "<strong>Katalog:</strong> erfüllt" in lead.get(cell).content.decode()
    lead.post(
        cell, {"lock_version": "0", "result": "unmet", "basis": "judgement", "reason": "Geht so nicht."}
    )
    assert MatrixEntry.objects.get().result == "unmet"
    text = lead.get(page(shelf, "/auswertung")).content.decode()
    for words in (
        "<strong>Katalog:</strong> erfüllt",
        "<strong>Eigene Einschätzung:</strong> nicht erfüllt",
        "Die Angaben widersprechen sich.",
        "7.777,00",
        "vertraulich",
        "Preisspanne",
    ):
        assert words in text
    whole, less = (
        _cells(lead.get(page(shelf, f"/auswertung/tabelle.xlsx{rest}")).content)
        for rest in ("", "?vertraulich=nein")
    )
    assert ("7.777,00" in whole, "7.777,00" in less, "vertraulich, hier weggelassen" in less) == (
        True,
        False,
        True,
    )
    assert "keine Angabe" in whole


def _cells(content: bytes) -> str:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_the_list_of_requirements_names_no_product_and_says_so_where_it_does(
    shelf: Shelf, lead: Client
) -> None:
    with_criteria(shelf.hall)
    text = lead.get(page(shelf, "/auswertung/anforderungen.txt")).content.decode("utf-8-sig")
    assert ("- Quelloffen" in text, "Prüfen: Die Liste nennt" in text) == (True, False)
    need = shelf.hall.case.need
    # As word processors leave their line breaks.
    need.problem = "Wir wollen den AhornMelder2000\x0b der Firma Melder GmbH."
    need.save()
    shelf.change(name="AhornMelder2000")
    text = lead.get(page(shelf, "/auswertung/anforderungen.txt")).content.decode("utf-8-sig")
    assert "Prüfen: Die Liste nennt „AhornMelder2000“" in text
    whole = Document(io.BytesIO(lead.get(page(shelf, "/auswertung/anforderungen.docx")).content))
    assert "Quelloffen" in [paragraph.text for paragraph in whole.paragraphs]
    assert "Die Liste nennt noch Namen" in lead.get(page(shelf, "/auswertung")).content.decode()


def test_from_the_search_of_everybody_one_comes_to_the_own_cases(shelf: Shelf, lead: Client) -> None:
    text = lead.get("/markterkundungen/festhalten?q=melden").content.decode()
    assert page(shelf, "/recherche/suche?q=melden") in text
    text = signed_in(shelf.hall["company"]).get("/markterkundungen/festhalten?q=melden").content.decode()
    assert "Sie schreiben zurzeit an keiner Markterkundung mit." in text


@pytest.mark.parametrize("rest", ["/recherche/x", "/auswahl/x", "/gespraeche/x", "/auswertung/x/y"])
def test_what_is_not_of_the_case_is_not_found(shelf: Shelf, lead: Client, rest: str) -> None:
    assert lead.get(page(shelf, rest)).status_code == 404


def test_only_who_has_signed_in_is_led_from_the_search_to_the_cases(shelf: Shelf, lead: Client) -> None:
    link = 'href="/markterkundungen/festhalten?q=melden"'
    assert [link in client.get("/suche?q=melden").content.decode() for client in (lead, Client())] == [
        True,
        False,
    ]
