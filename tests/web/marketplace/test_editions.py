"""Editions: what was published stays, can be cited and checked."""

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from allmende.catalogue.actions import erase, publish_offer, receive, withdraw
from allmende.catalogue.drafts import OfferDraft, PriceDraft
from allmende.catalogue.models import Edition
from allmende.lib.actors import Actor
from tests.factories.market import HARVEST, MELDER, Market

pytestmark = pytest.mark.django_db

STAFF = Actor("person", "redaktion00", frozenset({("operator_admin", None)}))


def change_licence(market: Market, now: datetime) -> None:
    receive(replace(MELDER, licence="MIT"), origin=market.city, key="melder.yml", by=HARVEST, now=now)
    market.melder.refresh_from_db()


def test_every_published_change_is_listed_youngest_first(client: Client, market: Market) -> None:
    page = client.get(f"/loesungen/{market.melder.public_id}/ausgaben").content.decode()
    places = [page.index(f"/ausgabe/{number}") for number in (3, 2, 1)]
    assert places == sorted(places)
    assert f"/loesungen/{market.melder.public_id}/ausgabe/4" not in page


def test_an_edition_keeps_what_was_so(client: Client, market: Market, now: datetime) -> None:
    change_licence(market, now)
    old = client.get(f"/loesungen/{market.melder.public_id}/ausgabe/3").content.decode()
    new = client.get(f"/loesungen/{market.melder.public_id}/ausgabe/4").content.decode()
    assert ("<dd>EUPL-1.2 " in old, "<dd>EUPL-1.2 " in new) == (True, False)
    assert ("Es gibt eine neuere Ausgabe" in old, "Es gibt eine neuere Ausgabe" in new) == (True, False)


def test_an_edition_reads_like_the_page(client: Client, market: Market) -> None:
    page = client.get(f"/loesungen/{market.melder.public_id}/ausgabe/3").content.decode()
    for words in (
        "Verwaltung &amp; Organisation, Beteiligung &amp; Demokratie", "Mängelmelder", "03.02.2026",
        "laut Katalog der Stadt",
        "Ahornstadt: Im Einsatz, von der Kommune bestätigt", "Birkenmarkt: laut Katalog der Stadt",
        "1.200,00\u00a0€ jährlich", "500,00\u00a0€ einmalig",
    ):  # fmt: skip
        assert words in page, words


def test_foreign_words_in_an_edition_carry_their_language(client: Client, market: Market) -> None:
    page = client.get(f"/loesungen/{market.melder.public_id}/ausgabe/1").content.decode()
    german, english = page.index("Menschen melden Schäden"), page.index("People report damage")
    assert german < page.index('lang="en"') < english


def test_small_prices_keep_their_fractions(client: Client, market: Market, now: datetime) -> None:
    prices = (
        PriceDraft(
            kind="per_unit_yearly", amount=Decimal("0.0045"), unit="inhabitant", tier_from=5000, tier_to=20000
        ),
    )
    offer = OfferDraft(title="Je Kopf", seller=market.provider.public_id, prices=prices)
    publish_offer(offer, solution=market.raum, by=STAFF, now=now)
    page = client.get(f"/loesungen/{market.raum.public_id}/ausgabe/2").content.decode()
    assert "0,0045\u00a0€ jährlich je Einheit (Einwohnerin oder Einwohner, ab 5.000, unter 20.000)" in page


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_json_of_an_edition_has_the_hash_that_the_page_names(
    client: Client, market: Market, number: int
) -> None:
    address = f"/loesungen/{market.melder.public_id}/ausgabe/{number}"
    answer = client.get(f"{address}.json")
    digest = hashlib.sha256(answer.content).hexdigest()
    assert digest == Edition.objects.get(subject_id=market.melder.public_id, number=number).digest
    assert digest in client.get(address).content.decode()
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(answer.content)["id"] == market.melder.public_id


def test_editions_of_a_withdrawn_solution_stay_readable(
    client: Client, market: Market, now: datetime
) -> None:
    withdraw(market.melder, reason="Der Betrieb ist eingestellt.", by=STAFF, now=now)
    for rest in ("/ausgaben", "/ausgabe/1", "/ausgabe/1.json"):
        assert client.get(f"/loesungen/{market.melder.public_id}{rest}").status_code == 200


def test_an_erased_edition_is_a_tombstone_with_reason_and_hash(
    client: Client, market: Market, now: datetime
) -> None:
    digest = Edition.objects.get(subject_id=market.melder.public_id, number=1).digest
    erase(market.melder, reason="Artikel 17 DSGVO", by=HARVEST, now=now)
    answer = client.get(f"/loesungen/{market.melder.public_id}/ausgabe/1")
    page = answer.content.decode()
    assert answer.status_code == 410
    for words in ("Inhalt entfernt", "Artikel 17 DSGVO", digest, "23.11.2026"):
        assert words in page, words
    assert "Menschen melden" not in page
    data = client.get(f"/loesungen/{market.melder.public_id}/ausgabe/1.json")
    assert data.status_code == 410
    assert data.json() == {"redacted": True, "reason": "Artikel 17 DSGVO", "sha256": digest}


@pytest.mark.parametrize("number", ["0", "4", "999999999999999999999999", "-1", "eins", "1.xml"])
def test_an_edition_that_never_was_is_not_found(client: Client, market: Market, number: str) -> None:
    assert client.get(f"/loesungen/{market.melder.public_id}/ausgabe/{number}").status_code == 404


def test_no_edition_is_for_search_engines(client: Client, market: Market) -> None:
    page = client.get(f"/loesungen/{market.melder.public_id}/ausgabe/1").content.decode()
    assert '<meta name="robots" content="noindex">' in page


def test_the_page_of_the_solution_names_the_address_to_cite(client: Client, market: Market) -> None:
    page = client.get(f"/loesungen/{market.melder.public_id}").content.decode()
    assert f'href="http://testserver/loesungen/{market.melder.public_id}/ausgabe/3"' in page
    assert f"{date(2026, 11, 23):%d.%m.%Y}" in page
