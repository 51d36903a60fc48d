"""How the questions to companies are tried. The owner leads the case; the vendor speaks for the one that is asked."""

from datetime import timedelta
from typing import Any

from allmende.exploration import deadlines
from allmende.exploration.actions import answering, asking, questions, sharing
from allmende.exploration.answer_values import Given
from allmende.exploration.models import Candidate, CompanyQuestion, Inquiry, Question, Questionnaire
from allmende.exploration.question_sets import QuestionDraft, SetDraft
from tests.rights.house import PROGRAM, House
from tests.rights.tries_cases import as_owner, with_fixed_plan
from tests.rights.trying import By, Try

DRAFT = QuestionDraft(text="Was kostet es?", kind="money")
SET = SetDraft(code="eigene", title="Eigene", questions=(DRAFT,))


def in_work(house: House) -> Questionnaire:
    case = with_fixed_plan(house)
    Candidate.objects.create(
        case=case, company=house.company, company_name=house.company.name, state="kept", reason="fits",
        added_at=house.now, added_by="x",
    )  # fmt: skip
    questionnaire = questions.begin_questionnaire(case, **as_owner(house))
    questions.add_question(questionnaire, DRAFT, **as_owner(house))
    return Questionnaire.objects.select_related("case").get(pk=questionnaire.pk)


def _question(house: House) -> Question:
    return in_work(house).questions.get(text=DRAFT.text)


def _candidate(questionnaire: Questionnaire) -> Candidate:
    return questionnaire.case.candidates.get()


def sent(house: House) -> Questionnaire:
    return asking.dispatch(in_work(house), lock_version=1, few_reason="Nur eines.", **as_owner(house))


def inquiry(house: House) -> Inquiry:
    return sent(house).inquiries.select_related("questionnaire__case", "organisation", "candidate").get()


def _asked_back(house: House) -> CompanyQuestion:
    return answering.ask_back(inquiry(house), text="Wann?", by=house.actor("vendor"), now=house.now)


def _over(house: House) -> Questionnaire:
    questionnaire = sent(house)
    Questionnaire.objects.filter(pk=questionnaire.pk).update(deadline=house.now - timedelta(seconds=1))
    return Questionnaire.objects.select_related("case").get(pk=questionnaire.pk)


def _soon(house: House) -> Questionnaire:
    questionnaire = sent(house)
    Questionnaire.objects.filter(pk=questionnaire.pk).update(
        sent_at=house.now - timedelta(days=30), deadline=house.now + timedelta(hours=3)
    )
    return Questionnaire.objects.select_related("case").get(pk=questionnaire.pk)


def _closed(house: House) -> Questionnaire:
    questionnaire = _over(house)
    asking.close(questionnaire, by=PROGRAM, now=house.now)
    return Questionnaire.objects.select_related("case").get(pk=questionnaire.pk)


def _save(house: House, found: Questionnaire, by: By) -> Any:
    later = deadlines.proposed(house.now)
    return questions.save_questionnaire(
        found, introduction="Worum es geht.", deadline=later, questions_until=later, lock_version=1, **by
    )


def _longer(house: House, found: Questionnaire, by: By) -> Any:
    assert found.deadline
    return asking.extend_deadline(found, deadline=found.deadline + timedelta(days=7), reason="Ferien.", **by)


def _given(found: Inquiry) -> dict[str, Given]:
    return {found.questionnaire.questions.get(text=DRAFT.text).public_id: Given("1")}


def _end_set(house: House, _: Any, by: By) -> Any:
    return questions.end_question_set("betrieb-kosten", version=1, **by)


ASKING: dict[str, Try] = {
    "exploration.questions.write_question_set": Try(
        lambda h, _, by: questions.write_question_set(SET, version=0, **by)
    ),
    "exploration.questions.end_question_set": Try(_end_set),
    "exploration.questions.begin_questionnaire": Try(
        lambda h, case, by: questions.begin_questionnaire(case, **by), with_fixed_plan
    ),
    "exploration.questions.draft_of": Try(lambda h, found, by: questions.draft_of(found, **by), in_work),
    "exploration.questions.save_questionnaire": Try(_save, in_work),
    "exploration.questions.take_questions": Try(
        lambda h, found, by: questions.take_questions(found, code="betrieb-kosten", **by), in_work
    ),
    "exploration.questions.add_question": Try(
        lambda h, found, by: questions.add_question(found, DRAFT, **by), in_work
    ),
    "exploration.questions.change_question": Try(
        lambda h, found, by: questions.change_question(found, DRAFT, **by), _question
    ),
    "exploration.questions.remove_question": Try(
        lambda h, found, by: questions.remove_question(found, **by), _question
    ),
    "exploration.questions.move_question": Try(
        lambda h, found, by: questions.move_question(found, up=True, **by), _question
    ),
    "exploration.asking.plan_inquiry": Try(
        lambda h, found, by: asking.plan_inquiry(found, _candidate(found), **by), in_work
    ),
    "exploration.asking.leave_out": Try(
        lambda h, found, by: asking.leave_out(found, _candidate(found), reason="Zu spät.", **by), in_work
    ),
    "exploration.asking.dispatch": Try(
        lambda h, found, by: asking.dispatch(found, lock_version=1, few_reason="Nur eines.", **by), in_work
    ),
    "exploration.asking.correct_address": Try(
        lambda h, found, by: asking.correct_address(found, email="neu@firma.example", **by), inquiry
    ),
    "exploration.asking.extend_deadline": Try(_longer, sent),
    "exploration.asking.remind": Try(lambda h, found, by: asking.remind(found, **by), _soon),
    "exploration.asking.close": Try(lambda h, found, by: asking.close(found, **by), _over),
    "exploration.sharing.answer_question": Try(
        lambda h, found, by: sharing.answer_question(found, shared_text="Wann?", answer="Im Mai.", **by),
        _asked_back,
    ),
    "exploration.sharing.tell_all": Try(
        lambda h, found, by: sharing.tell_all(found, text="Ein Hinweis.", **by), sent
    ),
    "exploration.sharing.thank_all": Try(lambda h, found, by: sharing.thank_all(found, **by), _closed),
    "exploration.answering.open_inquiry": Try(
        lambda h, found, by: answering.open_inquiry(found, **by), inquiry
    ),
    "exploration.answering.save_draft": Try(
        lambda h, found, by: answering.save_draft(found, {}, lock_version=0, **by), inquiry
    ),
    "exploration.answering.hand_in": Try(
        lambda h, found, by: answering.hand_in(found, _given(found), lock_version=0, **by), inquiry
    ),
    "exploration.answering.decline": Try(
        lambda h, found, by: answering.decline(found, reason="Keine Zeit.", **by), inquiry
    ),
    "exploration.answering.ask_back": Try(
        lambda h, found, by: answering.ask_back(found, text="Wann?", **by), inquiry
    ),
}
