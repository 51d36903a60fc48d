"""What a company's own entry says stands beside the question, and is sent only by its own act."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.actions import know_origin, publish_offer, receive
from allmende.catalogue.cost import estimate
from allmende.catalogue.drafts import OfferDraft, PriceDraft, SolutionDraft, TextDraft
from allmende.exploration.actions import answering, questions
from allmende.exploration.answer_values import Given
from allmende.exploration.models import Answer, Candidate
from allmende.exploration.prefills import PREFILLS, Facts, suggestion
from allmende.exploration.queries import answering as company
from allmende.exploration.question_sets import shipped
from tests.exploration.cast import Cast, sent
from tests.exploration.hall import PROGRAM

PRICES = (PriceDraft(kind="one_off", amount=Decimal(500)), PriceDraft(kind="monthly", amount=Decimal(100)))


@pytest.fixture
def offering(cast: Cast) -> Cast:
    """The company's offer, and a cheaper one of its competitor, for a solution of the short list."""
    now, hall = cast.now, cast.hall
    origin = know_origin("stadt", label="Katalog", kind="harvest", by=PROGRAM, now=now)
    draft = SolutionDraft(
        name="Melder",
        texts=(TextDraft(language="de", summary="Melden.", documentation_url="https://melder.example/doku"),),
        repository_url="https://code.example.org/melder",
        licence="EUPL-1.2",
    )
    solution = receive(draft, origin=origin, key="m.yml", by=PROGRAM, now=now).solution
    assert solution
    told = {"kind": "operation", "delivery_model": "saas_provider", "price_model": "subscription_flat"}
    for body, prices in (
        (hall.company, PRICES),
        (cast.rival, (PriceDraft(kind="yearly", amount=Decimal(7)),)),
    ):
        offer = OfferDraft(
            title=f"Betrieb durch {body.name}",
            supplier=body.public_id,
            prices=prices,
            minimum_term_months=12,
            included_services="Pflege",
            **told,
        )
        publish_offer(offer, solution=solution, by=PROGRAM, now=now)
    Candidate.objects.filter(company__isnull=False).update(solution=solution)
    for code in shipped():
        questions.take_questions(cast.questionnaire, code=code, **cast.by())
    return sent(cast)


def said(cast: Cast, name: str, actor: str) -> dict[str, tuple[str, str]]:
    view = company.view_of(cast.inquiry(name), cast.actor(actor), cast.now)
    return {
        each.question.prefill: (each.suggestion.typed, each.suggestion.remark)
        for each in view.lines
        if each.suggestion
    }


def test_each_company_reads_what_its_own_offer_says(offering: Cast) -> None:
    assert said(offering, "Beispiel GmbH", "company") == {
        "delivery_model": ("als Dienst bei uns", ""),
        "price_one_off": ("500,00", "500,00 € einmalig"),
        "price_yearly": ("1.200,00", "100,00 € × 12 Monate"),
        "price_model": ("Fester Betrag im Jahr oder Monat", ""),
        "included_services": ("", "Enthalten ist: Pflege"),
        "minimum_term": ("12", ""),
        "support": ("", "Pflege"),
        "licence": ("EUPL-1.2; https://code.example.org/melder", ""),
        "documentation": ("ja", "https://melder.example/doku"),
    }
    rival = said(offering, "Konkurrenz AG", "rival")
    assert (rival["price_yearly"][0], "price_one_off" in rival) == ("7,00", False)
    assert said(offering, "Dorfsoftware Krause", "anonymous") == {}


def test_nothing_of_it_is_an_answer_until_somebody_sends_it(offering: Cast) -> None:
    inquiry = offering.inquiry("Beispiel GmbH")
    company.view_of(inquiry, offering.actor("company"), offering.now)
    required = {each.public_id: Given("", "Später.") for each in inquiry.questionnaire.questions.all()}
    answering.hand_in(inquiry, required, lock_version=0, **offering.by("company"))
    assert set(Answer.objects.values_list("value", flat=True)) == {None}


def test_an_offer_that_was_withdrawn_meanwhile_says_nothing(offering: Cast) -> None:
    offering.hall.company.offers_supplied.update(state="draft")
    assert said(offering, "Beispiel GmbH", "company") == {}


@given(st.sampled_from(sorted(PREFILLS)))
def test_nothing_known_suggests_nothing(code: str) -> None:
    assert suggestion(code, Facts()) is None
    assert suggestion("erfunden", Facts(licence="MIT")) is None


def test_what_depends_on_a_number_that_nobody_knows_is_said(offering: Cast) -> None:
    rows = [PriceDraft(kind="per_unit_yearly", amount=Decimal("0.5"), unit="inhabitant"), *PRICES]
    facts = Facts(cost=estimate(rows, units={"inhabitant": None}, term_months=12))
    found = suggestion("price_yearly", facts)
    assert found
    assert found.remark.startswith("100,00 € × 12 Monate; Der Preis hängt ab von")
