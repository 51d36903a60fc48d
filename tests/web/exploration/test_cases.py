"""The pages of a case around its sheets, as people go through them."""

import io

import pytest
from django.test import Client

from allmende.demand.models import Outcome
from allmende.exploration.models import Case, CaseMember, ConflictDeclaration, Involvement, StepPlan
from allmende.files.limits import LARGEST_DOCUMENT
from allmende.files.models import StoredFile
from tests.exploration.hall import Hall, with_plan
from tests.factories.people import signed_in
from tests.files.making import pdf


@pytest.fixture
def lead(hall: Hall) -> Client:
    return signed_in(hall["lead"])


def page(hall: Hall, rest: str = "") -> str:
    return f"/markterkundungen/{hall.case.public_id}{rest}"


def test_a_case_begins_on_the_page_of_a_need_in_one_step(hall: Hall) -> None:
    Case.objects.filter(pk=hall.case.pk).update(state="stopped", ended_at=hall.now, stopped_reason="x")
    need = hall.case.need.public_id
    answer = signed_in(hall["colleague"]).post(f"/bedarfe/{need}/markterkundung")
    case = Case.objects.exclude(pk=hall.case.pk).get()
    assert (answer.status_code, answer["Location"]) == (302, f"/markterkundungen/{case.public_id}")
    again = signed_in(hall["buyer"]).post(f"/bedarfe/{need}/markterkundung", follow=True)
    assert "Zu diesem Bedarf läuft schon eine Markterkundung." in again.content.decode()
    assert signed_in(hall["neighbour"]).post(f"/bedarfe/{need}/markterkundung").status_code == 404


def test_a_case_begins_without_a_need_with_a_title(hall: Hall) -> None:
    client = signed_in(hall["colleague"])
    assert "Füllen Sie „Worum geht es?“ aus." in client.post("/markterkundungen/neu").content.decode()
    answer = client.post("/markterkundungen/neu", {"title": "Raumbuchung"}, follow=True)
    text = answer.content.decode()
    assert ("<h1>Raumbuchung</h1>" in text, "0 von 12 Schritten sind fertig" in text) == (True, True)


def test_who_may_not_begin_reads_why(hall: Hall) -> None:
    text = signed_in(hall["company"]).get("/markterkundungen/neu").content.decode()
    assert "Das können Sie hier nicht" in text


def test_the_list_shows_what_one_takes_part_in_at_the_same_cost_for_one_and_for_three(
    hall: Hall, lead: Client, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        lead.get("/markterkundungen")
        with CaptureQueriesContext(connection) as captured:
            assert lead.get("/markterkundungen").status_code == 200
        return len(captured)

    one = count()
    for title in ("Zweiter Fall", "Dritter Fall"):
        lead.post("/markterkundungen/neu", {"title": title})
    assert count() == one
    texts = [
        signed_in(hall[who]).get("/markterkundungen").content.decode()
        for who in ("lead", "reader", "colleague")
    ]
    assert ["Dritter Fall" in text for text in texts] == [True, False, False]
    assert ["Schäden an Straßen melden" in text for text in texts] == [True, True, False]


def test_whoever_only_reads_is_told_who_can_change_it(hall: Hall, lead: Client) -> None:
    page = f"/markterkundungen/{hall.case.public_id}/auftragswert"
    told = f"Ändern kann es, wer den Fall bearbeitet: {hall['lead']}"
    read = signed_in(hall["reader"]).get(page).content.decode()
    assert [told in read, "Noch ist nichts geschätzt." in read] == [True, True]
    assert "wer den Fall bearbeitet" not in lead.get(page).content.decode()


def test_colleagues_join_change_their_part_and_go(hall: Hall, lead: Client) -> None:
    person = hall["colleague"].public_id
    sent = {"person": person, "role": "editor", "function": "IT"}
    assert lead.post(page(hall, "/beteiligte"), sent).status_code == 302
    assert "Colleague" in lead.get(page(hall, "/zustaendigkeit")).content.decode()
    assert signed_in(hall["colleague"]).get(page(hall)).status_code == 200
    assert lead.post(page(hall, f"/beteiligte/{person}/beenden")).status_code == 302
    assert signed_in(hall["colleague"]).get(page(hall)).status_code == 404
    assert lead.post(page(hall, "/beteiligte/unbekannt/beenden")).status_code == 404
    # Whoever is of another town is not among the choices.
    answer = lead.post(page(hall, "/beteiligte"), {**sent, "person": hall["neighbour"].public_id})
    assert "Wählen Sie bei „Wer“" in answer.content.decode()


def test_a_conflict_of_interest_is_declared_and_somebody_else_says_what_follows(
    hall: Hall, lead: Client
) -> None:
    editor = signed_in(hall["editor"])
    answer = editor.post(page(hall, "/erklaerung"), {"has_conflict": "yes", "about": ""})
    assert "Schreiben Sie, worin der Interessenkonflikt besteht." in answer.content.decode()
    editor.post(page(hall, "/erklaerung"), {"has_conflict": "yes", "about": "Anteile an der Beispiel GmbH."})
    sent = {"person": hall["editor"].public_id, "remedy": "Entscheidet nicht über die Auswahl."}
    refused = editor.post(page(hall, "/erklaerung/folge"), sent, follow=True)
    assert "hält die federführende Person fest" in refused.content.decode()
    lead.post(page(hall, "/erklaerung/folge"), sent)
    rows = ConflictDeclaration.objects.order_by("pk").values_list("has_conflict", "remedy")
    assert list(rows) == [(True, ""), (True, "Entscheidet nicht über die Auswahl.")]
    assert "Was daraus folgt: Entscheidet nicht" in lead.get(page(hall, "/zustaendigkeit")).content.decode()


def test_particulars_deadlines_and_deviations_are_kept(hall: Hall, lead: Client) -> None:
    particulars = {"title": "Melder", "reference": "10.2-7", "due_on": "31.01.2027", "lock_version": "0"}
    assert lead.post(page(hall, "/angaben"), particulars).status_code == 302
    assert "Zwischenzeit" in lead.post(page(hall, "/angaben"), particulars).content.decode()
    plan = {"step": "wege", "person": hall["editor"].public_id, "due_on": "04.12.2026"}
    assert lead.post(page(hall, "/fristen"), plan).status_code == 302
    assert StepPlan.objects.get().user == hall["editor"].public_id
    deviation = {"step": "ansprache", "what": "Nur zwei Unternehmen gefragt.", "reason": "Es gibt nur zwei."}
    assert lead.post(page(hall, "/abweichung"), deviation).status_code == 302
    text = lead.get(page(hall)).content.decode()
    for words in (
        "Aktenzeichen 10.2-7",
        "fertig bis 31.01.2027",
        "Editor, bis 04.12.2026",
        "Nur zwei Unternehmen",
    ):
        assert words in text
    refused = signed_in(hall["editor"]).post(page(hall, "/fristen"), plan)
    assert "legt die federführende Person fest" in refused.content.decode()


def test_an_attachment_is_kept_with_its_digest_and_read_by_who_takes_part_alone(
    hall: Hall, lead: Client, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    sent = io.BytesIO(pdf())
    sent.name = "Angebot.pdf"
    assert lead.post(page(hall, "/anlagen"), {"document": sent}).status_code == 302
    file = StoredFile.objects.get()
    assert (file.about_type, file.about_id, file.name) == ("case", hall.case.public_id, "Angebot.pdf")
    StoredFile.objects.update(state="unchecked")
    address = f"/dateien/{file.public_id}/Angebot.pdf"
    got = {
        who: signed_in(hall[who]).get(address).status_code for who in ("lead", "reader", "colleague", "desk")
    }
    assert got == {"lead": 200, "reader": 200, "colleague": 404, "desk": 404}
    assert file.digest in lead.get(page(hall, "/anlagen")).content.decode()
    assert (
        signed_in(hall["reader"]).post(page(hall, f"/anlagen/{file.public_id}/entfernen")).status_code == 302
    )
    assert StoredFile.objects.get().state == "unchecked"
    lead.post(page(hall, f"/anlagen/{file.public_id}/entfernen"))
    assert StoredFile.objects.get().state == "removed"


def test_a_file_that_is_too_large_is_refused_in_words(hall: Hall, lead: Client) -> None:
    """One of 100 MB is turned away before any of it is read (tests/web/files)."""
    sent = io.BytesIO(pdf().ljust(LARGEST_DOCUMENT + 1, b" "))
    sent.name = "Riesig.pdf"
    answer = lead.post(page(hall, "/anlagen"), {"document": sent})
    assert "größer als 10 MB" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_companies_that_took_part_are_noted_and_taken_out_again(hall: Hall, lead: Client) -> None:
    sent = {"company_name": "Beispiel GmbH", "how": "Hat geantwortet.", "measures": "Alle bekommen alles."}
    answer = lead.post(page(hall, "/vorbefassung"), {**sent, "measures": ""})
    assert "Füllen Sie „Was gleicht den Vorsprung aus?“ aus." in answer.content.decode()
    lead.post(page(hall, "/vorbefassung"), sent)
    lead.post(page(hall, "/vorbefassung"), {**sent, "knows": "Unsere Mengen."})
    row = Involvement.objects.get()
    assert (row.knows, row.is_suggested) == ("Unsere Mengen.", False)
    assert "Unsere Mengen." in lead.get(page(hall, f"/vorbefassung?zeile={row.pk}")).content.decode()
    assert lead.get(page(hall, "/vorbefassung?zeile=²")).status_code == 200
    assert lead.post(page(hall, "/vorbefassung/999999/entfernen")).status_code == 404
    lead.post(page(hall, f"/vorbefassung/{row.pk}/entfernen"))
    assert not Involvement.objects.exists()


def test_the_page_of_approval_says_what_is_missing_and_stops_with_a_reason(hall: Hall, lead: Client) -> None:
    text = lead.get(page(hall, "/freigabe")).content.decode()
    assert "Schritt 1: Bedarf beschreiben" in text
    assert "Zur Freigabe geben" not in text
    refused = lead.post(page(hall, "/freigabe/vorlegen"), {"lock_version": "0"}, follow=True)
    assert "Noch nicht fertig. Schritt 1" in refused.content.decode()
    lead.post(page(hall, "/abbrechen"), {"reason": "Kein Geld.", "lock_version": "0"})
    assert "Kein Geld." in lead.get(page(hall)).content.decode()
    assert "<textarea" not in lead.get(page(hall, "/wege")).content.decode()


def test_the_second_person_gives_back_with_a_reason(hall: Hall) -> None:
    Case.objects.filter(pk=hall.case.pk).update(
        state="submitted", submitted_at=hall.now, submitted_by=hall["lead"].public_id
    )
    approver = signed_in(hall["approver"])
    assert "Mit Grund zurückgeben" in approver.get(page(hall, "/freigabe")).content.decode()
    assert (
        "Mit Grund zurückgeben" not in signed_in(hall["lead"]).get(page(hall, "/freigabe")).content.decode()
    )
    approver.post(page(hall, "/freigabe/zurueckgeben"), {"reason": "Preise fehlen.", "lock_version": "0"})
    assert "Preise fehlen." in signed_in(hall["lead"]).get(page(hall)).content.decode()


def test_what_became_of_it_is_said_once_the_case_has_ended_and_leaves_the_case_as_it_was(
    hall: Hall, lead: Client
) -> None:
    sent = {
        "kind": "bought",
        "decided_on": "20.11.2026",
        "value": "1.234,50",
        "contract_ends_on": "31.12.2029",
    }
    assert lead.post(page(hall, "/vergabe"), sent).status_code == 404
    Case.objects.filter(pk=hall.case.pk).update(state="frozen", ended_at=hall.now)
    before = Case.objects.filter(pk=hall.case.pk).values().get()
    answer = lead.post(page(hall, "/vergabe"), sent)
    assert (answer.status_code, answer["Location"]) == (302, page(hall, "/nachlauf"))
    outcome = Outcome.objects.get()
    assert (outcome.case_id, str(outcome.value)) == (hall.case.public_id, "1234.50")
    assert "Der Vertrag läuft bis 31.12.2029" in lead.get(page(hall, "/nachlauf")).content.decode()
    assert Case.objects.filter(pk=hall.case.pk).values().get() == before


def test_whoever_leaves_the_town_sees_nothing_of_it_at_once(hall: Hall) -> None:
    with_plan(hall)
    client = signed_in(hall["editor"])
    hall["editor"].memberships.update(ended_at=hall.now)
    assert [client.get(page(hall, rest)).status_code for rest in ("", "/plan", "/anlagen")] == [404, 404, 404]
    assert CaseMember.objects.filter(user=hall["editor"].public_id, until=None).exists()
