"""A town is taken over on its page: what everybody reads, and each step of whoever does it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.mail.models import Letter
from allmende.organisations.actions import claim_town
from allmende.organisations.models import Claim, EmailDomain, JoinRequest
from allmende.organisations.queries import actor_for
from tests.factories.people import signed_in
from tests.web.organisations.conftest import person

FREE = "/kommunen/99001002/uebernehmen"


@pytest.fixture
def clerk(towns):
    return person("clerk@birken.example")


@pytest.fixture
def browser(clerk) -> Client:
    return signed_in(clerk, strict=False)


LETTER = {
    "recipient": "Markt Birkenmarkt",
    "street": "Am Markt 1",
    "postcode": "00102",
    "place": "Birkenmarkt",
}


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def letter_of(staff: Client, claim: Claim) -> str:
    """The desk writes the letter; the code is read off it, as in the town hall."""
    answer = staff.post(
        f"/redaktion/organisationen/antraege/{claim.public_id}",
        {"urteil": "brief", **LETTER, "domain_fits": "on"},
    )
    return re.search(r"am-letter__code\">([0-9A-Z-]{9})<", answer.content.decode()).group(1)


def test_everybody_reads_how_it_works_and_is_asked_to_sign_in(towns, client):
    answer = client.get(FREE)
    assert answer.status_code == 200
    assert "Code aus dem Brief eingeben" in text(answer)
    assert f"/konto/anmelden?next={FREE}" in answer.content.decode()


def test_the_town_page_leads_here_as_long_as_nobody_has(towns, client):
    assert f'href="{FREE}">Für ' in client.get("/kommunen/99001002").content.decode()


def test_from_the_first_visit_to_the_code(towns, clerk, browser, staff):
    answer = browser.post(f"{FREE}/anmelden", {"task": "Digitalisierung"}, follow=True)
    assert "Wir prüfen sie innerhalb von drei Arbeitstagen" in text(answer)
    claim = Claim.objects.get(user=clerk)
    code = letter_of(staff, claim)

    assert "5 -mal" in text(browser.get(FREE)) or "5-mal" in text(browser.get(FREE))
    wrong = browser.post(f"{FREE}/code", {"code": "00000000"})
    assert (wrong.status_code, "Dieser Code stimmt nicht" in text(wrong)) == (200, True)

    done = browser.post(f"{FREE}/code", {"code": code.lower()}, follow=True)
    assert done.redirect_chain[-1][0] == f"/organisation/{claim.organisation.public_id}"
    assert "Verwaltung der Organisation" in text(done)
    assert EmailDomain.objects.get().domain == "birken.example"


def test_the_letter_carries_what_a_town_hall_needs(towns, clerk, browser, staff):
    browser.post(f"{FREE}/anmelden", {"task": "Digitalisierung"})
    claim = Claim.objects.get(user=clerk)
    page = f"/redaktion/organisationen/antraege/{claim.public_id}"
    before = staff.get(page).content.decode()
    assert ('value="00102"' in before, 'value="Birkenmarkt"' in before) == (True, True)
    answer = staff.post(page, {"urteil": "brief", **LETTER})
    words = text(answer)
    assert [
        part for part in ("Am Markt 1", "clerk@birken.example", "Digitalisierung", FREE) if part not in words
    ] == []
    assert "no-store" in answer.headers["Cache-Control"]
    # Looked at again, the page has no code any more.
    assert "am-letter__code" not in staff.get(page).content.decode()
    assert Letter.objects.filter(to="clerk@birken.example").count() == 1


def test_an_expired_code_is_said(towns, clerk, browser, staff, now):
    browser.post(f"{FREE}/anmelden", {"task": "Digitalisierung"})
    letter_of(staff, Claim.objects.get())
    Claim.objects.update(expires_at=now, sent_at=now.replace(year=2020))
    assert "abgelaufen" in text(browser.get(FREE))


def test_taken_back_it_is_open_for_others(towns, browser):
    browser.post(f"{FREE}/anmelden", {"task": "Digitalisierung"})
    browser.post(f"{FREE}/zurueckziehen")
    assert Claim.objects.get().state == "withdrawn"
    assert "Kommune anmelden" in text(browser.get(FREE))


def test_without_a_task_the_form_says_what_is_missing(towns, browser):
    answer = browser.post(f"{FREE}/anmelden", {"task": ""})
    assert "Füllen Sie „Ihre Aufgabe in der Verwaltung“ aus." in text(answer)
    assert Claim.objects.count() == 0


@pytest.mark.parametrize("step", ["code", "zurueckziehen", "anfrage-zurueckziehen", "mitarbeiten"])
def test_a_step_that_is_not_mine_is_refused_kindly(towns, browser, step):
    answer = browser.post(f"{FREE}/{step}", {"code": "X", "task": "Y"}, follow=True)
    assert answer.status_code == 200
    assert (Claim.objects.count(), JoinRequest.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "address", ["/kommunen/unfug/uebernehmen", "/kommunen/00000000/uebernehmen", "/kommunen/99/uebernehmen"]
)
def test_an_unknown_town_is_not_found(towns, browser, address):
    assert browser.get(address).status_code == 404
    assert browser.post(f"{FREE}/unfug").status_code == 404
    assert browser.get(f"{FREE}/anmelden").status_code == 405


def test_somebody_not_signed_in_is_led_to_the_door(towns, client):
    answer = client.post(f"{FREE}/anmelden", {"task": "Digitalisierung"})
    assert answer.headers["Location"].startswith("/konto/anmelden")


def test_of_a_taken_town_a_colleague_asks_and_is_taken_in(town, boss, now):
    made = {"proposed_at": now, "proposed_by": "person:x", "confirmed_at": now, "confirmed_by": "person:y"}
    EmailDomain.objects.create(organisation=town, domain="ahorn.example", **made)
    address = "/kommunen/99001001/uebernehmen"
    colleague = person("amt@ahorn.example")
    theirs, mine = signed_in(colleague), signed_in(boss)
    assert "Anfrage schicken" in text(theirs.get(address))
    theirs.post(f"{address}/mitarbeiten", {"task": "Bauamt"})
    assert "liegt bei Ahornstadt" in text(theirs.get(address))

    asked = JoinRequest.objects.get()
    page = f"/organisation/{town.public_id}"
    assert "amt@ahorn.example, Bauamt" in text(mine.get(page))
    nothing = mine.post(f"{page}/anfragen/{asked.public_id}", {"urteil": "annehmen"}, follow=True)
    assert "Wählen Sie eine Rolle aus." in text(nothing)
    mine.post(f"{page}/anfragen/{asked.public_id}", {"urteil": "annehmen", "role": "municipality_editor"})
    assert "Sie gehören schon zu" in text(theirs.get(address))


def test_somebody_from_elsewhere_reads_that_they_have_to_be_invited(town, boss, stranger):
    assert "Lassen Sie sich" in text(signed_in(stranger).get("/kommunen/99001001/uebernehmen"))


def test_the_desk_sees_what_it_needs_and_refuses_with_a_reason(towns, clerk, browser, staff):
    browser.post(f"{FREE}/anmelden", {"task": "Digitalisierung"})
    claim = Claim.objects.get()
    assert "Birkenmarkt" in text(staff.get("/redaktion/organisationen"))
    page = f"/redaktion/organisationen/antraege/{claim.public_id}"
    assert "Füllen Sie „Grund“ aus." in text(staff.post(page, {"urteil": "ablehnen", "reason": ""}))
    staff.post(page, {"urteil": "ablehnen", "reason": "Diese Stelle gibt es nicht."})
    assert "Diese Stelle gibt es nicht." in Letter.objects.get(to="clerk@birken.example").text
    assert "ist am" in text(staff.get(page))


def test_a_letter_that_nobody_answered_waits_at_the_desk_again(towns, browser, staff, now):
    browser.post(f"{FREE}/anmelden", {"task": "Digitalisierung"})
    claim = Claim.objects.get()
    page = f"/redaktion/organisationen/antraege/{claim.public_id}"
    staff.post(page, {**LETTER, "urteil": "brief"})
    assert "gilt bis zum" in text(staff.get("/redaktion/organisationen"))
    Claim.objects.update(sent_at=now - timedelta(days=31), expires_at=now - timedelta(days=1))
    listed = text(staff.get("/redaktion/organisationen"))
    assert ("Code abgelaufen. Fragen Sie nach" in listed, "Briefe unterwegs" in listed) == (True, False)
    assert "Code abgelaufen am" in text(staff.get(page))
    assert "ist abgelaufen. Wir prüfen, ob ein neuer Brief nötig ist." in text(browser.get(FREE))


def test_the_desk_is_for_staff(town, boss, stranger, browser, client):
    browser.post(f"{FREE}/anmelden", {"task": "Digitalisierung"})
    addresses = [
        "/redaktion/organisationen",
        "/redaktion/organisationen/domains",
        f"/redaktion/organisationen/antraege/{Claim.objects.get().public_id}",
        f"/redaktion/organisationen/{town.public_id}",
    ]
    for address in addresses:
        assert signed_in(boss).get(address).status_code == 403
        assert signed_in(stranger).post(address, {"urteil": "ablehnen", "reason": "x"}).status_code == 403
        assert client.get(address).status_code == 302
    assert Claim.objects.get().state == "open"


def test_the_list_costs_the_same_however_long(towns, staff, now, django_assert_num_queries):
    def claim(number: int) -> None:
        user = person(f"n{number}@birken.example")
        claim_town(towns["99001002"].region, task="Bauamt", by=actor_for(user), now=now)

    claim(1)
    with CaptureQueriesContext(connection) as one:
        staff.get("/redaktion/organisationen")
    for number in (2, 3):
        claim(number)
    with django_assert_num_queries(len(one)):
        staff.get("/redaktion/organisationen")


def test_a_person_tries_only_so_often(towns, browser):
    answers = [browser.post(f"{FREE}/code", {"code": "0"}).status_code for _ in range(21)]
    assert answers[-1] == 429
