"""The desk's three queues: what waits, everything to decide on one page, and then the next."""

import re

import pytest

from allmende.catalogue.models import EntryClaim, LaterEdit, Offer, WorkingCopy
from tests.web.offers.test_skeleton import CONTACT, OPERATION, PRICES, write

WORDS = "Wir haben die Software entwickelt, siehe Impressum."


def offered(client, market, solution, title):
    client.post(f"/angebote/neu/zu/{solution.public_id}")
    copy = WorkingCopy.objects.latest("pk")
    for code, data in (
        ("betrieb", {**OPERATION, "title": title}),
        ("preise", PRICES),
        ("ansprechstelle", CONTACT),
    ):
        write(client, copy, code, data)
    copy.refresh_from_db()
    client.post(f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version})
    copy.refresh_from_db()
    assert copy.state == "submitted"
    return copy


def published(client, desk, market, solution, title="Betrieb im Land"):
    copy = offered(client, market, solution, title)
    desk.post(f"/redaktion/angebote/{copy.public_id}/veroeffentlichen", {"lock_version": copy.lock_version})
    return Offer.objects.get(title=title)


def changed(client, offer, **data):
    client.post(f"/angebot/{offer.public_id}/bearbeiten")
    copy = WorkingCopy.objects.latest("pk")
    write(client, copy, "betrieb", {**OPERATION, "title": offer.title, **data})
    copy.refresh_from_db()
    client.post(f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version})
    return LaterEdit.objects.get()


def test_after_a_decision_comes_the_next_entry(company, desk, market):
    first = offered(company, market, market.raum, "Erstes")
    second = offered(company, market, market.foreign, "Zweites")
    page = desk.get("/redaktion/angebote").content.decode()
    assert page.index("Erstes zu Raumbuchung") < page.index("Zweites zu Potholes")
    assert "2\xa0Einträge warten" in page
    answer = desk.post(
        f"/redaktion/angebote/{first.public_id}/veroeffentlichen", {"lock_version": first.lock_version}
    )
    assert answer["Location"] == f"/redaktion/angebote/{second.public_id}#eintrag"


def test_the_page_has_everything_to_decide(company, desk, market):
    copy = offered(company, market, market.raum, "Betrieb im Land")
    page = desk.get(f"/redaktion/angebote/{copy.public_id}").content.decode()
    for words in (
        "Beispiel-Software GmbH", "1\xa0Angebot ist schon veröffentlicht", "1.200,50\xa0€ jährlich",
        "angebot@beispiel.example", "zur Prüfung eingereicht", "Vorschau, wie es öffentlich aussieht",
        "Veröffentlichen", "Mit Gründen zurückgeben", "Sagen Sie, was zum Angebot gehört.",
    ):  # fmt: skip
        assert words in page


def test_reasons_come_back_to_the_pages_they_are_about(company, desk, market):
    copy = offered(company, market, market.raum, "Betrieb im Land")
    desk.post(
        f"/redaktion/angebote/{copy.public_id}/zurueckgeben",
        {"lock_version": copy.lock_version, "grund-preise": "Je Jahr oder je Monat?", "grund": "Sonst gut."},
    )
    overview = company.get(f"/angebote/{copy.public_id}").content.decode()
    assert "Die Redaktion schreibt: Je Jahr oder je Monat?" in overview
    assert "Sonst gut." in overview
    step = company.get(f"/angebote/{copy.public_id}/seite/preise").content.decode()
    assert "Das möchte die Redaktion geändert haben" in step
    assert "Betrieb im Land zu Raumbuchung" in company.get("/mein").content.decode()


def test_a_refused_decision_stays_with_its_reason(company, desk, market):
    copy = offered(company, market, market.raum, "Betrieb im Land")
    at = f"/redaktion/angebote/{copy.public_id}"
    page = desk.post(f"{at}/zurueckgeben", {"lock_version": copy.lock_version}, follow=True).content.decode()
    assert "Nennen Sie mindestens einen Grund" in page
    page = desk.post(f"{at}/veroeffentlichen", {"lock_version": 0}, follow=True).content.decode()
    assert "In der Zwischenzeit hat jemand anderes gespeichert." in page
    copy.refresh_from_db()
    assert copy.state == "submitted"


def test_written_reasons_are_never_lost_by_publishing(company, desk, market):
    copy = offered(company, market, market.raum, "Betrieb im Land")
    at = f"/redaktion/angebote/{copy.public_id}"
    sent = {"lock_version": copy.lock_version, "grund-preise": "Je Jahr oder je Monat?"}
    page = desk.post(f"{at}/veroeffentlichen", sent).content.decode()
    assert "Sie haben Gründe für eine Rückgabe geschrieben" in page
    assert ">Je Jahr oder je Monat?</textarea>" in page
    copy.refresh_from_db()
    assert copy.state == "submitted"
    version = re.search(r'name="lock_version" value="(\d+)"', page).group(1)
    desk.post(f"{at}/zurueckgeben", {**sent, "lock_version": version})
    copy.refresh_from_db()
    assert (copy.state, copy.reasons) == ("returned", {"preise": "Je Jahr oder je Monat?"})


def test_whoever_means_to_publish_says_so_once_more(company, desk, market):
    copy = offered(company, market, market.raum, "Betrieb im Land")
    sent = {"lock_version": copy.lock_version, "grund": "Sonst gut.", "trotzdem": "1"}
    answer = desk.post(f"/redaktion/angebote/{copy.public_id}/veroeffentlichen", sent)
    assert answer.status_code == 302
    copy.refresh_from_db()
    assert (copy.state, copy.reasons) == ("accepted", {})


@pytest.mark.parametrize("button", ["veroeffentlichen", "zurueckgeben"])
def test_a_refused_decision_keeps_what_was_written(company, desk, market, button):
    copy = offered(company, market, market.raum, "Betrieb im Land")
    sent = {"lock_version": 0, "grund-betrieb": "Wer betreibt?", "trotzdem": "1"}
    page = desk.post(f"/redaktion/angebote/{copy.public_id}/{button}", sent).content.decode()
    assert "In der Zwischenzeit hat jemand anderes gespeichert." in page
    assert ">Wer betreibt?</textarea>" in page
    # The page shows what is there now: the next press is about that.
    assert f'name="lock_version" value="{copy.lock_version}"' in page


def test_a_written_question_is_not_lost_by_taking_note(company, desk, market):
    offer = published(company, desk, market, market.raum)
    edit = changed(company, offer, included_services="Schulung")
    at = f"/redaktion/aenderungen/{edit.public_id}/entscheiden"
    sent = {"gesehen": edit.edition_after, "frage": "Auch für Kreise?"}
    page = desk.post(at, {**sent, "ergebnis": "kenntnis"}).content.decode()
    assert "Sie haben eine Frage geschrieben" in page
    assert ">Auch für Kreise?</textarea>" in page
    edit.refresh_from_db()
    assert edit.state == "open"
    desk.post(at, {**sent, "ergebnis": "kenntnis", "trotzdem": "1"})
    edit.refresh_from_db()
    assert (edit.state, edit.question) == ("acknowledged", "")


def test_a_later_edit_shows_what_was_and_what_is(company, desk, market):
    offer = published(company, desk, market, market.raum)
    edit = changed(company, offer, included_services="Schulung")
    assert (
        "Angebot „Betrieb im Land“, geändert von Beispiel-Software GmbH"
        in desk.get("/redaktion/aenderungen").content.decode()
    )
    page = desk.get(f"/redaktion/aenderungen/{edit.public_id}").content.decode()
    assert "Angebot „Betrieb im Land“: enthalten" in page
    assert "Schulung" in page
    answer = desk.post(
        f"/redaktion/aenderungen/{edit.public_id}/entscheiden",
        {"ergebnis": "kenntnis", "gesehen": edit.edition_after},
    )
    assert answer["Location"] == "/redaktion/aenderungen"
    edit.refresh_from_db()
    assert edit.state == "acknowledged"


def test_a_question_reaches_the_owner_and_the_answer_the_desk(company, desk, market):
    offer = published(company, desk, market, market.raum)
    edit = changed(company, offer, included_services="Schulung")
    at = f"/redaktion/aenderungen/{edit.public_id}"
    desk.post(f"{at}/entscheiden", {"ergebnis": "fragen", "frage": "Auch für Kreise?"})
    assert "Auch für Kreise?" in company.get("/angebote").content.decode()
    company.post(f"/aenderungen/{edit.public_id}/antwort", {"antwort": "Ja, seit Januar."})
    assert "Ja, seit Januar." in desk.get(at).content.decode()


def test_a_claim_is_granted_and_the_owner_edits(company, desk, market):
    at = f"/loesungen/{market.melder.public_id}/uebernehmen"
    data = {"organisation": market.provider.public_id, "evidence": WORDS}
    company.post(at, data)
    claim = EntryClaim.objects.get()
    page = desk.get(f"/redaktion/uebernahmen/{claim.public_id}").content.decode()
    for words in (WORDS, "Beispiel-Software GmbH", "Katalog der Stadt"):
        assert words in page
    desk.post(f"/redaktion/uebernahmen/{claim.public_id}/entscheiden", {"ergebnis": "bestaetigen"})
    company.post(f"/loesungen/{market.melder.public_id}/angaben", {"fuer": market.provider.public_id})
    copy = WorkingCopy.objects.get()
    write(company, copy, "nachweise", {"repository_url": market.melder.repository_url, "licence": "MIT"})
    copy.refresh_from_db()
    company.post(f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version})
    public = company.get(f"/loesungen/{market.melder.public_id}").content.decode()
    assert "Wo die Organisation etwas anderes sagt als eine Quelle" in public
    assert "Diesen Eintrag pflegt" in public


def test_a_claim_is_refused_with_a_reason_only(company, desk, market):
    data = {"organisation": market.provider.public_id, "evidence": WORDS}
    company.post(f"/loesungen/{market.melder.public_id}/uebernehmen", data)
    claim = EntryClaim.objects.get()
    at = f"/redaktion/uebernahmen/{claim.public_id}"
    page = desk.post(f"{at}/entscheiden", {"ergebnis": "ablehnen"}, follow=True).content.decode()
    assert "Nennen Sie den Grund der Ablehnung." in page
    desk.post(f"{at}/entscheiden", {"ergebnis": "ablehnen", "grund": "Eine andere Firma."})
    claim.refresh_from_db()
    assert (claim.state, claim.decision_reason) == ("refused", "Eine andere Firma.")


QUEUES = ["/redaktion/angebote", "/redaktion/aenderungen", "/redaktion/uebernahmen"]


@pytest.mark.parametrize("who", ["company", "town", "stranger"])
def test_nobody_else_gets_to_the_desk(request, market, who):
    client = request.getfixturevalue(who)
    for address in QUEUES:
        assert client.get(address).status_code == 403
        assert client.get(f"{address}/0000000000").status_code == 403


def test_an_empty_queue_says_so_kindly(desk):
    for address in QUEUES:
        assert "Hier wartet nichts" in desk.get(address).content.decode()
        for wrong in ("0000000000", "x"):
            assert desk.get(f"{address}/{wrong}").status_code == 404


def test_the_desk_does_not_see_a_draft(company, desk, market):
    company.post(f"/angebote/neu/zu/{market.raum.public_id}")
    copy = WorkingCopy.objects.get()
    assert desk.get(f"/redaktion/angebote/{copy.public_id}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_however_long(company, desk, market, number, django_assert_num_queries):
    for solution in (market.raum, market.foreign, market.melder)[:number]:
        offered(company, market, solution, f"Zu {solution.name}")
    with django_assert_num_queries(5):
        desk.get("/redaktion/angebote")
