"""What a list shows of a solution."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from allmende.catalogue.actions import publish_offer
from allmende.catalogue.drafts import OfferDraft, PriceDraft
from allmende.catalogue.queries import cards
from allmende.lib.actors import Actor
from allmende.retrieval.protocol import Fragment
from allmende.web.marketplace.cards import Hit, hit_of, lowest_cost, uses_in_words
from tests.factories.market import DEMO, Market

ANYBODY = Actor.anonymous()


def offer(*rows: tuple[str, str, str], kind: str = "product", on_request: bool = False) -> Any:
    """An offer as far as its price is concerned: rows of kind, amount and unit."""
    prices = [SimpleNamespace(kind=row, amount=Decimal(amount), unit=unit) for row, amount, unit in rows]
    return SimpleNamespace(
        kind=kind, on_request=on_request, prices_are_hidden=False, prices=SimpleNamespace(all=lambda: prices)
    )


@pytest.mark.parametrize(
    ("offers", "words"),
    [
        ([], None),
        ([offer()], None),
        ([offer(on_request=True)], "auf Anfrage"),
        ([offer(("yearly", "1200", "")), offer(("yearly", "900", ""))], "ab 900,00\u00a0€ im Jahr"),
        ([offer(("monthly", "85", ""), ("one_off", "10", ""))], "ab 1.020,00\u00a0€ im Jahr"),
        ([offer(("yearly", "0", ""))], "ab 0,00\u00a0€ im Jahr"),
        (
            [offer(("per_unit_yearly", "0.0825", "inhabitant"))],
            "ab 0,0825\u00a0€ je Einwohnerin oder Einwohner im Jahr",
        ),
        ([offer(("per_unit_yearly", "12", "user"))], "ab 12,00\u00a0€ je nutzender Person im Jahr"),
        ([offer(("one_off", "3900", ""))], "einmalig ab 3.900,00\u00a0€"),
        ([offer(("yearly", "100", ""), on_request=True)], "ab 100,00\u00a0€ im Jahr"),
        ([offer(("day_rate", "960", "day"), kind="consulting")], None),
        ([offer(("yearly", "10", ""), kind="training")], None),
    ],
)
def test_the_lowest_cost_in_words(offers: Sequence[Any], words: str | None) -> None:
    assert lowest_cost(offers) == words


@pytest.mark.parametrize(
    ("confirmed", "claimed", "words"),
    [
        (0, 0, None),
        (2, 0, "2 bestätigt"),
        (0, 5, "5 laut Anbieter oder Quelle"),
        (2, 5, "2 bestätigt, 5 laut Anbieter oder Quelle"),
    ],
)
def test_confirmed_uses_stand_apart_from_claimed_ones(
    confirmed: int, claimed: int, words: str | None
) -> None:
    assert uses_in_words(confirmed, claimed) == words


def shown(market: Market, name: str, **options: Any) -> Hit:
    (card,) = cards([getattr(market, name).public_id], ANYBODY)
    return hit_of(card, **options)


def text(hit: Hit) -> str:
    assert hit.summary is not None
    return "".join(piece.text for piece in hit.summary.fragments)


def test_german_words_come_first_and_foreign_ones_say_their_language(market: Market) -> None:
    german, foreign = shown(market, "melder"), shown(market, "foreign")
    assert (text(german), german.summary and german.summary.is_foreign) == (
        "Menschen melden Schäden an Straßen.",
        False,
    )
    assert foreign.summary is not None
    assert (foreign.summary.language, foreign.summary.is_foreign) == ("en", True)


def test_a_hit_says_who_uses_it_what_it_costs_and_where_that_is_known_from(market: Market) -> None:
    hit = shown(market, "melder")
    assert (hit.uses, hit.cost, hit.licence, list(hit.origins)) == (
        "1 bestätigt, 1 laut Anbieter oder Quelle",
        "ab 1.200,00\u00a0€ im Jahr",
        "EUPL-1.2",
        ["Katalog der Stadt"],
    )
    assert str(hit.as_of) == "2026-02-03"
    assert hit.href == f"/loesungen/{market.melder.public_id}"


def test_what_nobody_said_stays_unknown(market: Market) -> None:
    hit = shown(market, "foreign")
    assert (hit.uses, hit.cost, hit.licence, hit.as_of) == (None, None, None, None)


def test_an_offer_on_request_says_so(market: Market, now: datetime) -> None:
    draft = OfferDraft(title="x", supplier=market.provider.public_id, on_request=True)
    publish_offer(draft, solution=market.raum, by=DEMO, now=now)
    assert shown(market, "raum").cost == "auf Anfrage"


def test_consulting_is_no_price_of_the_solution(market: Market, now: datetime) -> None:
    price = PriceDraft(kind="day_rate", amount=Decimal(900), unit="day")
    draft = OfferDraft(
        title="Beratung", kind="consulting", supplier=market.provider.public_id, prices=(price,)
    )
    publish_offer(draft, solution=market.raum, by=DEMO, now=now)
    assert shown(market, "raum").cost is None


def test_the_words_asked_for_are_highlighted_in_the_sentence(market: Market) -> None:
    summary = shown(market, "melder", words={"meld"}).summary
    assert summary is not None
    assert [piece.text for piece in summary.fragments if piece.highlighted] == ["melden"]


def test_what_stands_in_the_sentence_already_is_not_shown_twice(market: Market) -> None:
    repeated = (
        Fragment("Menschen "),
        Fragment("melden", True),
        Fragment(" Schäden an Straßen.\nPeople report"),
    )
    assert shown(market, "melder", snippet=repeated).excerpt is None


def test_an_excerpt_is_one_line_of_one_language_without_markup(market: Market) -> None:
    found = (Fragment("… kaputte "), Fragment("Laterne", True), Fragment(" sieht\nPeople **report** damage"))
    excerpt = shown(market, "melder", snippet=found).excerpt
    assert excerpt is not None
    assert ("".join(piece.text for piece in excerpt.fragments), excerpt.language) == (
        "… kaputte Laterne sieht",
        "de",
    )


def test_a_foreign_excerpt_says_its_language(market: Market) -> None:
    found = (Fragment("Report a "), Fragment("pothole", True), Fragment(" in your **street**."))
    assert shown(market, "foreign", snippet=(Fragment("x\n"), *found)).excerpt is not None
    english = shown(market, "melder", snippet=(Fragment("People "), Fragment("report", True))).excerpt
    assert english is not None
    assert english.language == "en"
