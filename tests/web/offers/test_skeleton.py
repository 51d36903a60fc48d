"""From nothing to a published offer, page by page."""

import re

from allmende.catalogue.models import Offer, WorkingCopy

OPERATION = {
    "title": "Betrieb im Land",
    "kind": "operation",
    "supplier": "Beispiel-Software GmbH",
    "operator": "",
    "seller": "",
    "delivery_model": "saas_provider",
}
PRICES = {
    "prices_for": "public",
    "price_model": "subscription_flat",
    "zeile-0-kind": "yearly",
    "zeile-0-amount": "1.200,50",
}
CONTACT = {"email": "angebot@beispiel.example"}


def write(client, copy, code, data, **more):
    copy.refresh_from_db()
    sent = {**data, "lock_version": copy.lock_version, "weiter": "1", **more}
    return client.post(f"/angebote/{copy.public_id}/seite/{code}", sent)


def test_a_company_offers_something_for_a_solution_that_is_here(market, company, desk):
    page = company.get("/angebote/neu?q=Raumbuchung").content.decode()
    assert "Gibt es schon: Möchten Sie stattdessen ein Angebot dazu einstellen?" in page

    begun = company.post(f"/angebote/neu/zu/{market.raum.public_id}", follow=True)
    copy = WorkingCopy.objects.get()
    assert begun.redirect_chain == [(f"/angebote/{copy.public_id}", 302)]
    for code, data in (("betrieb", OPERATION), ("preise", PRICES), ("ansprechstelle", CONTACT)):
        assert company.get(f"/angebote/{copy.public_id}/seite/{code}").status_code == 200
        answer = write(company, copy, code, data)
        assert answer.status_code == 302, answer.content.decode()
    assert "1.200,50" in company.get(f"/angebote/{copy.public_id}/vorschau").content.decode()
    review = company.get(f"/angebote/{copy.public_id}/pruefen").content.decode()
    version = re.search(r'name="lock_version" value="(\d+)"', review).group(1)
    handed = company.post(f"/angebote/{copy.public_id}/abgeben", {"lock_version": version}, follow=True)
    assert "Wie es weitergeht" in handed.content.decode()
    copy.refresh_from_db()
    assert copy.state == "submitted"

    listed = desk.get("/redaktion/angebote").content.decode()
    assert "Betrieb im Land zu Raumbuchung" in listed
    entry = desk.get(f"/redaktion/angebote/{copy.public_id}")
    assert entry.status_code == 200
    assert desk.get(f"/redaktion/angebote/{copy.public_id}/vorschau").status_code == 200
    desk.post(f"/redaktion/angebote/{copy.public_id}/veroeffentlichen", {"lock_version": copy.lock_version})

    offer = Offer.objects.get(title="Betrieb im Land")
    assert (offer.state, offer.supplier, str(offer.prices.get().amount)) == (
        "published",
        market.provider,
        "1200.5000",
    )
    public = company.get(f"/loesungen/{market.raum.public_id}").content.decode()
    assert "angebot@beispiel.example" in public
