"""What a company does with the questions: open them, type, send, decline, ask back. By its people or by a link.

Every action asks first who it is (`by`, or the token of a personal link), and then whether there is still time: at the
deadline itself there is, a second later there is not.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from allmende.exploration import company_rules
from allmende.exploration.actions.asking import known_size, sent_questionnaire
from allmende.exploration.actions.cases import locked, note
from allmende.exploration.actions.posting import write_to
from allmende.exploration.answer_values import (
    LONGEST_REMARK,
    LONGEST_TYPED,
    Given,
    cleaned,
    value_of,
)
from allmende.exploration.company_letters import receipt
from allmende.exploration.models import Answer, CompanyQuestion, Inquiry, Question
from allmende.exploration.queries.answering import ENDED, TOO_LATE, may_ask_back, why_closed
from allmende.exploration.states import INQUIRY
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require

NOT_YOURS = "Diese Anfrage ging nicht an Sie."
MOST_QUESTIONS_BACK = 30
# How an answer by a personal link is signed.
BY_LINK = "link"


class TooLate(Refused):
    """The deadline has passed. Nothing was written; the page keeps what was typed."""


class Unanswered(Refused):
    """Some answers cannot be read or are missing: sentence by public id of the question."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        number = len(faults)
        what = "Eine Antwort fehlt" if number == 1 else f"{number} Antworten fehlen"
        super().__init__(
            f"{what} oder lässt sich nicht lesen." if number == 1 else f"{what} oder sind unklar."
        )
        self.faults = faults


@transaction.atomic
def open_inquiry(inquiry: Inquiry, *, token: str = "", by: Actor, now: datetime) -> Inquiry:
    """Note that somebody has opened it. Asked for by a button: what follows links by itself opens nothing."""
    fresh = _held(inquiry, token=token, by=by, now=now)
    return _opened(fresh, by=by, now=now)


def _opened(fresh: Inquiry, *, by: Actor, now: datetime) -> Inquiry:
    if fresh.opened_at is None:
        fresh.opened_at = now
        if INQUIRY.can_become(fresh.state, "opened"):
            fresh.state = "opened"
        fresh.save(update_fields=["opened_at", "state"])
        note("exploration.inquiry_opened", fresh.questionnaire.case, by=by, now=now, subject=fresh)
    return fresh


@transaction.atomic
def save_draft(
    inquiry: Inquiry,
    given: Mapping[str, Given],
    *,
    lock_version: int,
    page: str = "",
    token: str = "",
    by: Actor,
    now: datetime,
) -> Inquiry:
    """Keep what was typed, as it was typed. The town does not see it. `given` by public id of the question."""
    fresh = _held(inquiry, token=token, by=by, now=now)
    _expect(fresh, lock_version, page)
    fresh.draft, fresh.draft_saved_at, fresh.saved_from = _kept(fresh, given), now, page
    fresh.lock_version += 1
    fresh.save(update_fields=["draft", "draft_saved_at", "saved_from", "lock_version"])
    return _opened(fresh, by=by, now=now)


def _expect(fresh: Inquiry, lock_version: int, page: str) -> None:
    """Two people of the company, two pages: whoever did not see what the other typed is told."""
    if fresh.lock_version != lock_version and not (page and fresh.saved_from == page):
        raise OutOfDate


def _kept(inquiry: Inquiry, given: Mapping[str, Given]) -> dict[str, object]:
    """For the questions that there are, and no more than a page takes."""
    known = Question.objects.filter(questionnaire=inquiry.questionnaire).values_list("public_id", flat=True)
    return {
        each: Given(
            cleaned(given[each].typed, LONGEST_TYPED),
            cleaned(given[each].remark, LONGEST_TYPED),
            given[each].is_confidential,
        ).as_json()
        for each in known
        if each in given
    }


@transaction.atomic
def hand_in(
    inquiry: Inquiry,
    given: Mapping[str, Given],
    *,
    lock_version: int,
    size_class: str = "",
    page: str = "",
    token: str = "",
    by: Actor,
    now: datetime,
) -> Inquiry:
    """Send the answers; they may be changed until the deadline. A question without an answer is "keine Angabe".

    A required one needs an answer, or a remark that says why there is none. Raises `Unanswered` with a sentence for
    each question, and `TooLate` after the deadline.
    """
    fresh = _held(inquiry, token=token, by=by, now=now)
    _expect(fresh, lock_version, page)
    questions = list(Question.objects.filter(questionnaire=fresh.questionnaire))
    read = _read(questions, given)
    for question, (value, remark, is_confidential) in zip(questions, read, strict=True):
        Answer.objects.update_or_create(
            inquiry=fresh,
            question=question,
            defaults={
                "value": value,
                "remark": remark,
                "is_confidential": is_confidential,
                "changed_at": now,
            },
        )
    _opened(fresh, by=by, now=now)
    INQUIRY.require_move(fresh.state, "answered")
    fresh.state, fresh.answered_at, fresh.answered_by = "answered", now, _signed(token, by)
    fresh.size_class = known_size(size_class) or fresh.size_class
    fresh.declined_reason, fresh.draft, fresh.draft_saved_at, fresh.saved_from = "", {}, None, page
    fresh.lock_version += 1
    fresh.save()
    write_to(fresh, "receipt", receipt(fresh.questionnaire), by=by, now=now)
    note("exploration.inquiry_answered", fresh.questionnaire.case, by=by, now=now, subject=fresh)
    return fresh


def _read(questions: list[Question], given: Mapping[str, Given]) -> list[tuple[object, str, bool]]:
    read: list[tuple[object, str, bool]] = []
    faults: dict[str, str] = {}
    for question in questions:
        said = given.get(question.public_id, Given())
        try:
            read.append(_one(question, said))
        except Refused as refusal:
            faults[question.public_id] = refusal.message
    if faults:
        raise Unanswered(faults)
    return read


def _one(question: Question, said: Given) -> tuple[object, str, bool]:
    value = value_of(question.kind, said.typed, question.choices)
    remark = cleaned(said.remark, LONGEST_REMARK)
    if question.is_required and value is None and not remark:
        raise Refused(
            "Beantworten Sie diese Frage, oder schreiben Sie in die Erläuterung, warum Sie nichts angeben."
        )
    return value, remark, said.is_confidential


def _signed(token: str, by: Actor) -> str:
    return BY_LINK if token else by.id


@transaction.atomic
def decline(inquiry: Inquiry, *, reason: str, token: str = "", by: Actor, now: datetime) -> Inquiry:
    """Say that no answer will come, and why. Until the deadline one may still answer."""
    fresh = _held(inquiry, token=token, by=by, now=now)
    why = cleaned(reason, LONGEST_REMARK)
    if not why:
        raise Refused("Schreiben Sie in einem Satz, warum Sie nicht antworten. Das hilft der Kommune.")
    INQUIRY.require_move(_opened(fresh, by=by, now=now).state, "declined")
    fresh.state, fresh.answered_at, fresh.answered_by = "declined", now, _signed(token, by)
    fresh.declined_reason = why
    fresh.lock_version += 1
    fresh.save(update_fields=["state", "answered_at", "answered_by", "declined_reason", "lock_version"])
    note("exploration.inquiry_declined", fresh.questionnaire.case, by=by, now=now, subject=fresh)
    return fresh


@transaction.atomic
def ask_back(inquiry: Inquiry, *, text: str, token: str = "", by: Actor, now: datetime) -> CompanyQuestion:
    """Ask the town something. Its answer goes to all, without the name of who asked."""
    fresh = _held(inquiry, token=token, by=by, now=now)
    said = cleaned(text, LONGEST_REMARK)
    if not said:
        raise Refused("Schreiben Sie Ihre Frage auf.")
    if not may_ask_back(fresh.questionnaire, now):
        raise Refused("Die Frist für Fragen ist vorbei. Antworten können Sie noch.")
    if fresh.asked_back.count() >= MOST_QUESTIONS_BACK:
        raise Refused(
            f"Sie haben schon {MOST_QUESTIONS_BACK} Fragen gestellt. Warten Sie auf die Antworten der Kommune."
        )
    _opened(fresh, by=by, now=now)
    question = CompanyQuestion.objects.create(
        questionnaire=fresh.questionnaire, inquiry=fresh, text=said, asked_at=now
    )
    # Who asked is known to the town's pages alone, and not to the journal's readers.
    note("exploration.question_asked", fresh.questionnaire.case, by=by, now=now, subject=question)
    return question


def _held(inquiry: Inquiry, *, token: str, by: Actor, now: datetime) -> Inquiry:
    """The inquiry under the lock of its case, for somebody who may write in it now."""
    require(company_rules.may_answer(by, inquiry, token), NOT_YOURS)
    case = locked(inquiry.questionnaire.case)
    if not case.is_open:
        raise TooLate(ENDED)
    questionnaire = sent_questionnaire(inquiry.questionnaire)
    fresh = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    fresh.questionnaire = questionnaire
    # The address may have been corrected, or somebody's role ended, before the lock was ours.
    require(company_rules.may_answer(by, fresh, token), NOT_YOURS)
    if why_closed(questionnaire, now):
        raise TooLate(TOO_LATE)
    return fresh
