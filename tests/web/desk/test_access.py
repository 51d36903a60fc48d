"""Who gets to the desk, and that nothing is changed by following a link or by another site's form."""

from datetime import datetime

import pytest
from django.test import Client

from allmende.catalogue.models import DuplicateSuspicion
from allmende.federation.models import Source
from allmende.web.desk.queues import QUEUES
from tests.factories.market import Market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db

PAGES = [
    "/redaktion", "/redaktion/quellen", "/redaktion/quellen/musterland", "/redaktion/zurueckgestellt",
    "/redaktion/dubletten", "/redaktion/regionen", "/redaktion/ohne-treffer", "/redaktion/fehlende",
    "/redaktion/begriffe", "/redaktion/begriffe/field_of_action", "/redaktion/begriffe/field_of_action/mobilitaet",
    "/redaktion/journal", "/redaktion/meldungen",
]  # fmt: skip
BUTTONS = [
    "/redaktion/quellen/musterland/abgleichen",
    "/redaktion/quellen/musterland/fehlende",
    "/redaktion/quellen/musterland/anhalten",
    "/redaktion/quellen/musterland/abstand",
    "/redaktion/zusammenfuehrungen/0000000000/zurueck",
    "/redaktion/ohne-treffer/0000000000",
    "/redaktion/rollen/1/beenden",
    "/redaktion/rollen/vorschlaege/0000000000",
]
# Pages of one entry that take the decision under the same address.
ENTRIES = ["/redaktion/dubletten/0000000000", "/redaktion/regionen/0000000000"]  # fmt: skip


@pytest.mark.parametrize("address", [*PAGES, "/mein"])
def test_a_stranger_is_asked_to_sign_in_and_led_back(client: Client, source: Source, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/konto/anmelden?next={address}")


@pytest.mark.parametrize("address", PAGES)
def test_a_town_and_a_company_are_told_that_the_right_is_missing(
    town: Client, company: Client, source: Source, address: str
) -> None:
    for member in (town, company):
        answer = member.get(address)
        assert answer.status_code == 403
        assert "Dafür fehlt Ihnen die Berechtigung" in answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_staff_and_editors_get_in(staff: Client, editor: Client, source: Source, address: str) -> None:
    for member in (staff, editor):
        answer = member.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", [*BUTTONS, *ENTRIES])
def test_a_button_works_for_staff_only(client: Client, town: Client, source: Source, address: str) -> None:
    assert client.post(address)["Location"].startswith("/konto/anmelden")
    assert town.post(address).status_code == 403


@pytest.mark.parametrize("address", BUTTONS)
def test_following_a_link_changes_nothing(staff: Client, source: Source, address: str) -> None:
    assert staff.get(address).status_code == 405


@pytest.mark.parametrize("address", [*BUTTONS, *ENTRIES, "use"])
def test_a_form_of_another_site_is_refused(market: Market, source: Source, now: object, address: str) -> None:
    strict = signed_in(somebody("operator_admin", now=now), strict=True)  # type: ignore[arg-type]
    path = f"/loesungen/{market.raum.public_id}/nutzung" if address == "use" else address
    answer = strict.post(path, {"ziel": "keine"})
    assert answer.status_code == 403
    assert not DuplicateSuspicion.objects.filter(state="distinct").exists()


def test_the_overview_counts_what_waits_and_says_by_when(staff: Client, source: Source) -> None:
    page = staff.get("/redaktion").content.decode()
    assert page.count("nichts zu tun") == len(QUEUES) - 1
    assert "1 wartet, Ziel: binnen 10 Arbeitstagen" in page


def test_every_queue_has_a_page_of_its_own_and_a_target(staff: Client, source: Source) -> None:
    assert len({queue.code for queue in QUEUES}) == len({queue.address for queue in QUEUES}) == len(QUEUES)
    assert all(1 <= queue.days <= 20 for queue in QUEUES)
    for queue in QUEUES:
        assert staff.get(queue.address).status_code == 200, queue.address


def test_everybody_sees_what_they_are_here(
    staff: Client, town: Client, company: Client, market: Market
) -> None:
    assert 'href="/redaktion"' in staff.get("/mein").content.decode()
    page = town.get("/mein").content.decode()
    assert "Digitalisierung der Kommune:" in page
    assert "Ahornstadt" in page
    assert 'href="/kommunen/99001001"' in page
    assert 'href="/redaktion"' not in page
    assert f'href="/anbieter/{market.provider.public_id}"' in company.get("/mein").content.decode()


def test_somebody_without_a_role_is_told_who_gives_one(market: Market, django_user_model: type) -> None:
    alone = signed_in(django_user_model.objects.create_user("allein@beispiel.example"))  # type: ignore[attr-defined]
    page = alone.get("/mein").content.decode()
    assert "Sie haben noch keine Rolle" in page
    assert "sobald Ihre Anmeldung bestätigt ist" in page


@pytest.mark.parametrize(("role", "is_named"), [("catalogue_editor", False), ("operator_admin", True)])
def test_the_overview_names_no_list_that_would_not_open(role: str, is_named: bool, now: datetime) -> None:
    text = signed_in(somebody(role, now=now)).get("/redaktion").content.decode()
    assert ("Rollen als zweite Person bestätigen" in text) == is_named
