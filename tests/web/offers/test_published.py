"""What is published: one's own list, changing, withdrawing, renewing, and prices that not everybody sees."""

import re
from datetime import date

import pytest

from allmende.catalogue.models import Offer, WorkingCopy
from tests.web.offers.test_desk import published
from tests.web.offers.test_skeleton import OPERATION, write


@pytest.fixture
def offer(company, desk, market):
    return published(company, desk, market, market.raum)


def test_the_providers_page_has_a_button_for_those_who_may(offer, company, competitor, client, market):
    at = f"/anbieter/{market.provider.public_id}"
    button = f'action="/angebot/{offer.public_id}/bearbeiten"'
    assert button in company.get(at).content.decode()
    for other in (competitor, client):
        assert button not in other.get(at).content.decode()


def test_a_change_is_public_at_once(offer, company, market):
    company.post(f"/angebot/{offer.public_id}/bearbeiten")
    copy = WorkingCopy.objects.get(state="draft")
    write(company, copy, "betrieb", {**OPERATION, "title": "Betrieb überall"})
    public = f"/loesungen/{market.raum.public_id}"
    assert "Betrieb überall" not in company.get(public).content.decode()
    copy.refresh_from_db()
    answer = company.post(
        f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version}, follow=True
    )
    assert "Ihre Änderung ist veröffentlicht." in answer.content.decode()
    assert "Betrieb überall" in company.get(public).content.decode()


def test_withdrawing_asks_why(offer, company, market):
    at = f"/angebot/{offer.public_id}/zurueckziehen"
    assert "Füllen Sie" in company.post(at, {"lock_version": offer.lock_version}).content.decode()
    sent = {"lock_version": offer.lock_version, "reason": "Wir hören auf."}
    assert company.post(at, sent)["Location"] == "/angebote"
    offer.refresh_from_db()
    assert (offer.state, offer.withdrawal_reason) == ("withdrawn", "Wir hören auf.")
    assert "Wir hören auf." in company.get("/angebote").content.decode()
    assert "Betrieb im Land" not in company.get(f"/loesungen/{market.raum.public_id}").content.decode()


def test_withdrawing_what_a_colleague_has_changed_is_refused(offer, company):
    at = f"/angebot/{offer.public_id}/zurueckziehen"
    page = company.post(at, {"lock_version": 0, "reason": "Schluss."}).content.decode()
    assert "In der Zwischenzeit hat jemand anderes gespeichert." in page
    offer.refresh_from_db()
    assert offer.state == "published"


def test_an_offer_that_was_not_renewed_says_so_everywhere_and_can_be_renewed(offer, company, client, market):
    Offer.objects.filter(pk=offer.pk).update(renew_by=date(2020, 1, 1))
    for address in (f"/loesungen/{market.raum.public_id}", f"/anbieter/{market.provider.public_id}"):
        assert "Nicht erneuert seit dem 01.01.2020" in client.get(address).content.decode()
    assert "Nicht erneuert seit dem 01.01.2020" in company.get("/mein").content.decode()
    company.post(f"/angebot/{offer.public_id}/erneuern", {"lock_version": offer.lock_version})
    assert "Nicht erneuert" not in company.get(f"/loesungen/{market.raum.public_id}").content.decode()


@pytest.mark.parametrize("who", ["competitor", "town", "stranger"])
def test_nobody_else_touches_an_offer(request, offer, who):
    client = request.getfixturevalue(who)
    for rest in ("bearbeiten", "erneuern", "zurueckziehen"):
        sent = {"lock_version": offer.lock_version, "reason": "Weg damit."}
        assert client.post(f"/angebot/{offer.public_id}/{rest}", sent).status_code == 404
    offer.refresh_from_db()
    assert offer.state == "published"


HIDDEN = "Preise sieht die öffentliche Verwaltung nach Anmeldung."


@pytest.fixture
def hidden(offer):
    Offer.objects.filter(pk=offer.pk).update(prices_for="administration")
    return offer


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("client", False),
        ("stranger", False),
        ("competitor", False),
        ("company", True),
        ("town", True),
        ("desk", True),
    ],
)
def test_amounts_for_the_administration_on_every_page_and_in_every_file(request, market, hidden, who, sees):
    client = request.getfixturevalue(who)
    raum, melder = market.raum.public_id, market.melder.public_id
    pages = [
        f"/loesungen/{raum}",
        f"/loesungen/{raum}?einwohner=6000&monate=12",
        f"/vergleich?l={raum}&l={melder}",
        f"/vergleich.csv?l={raum}&l={melder}",
        f"/anbieter/{market.provider.public_id}",
        "/suche?q=Raumbuchung",
    ]
    for address in pages:
        words = client.get(address).content.decode("utf-8-sig")
        assert ("1.200,50" in words) == sees, address
    assert (HIDDEN in client.get(pages[0]).content.decode()) == (not sees)


def test_a_price_is_gone_from_the_edition_that_follows(hidden, company, client, market):
    company.post(f"/angebot/{hidden.public_id}/bearbeiten")
    copy = WorkingCopy.objects.get(state="draft")
    company.post(f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version})
    market.raum.refresh_from_db()
    at = f"/loesungen/{market.raum.public_id}/ausgabe/{market.raum.edition_number}"
    assert '"prices":[]' in client.get(f"{at}.json").content.decode()
    assert "1.200,50" not in client.get(at).content.decode()


def test_the_preview_shows_what_the_public_will_see(hidden, company):
    company.post(f"/angebot/{hidden.public_id}/bearbeiten")
    copy = WorkingCopy.objects.get(state="draft")
    page = company.get(f"/angebote/{copy.public_id}/vorschau").content.decode()
    assert HIDDEN in page
    assert "1.200,50" not in page


def test_my_list_names_everything_and_nothing_of_others(offer, company, competitor):
    assert "Betrieb im Land" in company.get("/angebote").content.decode()
    page = competitor.get("/angebote").content.decode()
    assert "Betrieb im Land" not in page


def hand_in(client, copy, **more):
    copy.refresh_from_db()
    return client.post(f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version, **more})


def test_two_organisations_of_one_offer_see_both_versions_and_choose(offer, company, competitor, market):
    Offer.objects.filter(pk=offer.pk).update(operator=market.other_provider)
    for client in (company, competitor):
        client.post(f"/angebot/{offer.public_id}/bearbeiten")
    first, second = WorkingCopy.objects.filter(state="draft").order_by("pk")
    operated = {**OPERATION, "operator": market.other_provider.name}
    write(company, first, "betrieb", {**operated, "title": "Von der Ersten"})
    write(
        competitor,
        second,
        "betrieb",
        {**operated, "title": "Von der Zweiten", "included_services": "Schulung"},
    )
    write(competitor, second, "ansprechstelle", {"email": "hilfe@beispiel.example"})
    assert hand_in(company, first).status_code == 302

    answer = hand_in(competitor, second)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in (
        "inzwischen geändert",
        "Von der Ersten",
        "Von der Zweiten",
        "Schulung",
        "Veröffentlichte Fassung",
    ):
        assert words in page
    assert sorted(re.findall(r'name="wahl-(\w+)" value="meine"', page)) == [
        "email",
        "included_services",
        "title",
    ]
    offer.refresh_from_db()
    assert offer.title == "Von der Ersten"

    version = re.search(r'name="fassung" value="(\d+)"', page).group(1)
    chosen = {"wahl-title": "andere", "wahl-included_services": "meine", "wahl-email": "andere"}
    kept = hand_in(competitor, second, fassung=version, **chosen)
    assert kept["Location"] == f"/angebote/{second.public_id}/pruefen"
    offer.refresh_from_db()
    assert offer.included_services == ""
    assert hand_in(competitor, second)["Location"] == f"/loesungen/{market.raum.public_id}"
    offer.refresh_from_db()
    assert (offer.title, offer.included_services) == ("Von der Ersten", "Schulung")
    assert offer.contact.email == "angebot@beispiel.example"


@pytest.mark.parametrize("version", ["0", "", "x"])
def test_choosing_against_another_version_than_the_one_shown_keeps_nothing(offer, company, version):
    company.post(f"/angebot/{offer.public_id}/bearbeiten")
    copy = WorkingCopy.objects.get(state="draft")
    assert hand_in(company, copy, **{"fassung": version, "wahl-title": "andere"}).status_code == 409
    before = copy.lock_version
    copy.refresh_from_db()
    assert copy.lock_version == before


def test_a_change_of_what_was_withdrawn_says_so(offer, company):
    company.post(f"/angebot/{offer.public_id}/bearbeiten")
    copy = WorkingCopy.objects.get(state="draft")
    sent = {"lock_version": offer.lock_version, "reason": "Wir hören auf."}
    company.post(f"/angebot/{offer.public_id}/zurueckziehen", sent)
    answer = company.post(
        f"/angebote/{copy.public_id}/abgeben", {"lock_version": copy.lock_version}, follow=True
    )
    page = answer.content.decode()
    assert "Dieses Angebot ist nicht mehr veröffentlicht." in page
    assert "Ihre Änderung ist veröffentlicht." not in page
