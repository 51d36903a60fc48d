"""Which Gemeinde follows a vanished one, decided on the page."""

import datetime

import pytest
from django.test import Client

from allmende.regions.models import Region, RegionSuccession
from tests.factories.market import Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(market: Market, now: datetime.datetime) -> RegionSuccession:
    land = Region.objects.get(key="99")
    gone = Region.objects.create(
        key="99001009", ars="990019009", level="gemeinde", type_code="64", name="Altdorf", official_name="Altdorf",
        search_name="altdorf", parent=land, land=land, is_invented=True, valid_to=datetime.date(2026, 1, 1),
    )  # fmt: skip
    return RegionSuccession.objects.create(
        predecessor=gone, successor=Region.objects.get(key="99001001"), origin="comparison", reason="Gleiche Fläche.",
        on=datetime.date(2026, 1, 1), state="proposed",
    )  # fmt: skip


def decide(client: Client, succession: RegionSuccession, verdict: str) -> str:
    address = f"/redaktion/regionen/{succession.public_id}"
    return client.post(address, {"urteil": verdict}, follow=True).content.decode()


def test_a_proposal_is_shown_with_its_reason(staff: Client, proposed: RegionSuccession) -> None:
    for address in ("/redaktion/regionen", f"/redaktion/regionen/{proposed.public_id}"):
        page = staff.get(address).content.decode()
        assert "Altdorf (99001009) wird Ahornstadt (99001001)" in page
        assert "Gleiche Fläche." in page
    assert "42.310" in page  # how many people live there tells a lot


@pytest.mark.parametrize(
    ("verdict", "state", "sentence"),
    [
        ("bestaetigen", "confirmed", "Die Nachfolge ist bestätigt."),
        ("ablehnen", "rejected", "Der Vorschlag ist abgelehnt."),
        ("", "proposed", "Wählen Sie „Bestätigen“ oder „Ablehnen“."),
        ("unfug", "proposed", "Wählen Sie „Bestätigen“ oder „Ablehnen“."),
    ],
)
def test_a_person_decides(
    staff: Client, proposed: RegionSuccession, verdict: str, state: str, sentence: str
) -> None:
    assert sentence in decide(staff, proposed, verdict)
    proposed.refresh_from_db()
    assert proposed.state == state


def test_the_second_click_is_told_that_all_is_decided(staff: Client, proposed: RegionSuccession) -> None:
    decide(staff, proposed, "bestaetigen")
    assert "Über diese Nachfolge ist schon entschieden." in decide(staff, proposed, "ablehnen")
    proposed.refresh_from_db()
    assert proposed.state == "confirmed"
