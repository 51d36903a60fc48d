"""The page on which an owner withdraws its entry, and what the desk sees of it."""

from datetime import datetime

import pytest
from django.test import Client

from allmende.catalogue.actions import claim, grant_claim
from allmende.catalogue.models import LaterEdit, Solution
from allmende.organisations.models import Membership
from allmende.organisations.queries import actor_for
from tests.factories.market import HARVEST, Market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(market: Market, now: datetime) -> str:
    """The address for Raumbuchung, which now belongs to the provider; melder has an offer of two parties."""
    user = somebody("provider_editor", market.provider, now=now)
    for solution in (market.raum, market.melder):
        made = claim(
            solution,
            organisation=market.provider,
            evidence="Wir haben sie entwickelt.",
            by=actor_for(user),
            now=now,
        )
        grant_claim(made, by=HARVEST, now=now)
    return f"/loesungen/{market.raum.public_id}/zurueckziehen"


def send(client: Client, address: str, solution: Solution, reason: str) -> str:
    version = Solution.objects.get(pk=solution.pk).lock_version
    return client.post(address, {"reason": reason, "lock_version": version}, follow=True).content.decode()


def test_an_owner_withdraws_and_the_desk_sees_why(
    own: str, company: Client, market: Market, now: datetime, client: Client
) -> None:
    assert own in company.get("/angebote").content.decode()
    assert "Nennen Sie" in send(company, own, market.raum, "") or "Füllen Sie" in send(
        company, own, market.raum, ""
    )
    assert "ist zurückgezogen" in send(company, own, market.raum, "Wir hören auf.")

    gone = client.get(f"/loesungen/{market.raum.public_id}")
    assert (gone.status_code, "Wir hören auf." in gone.content.decode()) == (410, True)
    desk = signed_in(somebody("catalogue_editor", now=now))
    listed = desk.get("/redaktion/aenderungen").content.decode()
    assert "Beispiel-Software GmbH hat den eigenen Eintrag zurückgezogen" in listed
    page = desk.get(f"/redaktion/aenderungen/{LaterEdit.objects.get().public_id}").content.decode()
    assert "Wir hören auf." in page
    assert "wieder veröffentlichen" in page


def test_a_competitor_and_a_town_find_no_such_page(
    own: str, competitor: Client, town: Client, client: Client
) -> None:
    statuses = [who.get(own).status_code for who in (competitor, town, client)]
    assert statuses == [404, 404, 302]


def test_the_page_says_who_uses_it(own: str, company: Client, market: Market) -> None:
    address = f"/loesungen/{market.melder.public_id}/zurueckziehen"
    assert "dass sie die Lösung nutzt." in company.get(address).content.decode()
    assert Membership.objects.filter(organisation=market.provider).exists()
