"""Staff withdraw, restore, report and erase an entry; nobody else sees these pages."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from allmende.catalogue.actions import know_origin, receive
from allmende.catalogue.drafts import SolutionDraft
from allmende.catalogue.models import DuplicateSuspicion
from allmende.lib.actors import Actor
from allmende.organisations.actions import register
from allmende.vocabulary.actions import load
from allmende.web.pages.actions import ensure_pages
from tests.factories.people import signed_in, somebody

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


def test_only_the_administrator_is_offered_and_can_erase(editor, administrator, solutions):
    solution = solutions[0]
    page = reverse("desk_solution", args=[solution.public_id])
    assert "Endgültig löschen" not in editor.get(page).text
    assert editor.post(step(solution, "loeschen"), {"reason": "Urteil"}).status_code == 404
    assert "Endgültig löschen" in administrator.get(page).text

    administrator.post(step(solution, "loeschen"), {"reason": "Art. 17 DSGVO"})
    solution.refresh_from_db()
    assert (solution.state, solution.withdrawal_reason) == ("erased", "Art. 17 DSGVO")


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
