"""Offers: three roles, prices in rows, and who may touch them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from allmende.catalogue.actions import change_offer, publish_offer, withdraw, withdraw_offer
from allmende.catalogue.drafts import OfferDraft, PriceDraft
from allmende.catalogue.models import Offer, PriceRow
from allmende.catalogue.queries import edition, offers_of
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused

HARVEST = Actor.program("harvest")


@pytest.fixture
def seller(provider, member_of):
    return member_of("provider_editor", provider)


@pytest.fixture
def offer_draft(provider):
    return OfferDraft(
        title="Als Dienst",
        supplier=provider.public_id,
        seller=provider.public_id,
        delivery_model="saas_provider",
        price_model="subscription_flat",
        prices=(PriceDraft(kind="yearly", amount=Decimal(1200)),),
    )


@pytest.fixture
def offer(offer_draft, solution, seller, now):
    return publish_offer(offer_draft, solution=solution, by=HARVEST, now=now)


def test_a_published_offer_stands_in_the_next_edition_of_its_solution(offer, solution, provider):
    solution.refresh_from_db()
    content = edition(solution, 2).content
    assert [(each["title"], each["prices"][0]["amount"]) for each in content["offers"]] == [
        ("Als Dienst", "1200")
    ]
    assert content["offers"][0]["parties"]["seller"] == {"id": provider.public_id, "name": provider.name}
    assert [each.title for each in offers_of(provider)] == ["Als Dienst"]


def test_a_competitor_and_a_stranger_can_neither_publish_for_others_nor_change_their_offer(
    offer, offer_draft, solution, competitor, member_of, stranger, now
):
    for actor in (member_of("provider_editor", competitor), stranger):
        with pytest.raises(Refused, match="Berechtigung"):
            publish_offer(offer_draft, solution=solution, by=actor, now=now)
        with pytest.raises(Refused, match="Berechtigung"):
            change_offer(offer, replace(offer_draft, title="Gekapert"), by=actor, now=now)
        with pytest.raises(Refused, match="Berechtigung"):
            withdraw_offer(offer, reason="weg", by=actor, now=now)
    assert Offer.objects.get().title == "Als Dienst"


def test_a_provider_cannot_hand_its_offer_to_a_party_it_does_not_speak_for(
    offer, offer_draft, competitor, seller, now
):
    handed = replace(offer_draft, supplier=competitor.public_id, seller=competitor.public_id)

    with pytest.raises(Refused, match="Berechtigung"):
        change_offer(offer, handed, by=seller, now=now)


def test_whoever_saves_on_top_of_somebody_else_is_told(offer, offer_draft, seller, now):
    change_offer(
        offer, replace(offer_draft, title="Neu"), by=seller, now=now, lock_version=offer.lock_version
    )

    with pytest.raises(OutOfDate):
        change_offer(
            offer, replace(offer_draft, title="Alt"), by=seller, now=now, lock_version=offer.lock_version
        )
    assert Offer.objects.get().title == "Neu"


def test_a_withdrawn_offer_leaves_the_page_but_not_the_earlier_edition(offer, solution, seller, now):
    withdraw_offer(offer, reason="Wird nicht mehr angeboten", by=seller, now=now)

    solution.refresh_from_db()
    assert [len(edition(solution, number).content["offers"]) for number in (1, 2, 3)] == [0, 1, 0]


def test_without_a_party_a_title_or_a_unit_every_reason_is_named_at_once(solution, seller, now):
    broken = OfferDraft(title=" ", prices=(PriceDraft(kind="per_unit_yearly", amount=Decimal(-1)),))

    with pytest.raises(Refused) as refusal:
        publish_offer(broken, solution=solution, by=seller, now=now)

    assert refusal.value.message == (
        "Geben Sie dem Angebot einen Titel. Nennen Sie, wer liefert, wer betreibt oder wer verkauft. "
        "Ein Preis kann nicht kleiner als 0 sein. "
        "Nennen Sie zu einem Preis je Einheit die Einheit, zum Beispiel Einwohner."
    )


def test_a_solution_that_is_not_published_has_no_offers(offer_draft, solution, seller, member_of, now):
    withdraw(solution, reason="Fehler", by=member_of("catalogue_editor"), now=now)

    with pytest.raises(Refused, match="nicht veröffentlicht"):
        publish_offer(offer_draft, solution=solution, by=HARVEST, now=now)


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ({"amount": Decimal("NaN")}, "Geben Sie einen Betrag ein"),
        ({"amount": Decimal(10**8)}, "unter 100 Millionen Euro"),
        ({"amount": Decimal("0.00001")}, "höchstens vier Stellen"),
        ({"amount": Decimal(1), "vat_rate": Decimal(100)}, "Steuersatz"),
    ],
)
def test_a_price_that_no_column_holds_is_refused_in_words(offer_draft, solution, seller, now, price, reason):
    broken = replace(offer_draft, prices=(PriceDraft(kind="yearly", **price),))

    with pytest.raises(Refused, match=reason):
        publish_offer(broken, solution=solution, by=seller, now=now)


def test_a_term_that_nobody_means_is_refused(offer_draft, solution, seller, now):
    with pytest.raises(Refused, match="Mindestlaufzeit"):
        publish_offer(replace(offer_draft, minimum_term_months=0), solution=solution, by=seller, now=now)


def test_an_offer_of_a_withdrawn_solution_ends_without_a_new_edition(offer, solution, seller, member_of, now):
    withdraw(solution, reason="Fehler", by=member_of("catalogue_editor"), now=now)
    withdraw_offer(offer, reason="auch weg", by=seller, now=now)

    solution.refresh_from_db()
    assert solution.edition_number == 2
    assert history("solution", solution.public_id)[0].kind == "catalogue.offer_withdrawn"


@pytest.mark.parametrize("values", [{"amount": -1}, {"amount": 1, "tier_from": 5, "tier_to": 5}])
def test_the_database_keeps_the_promise_about_prices(offer, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceRow.objects.create(offer=offer, position=9, kind="yearly", **values)
