"""Staff withdraw, restore, report and erase an entry; nobody else sees these pages."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from allmende.catalogue.actions import know_origin, receive
from allmende.catalogue.drafts import SolutionDraft
from allmende.catalogue.models import Contact, DuplicateSuspicion, ErasureProposal
from allmende.lib.actors import Actor
from allmende.organisations.actions import register
from allmende.web.pages.actions import ensure_pages
from tests.factories.people import signed_in, somebody
from tests.factories.words import load

HARVEST = Actor.program("harvest")
pytestmark = pytest.mark.django_db


@pytest.fixture
def solutions(now):
    load(by=HARVEST, now=now)
    origin = know_origin("hessen", label="Katalog Hessen", kind="harvest", by=HARVEST, now=now)
    drafts = [
        SolutionDraft(name=name, website_url=f"https://{name.lower()}.example")
        for name in ("Erste", "Zweite")
    ]
    return [receive(each, origin=origin, key=each.name, by=HARVEST, now=now).solution for each in drafts]


@pytest.fixture
def editor(now):
    return signed_in(somebody("catalogue_editor", now=now))


@pytest.fixture
def administrator(now):
    return signed_in(somebody("operator_admin", now=now))


def step(solution, name):
    return reverse("desk_solution_step", args=[solution.public_id, name])


def test_an_editor_withdraws_with_a_reason_and_restores(client, editor, solutions):
    solution = solutions[0]
    address = reverse("solution", args=[solution.public_id])
    assert "Nennen Sie den Grund." in editor.post(step(solution, "zurueckziehen"), {"reason": ""}).text

    answer = editor.post(step(solution, "zurueckziehen"), {"reason": "Bitte des Anbieters"}, follow=True)
    assert "Der Eintrag ist zurückgezogen." in answer.text
    assert client.get(address).status_code == 410
    assert "Bitte des Anbieters" in client.get(address).text

    assert "wieder veröffentlicht" in editor.post(step(solution, "wiederherstellen"), follow=True).text
    assert client.get(address).status_code == 200


SAID = {"ground": "ordered", "reason": "Das Landgericht hat es verlangt."}


def test_one_proposes_to_erase_and_a_second_person_does_it(client, editor, administrator, solutions):
    solution = solutions[0]
    page = reverse("desk_solution", args=[solution.public_id])
    assert "Eintrag endgültig löschen (Vorschlag)" in editor.get(page).text
    empty = editor.post(step(solution, "loeschen"), {})
    assert (empty.status_code, "Füllen Sie „Warum gilt das hier?“ aus." in empty.text) == (422, True)

    assert (
        "Eine zweite Person aus dem Betrieb"
        in editor.post(step(solution, "loeschen"), SAID, follow=True).text
    )
    proposal = ErasureProposal.objects.get()
    address = reverse("desk_erasure", args=[proposal.public_id])
    assert address in editor.get(page).text
    solution.refresh_from_db()
    assert solution.state == "published"
    assert "Sie haben das vorgeschlagen." in editor.get(address).text

    assert address in administrator.get(reverse("desk_erasures")).text
    assert "Löschungen als zweite Person entscheiden" in administrator.get(reverse("desk")).text
    answer = administrator.post(address, {"urteil": "ausfuehren"}, follow=True)
    assert "Der Eintrag ist gelöscht." in answer.text
    gone = client.get(reverse("solution", args=[solution.public_id]))
    assert (gone.status_code, "Das Landgericht hat es verlangt." in gone.text) == (410, True)


def test_whoever_proposed_may_not_carry_it_out_on_the_page_either(administrator, solutions):
    administrator.post(step(solutions[0], "loeschen"), SAID)
    address = reverse("desk_erasure", args=[ErasureProposal.objects.get().public_id])
    assert "Ausführen</span>" not in administrator.get(address).text
    assert "eine zweite Person" in administrator.post(address, {"urteil": "ausfuehren"}, follow=True).text
    assert "zurückgenommen" in administrator.post(address, {"urteil": "zuruecknehmen"}, follow=True).text
    assert ErasureProposal.objects.get().state == "taken_back"


def test_a_second_person_refuses_with_a_reason(editor, administrator, solutions):
    editor.post(step(solutions[0], "loeschen"), SAID)
    address = reverse("desk_erasure", args=[ErasureProposal.objects.get().public_id])
    assert "warum Sie ablehnen" in administrator.post(address, {"urteil": "ablehnen"}, follow=True).text
    administrator.post(address, {"urteil": "ablehnen", "grund": "Zurückziehen genügt."})
    assert "Zurückziehen genügt." in editor.get(address).text
    assert "Wählen Sie" in administrator.post(address, {"urteil": "x"}, follow=True).text


def test_only_what_is_there_can_be_proposed(editor, solutions):
    for name in ("kontakt-loeschen", "uebernahme-beenden"):
        assert editor.get(step(solutions[0], name)).status_code == 404


def test_a_contact_is_chosen_among_those_that_sources_name(editor, solutions):
    listing = solutions[0].listings.get()
    contact = Contact.objects.create(listing=listing, name="Kim Beispiel", email="kim@beispiel.example")
    form = editor.get(step(solutions[0], "kontakt-loeschen")).text
    assert f"Kim Beispiel, kim@beispiel.example (laut {listing.origin.label})" in form
    said = {"thing": str(contact.pk), "ground": "person_asks", "reason": "Auf eigenen Wunsch."}
    editor.post(step(solutions[0], "kontakt-loeschen"), said)
    assert ErasureProposal.objects.get().contact == contact


def test_a_pair_is_reported_by_the_other_ones_id(editor, solutions):
    first, second = solutions
    wrong = editor.post(step(first, "dublette"), {"reason": first.public_id}, follow=True)
    assert "Eine andere veröffentlichte Lösung mit dieser Kennung gibt es nicht." in wrong.text

    editor.post(step(first, "dublette"), {"reason": second.public_id})
    assert {DuplicateSuspicion.objects.get().first, DuplicateSuspicion.objects.get().second} == {
        first,
        second,
    }


def test_the_history_tells_in_words_what_happened(editor, solutions):
    editor.post(step(solutions[0], "zurueckziehen"), {"reason": "Fehler"})

    html = editor.get(reverse("desk_solution", args=[solutions[0].public_id])).text
    assert "Lösung veröffentlicht" in html
    assert "Lösung zurückgezogen" in html


@pytest.mark.parametrize("role", [None, "municipality"])
def test_others_do_not_get_in(client, solutions, now, role):
    address = reverse("desk_solution", args=[solutions[0].public_id])
    if role is None:
        assert client.get(address).status_code == 302
    else:
        town = register("Stadt", kind="municipality", by=HARVEST, now=now)
        assert signed_in(somebody("municipality_editor", town, now=now)).get(address).status_code == 403


def test_unknown_steps_and_entries_are_not_found(editor, solutions):
    assert editor.get(step(solutions[0], "wiederherstellen")).status_code == 404
    assert editor.get(step(solutions[0], "kaufen")).status_code == 404
    assert editor.get(reverse("desk_solution", args=["0000000000"])).status_code == 404


def test_staff_may_edit_the_fixed_pages_and_others_may_not(editor, client, now):
    ensure_pages(by=HARVEST, now=now)
    imprint = Page.objects.get(slug="impressum")
    address = reverse("wagtailadmin_pages:edit", args=[imprint.pk])

    assert editor.get(address).status_code == 200
    assert client.get(address).status_code == 302
    assert editor.get("/verwaltung/users/").status_code in (302, 403, 404)
