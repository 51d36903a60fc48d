"""What a company sees of the questions it is asked. Nothing here knows of another company.

No name, no answer and no number of others leaves this module; `CompanyView` holds all that a page may show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from allmende.catalogue.cost import estimate
from allmende.catalogue.editors import EDITORS
from allmende.catalogue.models import Offer, Solution
from allmende.catalogue.queries.prices import with_prices
from allmende.exploration.answer_values import Given, in_words, typed_again
from allmende.exploration.company_rules import answers_for, fits, hash_of, may_answer
from allmende.exploration.deadlines import is_open
from allmende.exploration.models import Answer, CompanyQuestion, Inquiry, Question, Questionnaire
from allmende.exploration.prefills import Facts, Suggestion, suggestion
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import once_called, standing_for
from allmende.vocabulary.queries import current as vocabulary

# A town's cases that ended: what was answered stays readable, and nothing can be written.
ENDED = "Diese Markterkundung ist beendet. Sie können Ihre Antworten noch lesen."
TOO_LATE = (
    "Die Frist ist vorbei. Ihre Antworten sind nicht angekommen. Sie stehen noch auf dieser Seite: Kopieren Sie sie, "
    "und bitten Sie die Kommune um eine längere Frist; sie kann sie nur allen gewähren."
)


def inquiries_for(actor: Actor) -> QuerySet[Inquiry]:
    """Inquiries to the companies that the actor speaks for, also where they were merged since; the latest first."""
    held = {place for role, place in actor.roles if role in EDITORS and place}
    rows = Inquiry.objects.filter(organisation__public_id__in=once_called(held))
    rows = rows.exclude(state="planned").exclude(questionnaire__case__state="erased")
    return _loaded(rows).order_by("-sent_at", "-pk")


def inbox(actor: Actor) -> list[Inquiry]:
    """What the actor may read and answer now."""
    return [
        each for each in inquiries_for(actor) if each.organisation and answers_for(actor, each.organisation)
    ]


def inquiry_for(actor: Actor, public_id: str) -> Inquiry | None:
    """One of the inbox; None for anybody else's."""
    found = inquiries_for(actor).filter(public_id=public_id).first()
    return found if found is not None and may_answer(actor, found) else None


def inquiry_by_token(token: str) -> Inquiry | None:
    """Whom a personal link was written to; None for one that holds no more or never did. Changes nothing."""
    rows = Inquiry.objects.exclude(state="planned").exclude(questionnaire__case__state="erased")
    found = _loaded(rows).filter(letters__token_hash=hash_of(token)).first() if token else None
    return found if found is not None and fits(token, found) else None


def _loaded(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    return rows.select_related(
        "questionnaire__case__organisation",
        "questionnaire__case__need",
        "organisation__merged_into",
        "candidate",
    )


def why_closed(questionnaire: Questionnaire, now: datetime) -> str:
    """Why nothing can be written any more, in a sentence; "" while it can."""
    if not questionnaire.case.is_open:
        return ENDED
    if questionnaire.state == "sent" and is_open(questionnaire.deadline, now):
        return ""
    return "Die Frist ist vorbei. Sie können Ihre Antworten noch lesen und nichts mehr ändern."


def may_ask_back(questionnaire: Questionnaire, now: datetime) -> bool:
    until = questionnaire.questions_until or questionnaire.deadline
    return not why_closed(questionnaire, now) and is_open(until, now)


@dataclass(frozen=True)
class Line:
    """One question with what the company has typed or sent, and what its own entry says to it."""

    question: Question
    given: Given
    sent: str
    sent_remark: str
    was_sent: bool
    suggestion: Suggestion | None


@dataclass(frozen=True)
class CompanyView:
    """All that a company sees of one inquiry: its own, and what all may read."""

    inquiry: Inquiry
    questionnaire: Questionnaire
    town: str
    lines: Sequence[Line]
    shared: Sequence[CompanyQuestion]
    own_open: Sequence[CompanyQuestion]
    why_closed: str
    may_ask: bool

    @property
    def has_draft(self) -> bool:
        """Whether something was typed that has not been sent."""
        return bool(self.inquiry.draft)


def view_of(inquiry: Inquiry, actor: Actor, now: datetime) -> CompanyView:
    """The inquiry as its company sees it. The caller has asked whether the actor may."""
    questionnaire = inquiry.questionnaire
    questions = list(Question.objects.filter(questionnaire=questionnaire))
    answers = {each.question_id: each for each in Answer.objects.filter(inquiry=inquiry)}
    facts = _facts(inquiry, actor)
    back = CompanyQuestion.objects.filter(questionnaire=questionnaire)
    return CompanyView(
        inquiry=inquiry,
        questionnaire=questionnaire,
        town=questionnaire.case.organisation.name,
        lines=[_line(each, answers.get(each.pk), inquiry, facts) for each in questions],
        shared=list(back.exclude(answered_at=None).order_by("answered_at", "pk").defer("text", "inquiry")),
        own_open=list(back.filter(inquiry=inquiry, answered_at=None)),
        why_closed=why_closed(questionnaire, now),
        may_ask=may_ask_back(questionnaire, now),
    )


def _line(question: Question, answer: Answer | None, inquiry: Inquiry, facts: Sequence[Facts]) -> Line:
    typed = inquiry.draft.get(question.public_id)
    said = (suggestion(question.prefill, each) for each in facts)
    return Line(
        question=question,
        given=Given.from_json(typed) if typed is not None else given_of(question, answer),
        sent=in_words(question.kind, answer.value) if answer else "",
        sent_remark=answer.remark if answer else "",
        was_sent=answer is not None,
        suggestion=next((each for each in said if each), None) if question.prefill else None,
    )


def given_of(question: Question, answer: Answer | None) -> Given:
    """What would be typed to give this answer once more."""
    if answer is None:
        return Given()
    return Given(typed_again(question.kind, answer.value), answer.remark, answer.is_confidential)


# ---------------------------------------------------------------------------------------- from its own catalogue data


def _facts(inquiry: Inquiry, actor: Actor) -> list[Facts]:
    """What the catalogue holds of the company's own offers for the solution that it is asked about."""
    candidate = inquiry.candidate
    if candidate is None or candidate.solution_id is None or inquiry.organisation is None:
        return []
    body = standing_for(inquiry.organisation)
    offers = Offer.objects.filter(solution=candidate.solution_id, state="published")
    offers = offers.filter(Q(supplier=body) | Q(operator=body) | Q(seller=body))
    own = with_prices(offers.select_related("solution").order_by("pk"), actor)
    # The offer that stood on the list before others of the same company.
    own.sort(key=lambda offer: offer.pk != candidate.offer_id)
    return [_of_offer(each, inquiry) for each in own] or _of_solution(candidate.solution_id, body)


def _of_offer(offer: Offer, inquiry: Inquiry) -> Facts:
    need = inquiry.questionnaire.case.need
    labels = vocabulary().labels("price_model")
    units = {"inhabitant": need.population, "user": need.users_count}
    as_of = f", Stand {offer.as_of_told}" if offer.as_of_told else ""
    facts = Facts(
        delivery_model=offer.delivery_model,
        price_model=labels.get(offer.price_model, ""),
        minimum_term_months=offer.minimum_term_months,
        included_services=offer.included_services,
        description=offer.description,
        cost=None
        if offer.prices_are_hidden
        else estimate(offer.prices.all(), units=units, term_months=12, on_request=offer.on_request),
        source=f"Ihr Angebot „{offer.title}“{as_of}",
    )
    return _with(facts, offer.solution)


def _of_solution(solution: int, body: Organisation) -> list[Facts]:
    """A developer without an offer: only where the entry names it as the one who maintains it."""
    found = Solution.objects.filter(pk=solution, state="published").first()
    if found is None or found.maintainer.casefold() != body.name.casefold():
        return []
    return [_with(Facts(source=f"Eintrag „{found.name}“ im Katalog"), found)]


def _with(facts: Facts, solution: Solution) -> Facts:
    """With what the entry of the solution says."""
    texts = solution.texts.exclude(documentation_url="")
    documentation = texts.values_list("documentation_url", flat=True).first() or ""
    return replace(
        facts,
        licence=solution.licence,
        repository_url=solution.repository_url,
        documentation_url=documentation,
    )
