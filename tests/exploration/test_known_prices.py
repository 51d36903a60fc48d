"""What the candidates of a case are known to cost: a span of what is known in full, and a word about the rest."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from allmende.catalogue.actions import know_origin, receive
from allmende.catalogue.drafts import PriceDraft, SolutionDraft, TextDraft
from allmende.catalogue.models import Offer, Solution
from allmende.exploration.models import Candidate
from allmende.exploration.queries.estimates import KnownPrices, known_prices
from tests.exploration.hall import PROGRAM, Hall
from tests.factories.offering import published_offer
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db


def solution(hall: Hall, name: str) -> Solution:
    draft = SolutionDraft(
        name=name,
        texts=(TextDraft(language="de", summary="Meldet Schäden."),),
        website_url=f"https://{name[-1].lower()}.melder.example",
    )
    origin = know_origin(
        code="muster", label="Muster", kind="state_catalogue", rank=20, by=PROGRAM, now=hall.now
    )
    found = receive(draft, origin=origin, key=name, by=PROGRAM, now=hall.now).solution
    assert found is not None
    return found


def offered(hall: Hall, name: str, *prices: tuple[str, str], **more: Any) -> Offer:
    rows = tuple(
        PriceDraft(kind=kind, amount=Decimal(amount), unit="inhabitant" if "unit" in kind else None)
        for kind, amount in prices
    )
    return published_offer(
        solution(hall, name), hall.company, by=hall.actor("company"), desk=PROGRAM, now=hall.now,
        title=f"{name} im Betrieb", prices=rows, **more,
    )  # fmt: skip


def candidate(hall: Hall, of: Offer, state: str = "kept", **more: Any) -> Candidate:
    facts = {
        "solution": of.solution,
        "solution_name": of.solution.name,
        "reason": "" if state == "open" else "x",
    }
    return Candidate.objects.create(
        case=hall.case, state=state, added_at=hall.now, added_by="x", **{**facts, **more}
    )  # fmt: skip


@pytest.fixture
def prices(hall: Hall) -> KnownPrices:
    """Three whole prices, one that names a part only, one dropped, one that says nothing."""
    candidate(hall, offered(hall, "Melder A", ("one_off", "1000"), ("yearly", "1200")))
    candidate(hall, offered(hall, "Melder B", ("one_off", "0"), ("per_unit_yearly", "0.5")), state="open")
    candidate(hall, offered(hall, "Melder C", ("one_off", "5000"), ("monthly", "500")))
    candidate(hall, offered(hall, "Melder D", ("yearly", "1")))
    candidate(hall, offered(hall, "Melder E", ("one_off", "9"), ("yearly", "9")), state="dropped")
    candidate(hall, offered(hall, "Melder F", on_request=True))
    return known_prices(hall.case, hall.actor("lead"))


def test_only_what_is_known_in_full_is_in_the_span(hall: Hall, prices: KnownPrices) -> None:
    told = [(each.offer.title, each.cost.one_off, each.cost.yearly, each.counts) for each in prices.prices]
    assert told == [
        ("Melder A im Betrieb", Decimal("1000.00"), Decimal("1200.00"), True),
        # 6,000 inhabitants, as the register says.
        ("Melder B im Betrieb", Decimal("0.00"), Decimal("3000.00"), True),
        ("Melder C im Betrieb", Decimal("5000.00"), Decimal("6000.00"), True),
        ("Melder D im Betrieb", Decimal(0), Decimal("1.00"), False),
    ]
    assert prices.span is not None
    assert prices.span.one_off == (Decimal("0.00"), Decimal("1000.00"), Decimal("5000.00"))
    assert prices.span.yearly == (Decimal("1200.00"), Decimal("3000.00"), Decimal("6000.00"))
    # For 48 months: 5,800, 12,000 and 29,000.
    assert prices.span.total == (Decimal("5800.00"), Decimal("12000.00"), Decimal("29000.00"))
    assert [each.solution_name for each in prices.silent] == ["Melder F"]


def test_a_candidate_with_an_offer_counts_that_offer_alone(hall: Hall) -> None:
    first = offered(hall, "Melder A", ("one_off", "1"), ("yearly", "1"))
    second = published_offer(
        first.solution, hall.company, by=hall.actor("company"), desk=PROGRAM, now=hall.now, title="Anders"
    )
    candidate(hall, first, offer=second, company=hall.company)
    assert [each.offer for each in known_prices(hall.case, hall.actor("lead")).prices] == [second]


def test_without_candidates_there_is_no_span_and_no_error(hall: Hall) -> None:
    found = known_prices(hall.case, hall.actor("lead"))
    assert (found.prices, found.silent, found.span) == ((), (), None)


def test_the_form_is_filled_with_a_price_of_the_span(hall: Hall, prices: KnownPrices) -> None:
    lead: Client = signed_in(hall["lead"])
    place = f"/markterkundungen/{hall.case.public_id}/auftragswert"
    page = lead.get(place, {"preise": "mittlerer"}).content.decode()
    assert 'value="Laufende Kosten (mittlerer Preis im Marktplatz)"' in page
    assert re.findall(r'name="zeile-\d-amount" value="([^"]+)"', page) == ["1.000,00", "3.000,00"]
    assert "Preise im Marktplatz: mittlerer Wert aus 3 Angeboten" in page
    plain = lead.get(place, {"preise": "unfug"}).content.decode()
    assert "mittlerer Preis im Marktplatz" not in plain
    assert "Ohne Preis, der sich rechnen lässt: Melder F." in plain
