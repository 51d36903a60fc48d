"""How a demo case ends: answers, thanks, a talk, an estimate, conclusions, approval, and what came of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from allmende.accounts.models import User
from allmende.catalogue.models import Solution
from allmende.demand.actions.outcomes import state_outcome
from allmende.demo.asking import judge_candidate
from allmende.exploration.actions import answering, asking, conclusions, sharing, talks
from allmende.exploration.actions.auditing import give_access
from allmende.exploration.actions.estimates import choose_procedure, record_estimate
from allmende.exploration.actions.freezing import approve
from allmende.exploration.actions.handing_in import submit_case
from allmende.exploration.actions.matrix import judge
from allmende.exploration.actions.posting import note_post
from allmende.exploration.answer_values import Given
from allmende.exploration.drafts import TalkDraft
from allmende.exploration.models import Case, Inquiry, InquiryLetter, Questionnaire
from allmende.lib.actors import Actor
from allmende.lib.periods import months_after
from allmende.mail.actions.ending import change
from allmende.mail.models import Letter
from allmende.organisations.queries import actor_for
from allmende.procurement.estimate import Contract, Line

NARRATOR = Actor.program("demo")
Row = Mapping[str, Any]


def answer(questionnaire: Questionnaire, row: Row, *, now: datetime) -> None:
    """Each company in its own way: by an account, or by the link of its letter. An empty answer is „keine Angabe“."""
    for said in row["answers"]:
        inquiry = questionnaire.inquiries.select_related("questionnaire__case").get(
            company_name=said["company"]
        )
        given = {
            question.public_id: Given(*answer)
            for question, answer in zip(questionnaire.questions.all(), said["given"], strict=True)
        }
        token = "" if "by" in said else _token(inquiry)
        who = _actor(said["by"]) if "by" in said else Actor.anonymous()
        answering.hand_in(inquiry, given, lock_version=inquiry.lock_version, token=token, by=who, now=now)


def _token(inquiry: Inquiry) -> str:
    """What the personal link in the letter ends with."""
    text = Letter.objects.get(public_id=inquiry.letter).text
    return next(line.rpartition("/anfrage/")[2] for line in text.splitlines() if "/anfrage/" in line)


def arrive(questionnaire: Questionnaire, *, now: datetime) -> None:
    """What was written weeks ago has long been delivered, and nobody sends it out again."""
    kept = InquiryLetter.objects.filter(inquiry__questionnaire=questionnaire, state="queued").order_by("pk")
    for each in kept:
        letter = Letter.objects.get(public_id=each.letter)
        change(letter, "sent", sent_at=each.written_at + timedelta(minutes=1), last_error="")
    note_post(now=now)


def close(questionnaire: Questionnaire, row: Row, *, by: Actor, now: datetime) -> None:
    """After the deadline: who was silent is off the list, one company is talked to, all hear of it and are thanked."""
    case = questionnaire.case
    asking.close(questionnaire, by=NARRATOR, now=now)
    for silent in case.candidates.filter(state="kept", inquiries__state="silent"):
        judge_candidate(silent, row["silent"], by=by, now=now)
    talk = row["talk"]
    candidate = case.candidates.get(company_name=talk["company"], state="kept")
    draft = TalkDraft(
        candidate=candidate.public_id,
        held_at=now - timedelta(hours=2),
        minutes_long=talk["minutes"],
        participants=talk["participants"],
        content=talk["content"],
        told_to_company=talk["told"],
    )
    noted = talks.note_talk(case, draft, by=by, now=now)
    sharing.tell_all(questionnaire, text=talk["told"], by=by, now=now)
    talks.mark_shared(noted, lock_version=noted.lock_version, by=by, now=now)
    sharing.thank_all(questionnaire, by=by, now=now)


def conclude(case: Case, row: Row, *, by: Actor, now: datetime) -> None:
    """One's own word about each candidate that is left, the value with its reckoning, and who had a lead."""
    for solution, (result, reason) in row["judged"].items():
        candidate = case.candidates.get(solution_name=solution, state="kept")
        criterion = case.need.criteria.get(text=row["criterion"]).public_id
        judge(candidate, criterion, result=result, reason=reason, by=by, now=now)
    estimate, choice = row["estimate"], row["procedure"]
    lines = tuple(
        Line(label=label, rhythm=rhythm, amount=Decimal(amount))
        for label, rhythm, amount in estimate["lines"]
    )
    contract = Contract(lines=lines, term=estimate["term"])
    record_estimate(case, contract, day=timezone.localdate(now), basis=estimate["basis"], by=by, now=now)
    choose_procedure(
        case, choice["code"], rule=choice["rule"], reason=choice["reason"], lock_version=0, by=by, now=now
    )
    conclusions.suggest_involvements(case, by=by, now=now)
    for each in case.involvements.all():
        conclusions.note_involvement(
            case, company_name=each.company_name, how=each.how, knows=each.knows, measures=row["measures"],
            by=by, now=now,
        )  # fmt: skip


def freeze(case: Case, row: Row, *, by: Actor, now: datetime) -> None:
    """Handed in by who leads, approved by a second person, open to the auditors from then on."""
    case = submit_case(_fresh(case), lock_version=_fresh(case).lock_version, by=by, now=now)
    approver = _actor(row["approved_by"])
    approve(case, lock_version=case.lock_version, by=approver, now=now + timedelta(days=3))
    audit = row["audit"]
    give_access(
        case, email=audit["email"], body=audit["body"], purpose=audit["purpose"],
        until=timezone.localdate(now) + timedelta(days=audit["days"]), by=approver, now=now + timedelta(days=3),
    )  # fmt: skip


def tell_outcome(case: Case, row: Row, solution: Solution | None, *, by: Actor, now: datetime) -> None:
    today = timezone.localdate(now)
    state_outcome(
        case.need, kind=row["kind"], case_id=case.public_id, solution=solution, value=Decimal(row["value"]),
        decided_on=today, contract_ends_on=months_after(today, row["months"]), value_is_public=True,
        note=row["note"], by=by, now=now,
    )  # fmt: skip


def _fresh(case: Case) -> Case:
    return Case.objects.select_related("organisation", "need").get(pk=case.pk)


def _actor(email: str) -> Actor:
    return actor_for(User.objects.get(email=email))
