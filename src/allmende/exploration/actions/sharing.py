"""What the town tells all alike: answers to what one of them asked, notes, and in the end thanks and the result."""

from datetime import datetime

from django.db import transaction

from allmende.exploration.actions.asking import ASKED, sent_questionnaire
from allmende.exploration.actions.cases import note, open_for_change
from allmende.exploration.actions.posting import write_to, write_to_all
from allmende.exploration.answer_values import LONGEST_TEXT, cleaned
from allmende.exploration.company_letters import shared_answer, statement, thanks
from allmende.exploration.models import CompanyQuestion, Inquiry, Questionnaire
from allmende.exploration.results import result_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused


@transaction.atomic
def answer_question(
    question: CompanyQuestion, *, shared_text: str, answer: str, by: Actor, now: datetime
) -> CompanyQuestion:
    """Answer what one company asked, to all at once. `shared_text`: the question without what gives away who asked."""
    open_for_change(question.questionnaire.case, by=by, now=now)
    questionnaire = sent_questionnaire(question.questionnaire)
    fresh = CompanyQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if fresh.answered_at is not None:
        raise Refused("Diese Frage ist schon beantwortet, und alle haben die Antwort gelesen.")
    shared, said = cleaned(shared_text, LONGEST_TEXT), cleaned(answer, LONGEST_TEXT)
    if not shared or not said:
        raise Refused("Schreiben Sie die Frage, wie alle sie lesen, und Ihre Antwort.")
    _require_nameless(fresh, shared, said)
    fresh.shared_text, fresh.answer, fresh.answered_at, fresh.answered_by = shared, said, now, by.id
    fresh.save(update_fields=["shared_text", "answer", "answered_at", "answered_by"])
    words = shared_answer(questionnaire, shared, said)
    write_to_all(questionnaire, "news", words, states=ASKED, by=by, now=now)
    note("exploration.question_answered", questionnaire.case, by=by, now=now, subject=fresh)
    return fresh


def _require_nameless(question: CompanyQuestion, *texts: str) -> None:
    if question.inquiry is None:
        return
    name = question.inquiry.company_name.casefold()
    if any(name in " ".join(text.split()).casefold() for text in texts):
        raise Refused(
            "Im Text steht der Name des Unternehmens, das gefragt hat. Nehmen Sie ihn heraus: Alle lesen mit."
        )


@transaction.atomic
def tell_all(questionnaire: Questionnaire, *, text: str, by: Actor, now: datetime) -> CompanyQuestion:
    """Tell all what one of them learned, or what has turned out since."""
    open_for_change(questionnaire.case, by=by, now=now)
    fresh = sent_questionnaire(questionnaire)
    said = cleaned(text, LONGEST_TEXT)
    if not said:
        raise Refused("Schreiben Sie, was alle wissen sollen.")
    told = CompanyQuestion.objects.create(
        questionnaire=fresh,
        text="",
        asked_at=now,
        shared_text="",
        answer=said,
        answered_at=now,
        answered_by=by.id,
    )
    write_to_all(fresh, "news", statement(fresh, said), states=ASKED, by=by, now=now)
    note("exploration.question_answered", fresh.case, by=by, now=now, subject=told)
    return told


@transaction.atomic
def thank_all(questionnaire: Questionnaire, *, words: str = "", by: Actor, now: datetime) -> int:
    """Thank everybody who was asked and has not been thanked, and say how it ended for them; how many.

    Only once it is closed and every candidate is decided. Nobody reads anything about anybody else.
    """
    open_for_change(questionnaire.case, by=by, now=now)
    fresh = sent_questionnaire(questionnaire)
    if fresh.state != "closed":
        raise Refused("Die Frist läuft noch. Danken Sie, wenn sie vorbei ist.")
    if fresh.case.candidates.filter(state="open").exists():
        raise Refused("Auf der Liste ist noch nicht über alle entschieden. Tun Sie das zuerst.")
    own = cleaned(words, LONGEST_TEXT)
    rows = Inquiry.objects.select_for_update(of=("self",)).filter(questionnaire=fresh, thanked_at=None)
    waiting = list(rows.exclude(state="planned").order_by("pk"))
    if not waiting:
        raise Refused("Sie haben schon allen gedankt.")
    for inquiry in waiting:
        inquiry.questionnaire = fresh
        inquiry.thanked_at = now
        inquiry.save(update_fields=["thanked_at"])
        write_to(inquiry, "thanks", thanks(fresh, result_of(inquiry), own), by=by, now=now)
        note("exploration.inquiry_thanked", fresh.case, by=by, now=now, subject=inquiry)
    return len(waiting)
