"""Ask companies: choose whom, send to all alike, correct an address, grant all more time, remind, close."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from allmende.exploration import deadlines
from allmende.exploration.actions.cases import note, open_for_change, running, touched
from allmende.exploration.actions.posting import write_to, write_to_all
from allmende.exploration.actions.questions import draft_of
from allmende.exploration.answer_values import cleaned
from allmende.exploration.company_letters import Words, asking, longer, reminder
from allmende.exploration.models import Candidate, Deviation, Inquiry, InquiryLetter, Questionnaire
from allmende.exploration.queries.asking import (
    ENOUGH,
    Recipient,
    content_of,
    questions_of,
    recipients,
)
from allmende.exploration.states import INQUIRY, QUESTIONNAIRE
from allmende.lib.actors import Actor
from allmende.lib.canonical import digest
from allmende.lib.refusals import OutOfDate, Refused
from allmende.mail.addresses import checked_address
from allmende.vocabulary.queries import current as vocabulary

STEP = "ansprache"
# Whoever was asked at all, whatever came of it.
ASKED = frozenset(INQUIRY.labels) - {"planned"}
# Whoever may still answer and has not.
QUIET = frozenset({"sent", "opened"})


# --------------------------------------------------------------------------------------------------------------- whom


@transaction.atomic
def plan_inquiry(
    questionnaire: Questionnaire,
    candidate: Candidate,
    *,
    company_name: str = "",
    email: str = "",
    size_class: str = "",
    by: Actor,
    now: datetime,
) -> Inquiry:
    """Whom to write to about a candidate that was kept: under which name, to which address, of which size.

    `email` may stay empty where somebody speaks for the company here. Ends what was written about leaving it out.
    """
    fresh = draft_of(questionnaire, by=by, now=now)
    recipient = _recipient(fresh, candidate)
    name = cleaned(company_name, 300) or recipient.name
    if not name:
        raise Refused(
            "Schreiben Sie, wen Sie fragen: das Unternehmen oder die Stelle, die die Lösung anbietet."
        )
    if not email.strip() and not recipient.has_account:
        raise Refused(f"{name} hat hier kein Konto. Tragen Sie eine E-Mail-Adresse ein.")
    inquiry = recipient.inquiry or Inquiry(questionnaire=fresh, candidate=recipient.first)
    inquiry.organisation, inquiry.company_name = recipient.organisation, name
    inquiry.email = checked_address(email) if email.strip() else ""
    inquiry.size_class = known_size(size_class)
    inquiry.save()
    _leave_out(recipient, "")
    note("exploration.questionnaire_changed", fresh.case, by=by, now=now, subject=fresh)
    return inquiry


def known_size(code: str) -> str:
    """A code of `company_size`, "" for one that is not known."""
    if code and code not in vocabulary().known_codes("company_size"):
        raise Refused("Wählen Sie eine der Größen aus.")
    return code


@transaction.atomic
def leave_out(
    questionnaire: Questionnaire, candidate: Candidate, *, reason: str, by: Actor, now: datetime
) -> None:
    """Do not ask the company behind a candidate, and say why."""
    fresh = draft_of(questionnaire, by=by, now=now)
    recipient = _recipient(fresh, candidate)
    why = cleaned(reason, 1_000)
    if not why:
        raise Refused("Schreiben Sie, warum Sie dieses Unternehmen nicht fragen. Es steht in der Akte.")
    if recipient.inquiry is not None:
        recipient.inquiry.delete()
    _leave_out(recipient, why)
    note("exploration.questionnaire_changed", fresh.case, by=by, now=now, subject=fresh)


def _recipient(questionnaire: Questionnaire, candidate: Candidate) -> Recipient:
    for each in recipients(questionnaire):
        if candidate.pk in (one.pk for one in each.candidates):
            return each
    raise Refused("Dieser Eintrag steht nicht mehr auf der kurzen Liste. Laden Sie die Seite neu.")


def _leave_out(recipient: Recipient, why: str) -> None:
    for each in recipient.candidates:
        each.not_asked_reason = why
        each.save(update_fields=["not_asked_reason"])


# --------------------------------------------------------------------------------------------------------------- send


@transaction.atomic
def dispatch(
    questionnaire: Questionnaire, *, lock_version: int, few_reason: str = "", by: Actor, now: datetime
) -> Questionnaire:
    """Fix the questionnaire and write to all companies of the short list, in one transaction: to all or to nobody.

    Whoever has it twice in hand sends it once: the second finds it sent. `few_reason`: why fewer than three are asked,
    kept as a deviation.
    """
    fresh = draft_of(questionnaire, by=by, now=now)
    if fresh.lock_version != lock_version:
        raise OutOfDate
    questions = questions_of(fresh)
    fresh.deadline = deadlines.check(fresh.deadline, fresh.questions_until, now)
    if not fresh.introduction.strip():
        raise Refused("Schreiben Sie in das Anschreiben, worum es geht.")
    if not questions:
        raise Refused("Der Fragebogen hat noch keine Fragen.")
    chosen = _chosen(fresh)
    _note_few(fresh, len(chosen), few_reason, by=by, now=now)
    fresh.deadline_as_sent = fresh.deadline
    fresh.digest = digest(content_of(fresh, questions))
    QUESTIONNAIRE.require_move(fresh.state, "sent")
    fresh.state, fresh.sent_at, fresh.sent_by = "sent", now, by.id
    fresh.lock_version += 1
    fresh.save()
    words = asking(fresh, len(questions))
    for recipient in chosen:
        _send(fresh, recipient, words, by=by, now=now)
    note(
        "exploration.questionnaire_sent",
        fresh.case,
        by=by,
        now=now,
        subject=fresh,
        digest=fresh.digest,
        asked=len(chosen),
        questions=len(questions),
    )
    return fresh


def _chosen(questionnaire: Questionnaire) -> list[Recipient]:
    every = recipients(questionnaire)
    unready = [each.name or str(each.first) for each in every if not each.is_ready]
    if unready:
        raise Refused(f"Es fehlt noch, wie Sie schreiben oder warum nicht: {', '.join(unready[:5])}.")
    chosen = [each for each in every if not each.left_out]
    if not chosen:
        raise Refused("Auf der kurzen Liste ist niemand, den Sie fragen.")
    _forget_dropped(questionnaire, chosen)
    return chosen


def _forget_dropped(questionnaire: Questionnaire, chosen: list[Recipient]) -> None:
    """Planned for a candidate that was dropped since: nothing went out, nothing stays."""
    kept = [each.inquiry.pk for each in chosen if each.inquiry]
    questionnaire.inquiries.filter(state="planned").exclude(pk__in=kept).delete()


def _note_few(questionnaire: Questionnaire, asked: int, reason: str, *, by: Actor, now: datetime) -> None:
    if asked >= ENOUGH:
        return
    why = cleaned(reason, 2_000)
    one = "nur ein Unternehmen" if asked == 1 else f"nur {asked} Unternehmen"
    if not why:
        raise Refused(
            f"Sie fragen {one}. Fragen Sie mehrere, oder schreiben Sie, warum es nicht mehr sind; es steht in der Akte."
        )
    verb = "wurde" if asked == 1 else "wurden"
    _deviation(questionnaire, f"Gefragt {verb} {one}.", why, by=by, now=now)


def _deviation(questionnaire: Questionnaire, what: str, why: str, *, by: Actor, now: datetime) -> None:
    Deviation.objects.create(case=questionnaire.case, step=STEP, what=what, reason=why, at=now, by=by.id)
    note("exploration.deviation_noted", questionnaire.case, by=by, now=now, step=STEP)


def _send(
    questionnaire: Questionnaire, recipient: Recipient, words: Words, *, by: Actor, now: datetime
) -> None:
    inquiry = recipient.inquiry or Inquiry(
        questionnaire=questionnaire,
        candidate=recipient.first,
        organisation=recipient.organisation,
        company_name=recipient.name,
        email=recipient.email,
        size_class=recipient.size_class,
    )
    inquiry.questionnaire = questionnaire
    INQUIRY.require_move(inquiry.state, "sent")
    inquiry.state, inquiry.sent_at = "sent", now
    inquiry.save()
    write_to(inquiry, "asking", words, by=by, now=now)


# -------------------------------------------------------------------------------------------------------- afterwards


def sent_questionnaire(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire as it is now, locked; for whoever holds the lock of its case."""
    Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire.pk)
    fresh = Questionnaire.objects.select_related("case__organisation", "case__need").get(pk=questionnaire.pk)
    if fresh.state == "draft":
        raise Refused("Dieser Fragebogen ist noch nicht verschickt.")
    return fresh


@transaction.atomic
def correct_address(inquiry: Inquiry, *, email: str, by: Actor, now: datetime) -> Inquiry:
    """Write the same letter to another address. Links to the earlier one open nothing any more."""
    open_for_change(inquiry.questionnaire.case, by=by, now=now)
    questionnaire = sent_questionnaire(inquiry.questionnaire)
    fresh = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if fresh.state in ("answered", "declined"):
        raise Refused("Dieses Unternehmen hat schon geantwortet. Eine andere Adresse braucht es nicht.")
    if not deadlines.is_open(questionnaire.deadline, now):
        raise Refused("Die Frist ist vorbei. Verlängern Sie sie zuerst für alle.")
    InquiryLetter.objects.filter(inquiry=fresh).update(token_hash="")
    fresh.email = checked_address(email)
    fresh.state = "opened" if fresh.opened_at else "sent"
    fresh.lock_version += 1
    fresh.questionnaire = questionnaire
    fresh.save()
    write_to(fresh, "again", asking(questionnaire, questionnaire.questions.count()), by=by, now=now)
    note("exploration.inquiry_resent", questionnaire.case, by=by, now=now, subject=fresh)
    return fresh


@transaction.atomic
def extend_deadline(
    questionnaire: Questionnaire, *, deadline: datetime, reason: str, by: Actor, now: datetime
) -> Questionnaire:
    """Grant more time, to all or to nobody; kept as a deviation and told to all. Opens what was closed."""
    open_for_change(questionnaire.case, by=by, now=now)
    fresh = sent_questionnaire(questionnaire)
    assert fresh.deadline is not None  # noqa: S101  # the table keeps that
    why = cleaned(reason, 2_000)
    if not why:
        raise Refused("Schreiben Sie, warum Sie die Frist verlängern. Es steht in der Akte.")
    if deadline <= fresh.deadline or deadline <= now:
        raise Refused("Die neue Frist ist später als die alte und liegt in der Zukunft.")
    if deadline - now > deadlines.LONGEST:
        raise Refused("Die Frist liegt mehr als ein Jahr in der Zukunft. Wählen Sie eine frühere.")
    if fresh.inquiries.exclude(thanked_at=None).exists():
        raise Refused("Sie haben schon gedankt und gesagt, wie es ausging. Beginnen Sie eine neue Runde.")
    before, after = deadlines.told(fresh.deadline), deadlines.told(deadline)
    what = f"Die Antwortfrist wurde für alle verlängert: von {before} auf {after}."
    fresh.deadline = deadline
    if fresh.state == "closed":
        QUESTIONNAIRE.require_move(fresh.state, "sent")
        fresh.state, fresh.closed_at = "sent", None
        _reopen(fresh)
    fresh.lock_version += 1
    fresh.save()
    _deviation(fresh, what, why, by=by, now=now)
    write_to_all(fresh, "deadline", longer(fresh), states=ASKED, by=by, now=now)
    note("exploration.questionnaire_extended", fresh.case, by=by, now=now, subject=fresh)
    return fresh


def _reopen(questionnaire: Questionnaire) -> None:
    for inquiry in questionnaire.inquiries.select_for_update(of=("self",)).filter(state="silent"):
        inquiry.state = "opened" if inquiry.opened_at else "sent"
        inquiry.save(update_fields=["state"])


# ---------------------------------------------------------------------------------------- what happens by itself


def remind_and_close(*, by: Actor, now: datetime) -> tuple[int, int]:
    """Remind those who are silent, once; note silence after the deadline. How many questionnaires of each.

    Each in a transaction of its own, so that one that is refused holds up no other.
    """
    rows = list(Questionnaire.objects.filter(state="sent", case__state="running").select_related("case"))
    due = [each for each in rows if _is_due(each, now)]
    over = [each for each in rows if not deadlines.is_open(each.deadline, now)]
    return sum(_tried(remind, each, by, now) for each in due), sum(
        _tried(close, each, by, now) for each in over
    )


def _tried(act: Callable[..., bool], questionnaire: Questionnaire, by: Actor, now: datetime) -> bool:
    """A case that was handed in or stopped this very moment is left alone."""
    try:
        return act(questionnaire, by=by, now=now)
    except Refused:
        return False


def _is_due(questionnaire: Questionnaire, now: datetime) -> bool:
    assert questionnaire.deadline is not None  # noqa: S101  # it was sent
    if questionnaire.reminded_at is not None or questionnaire.sent_at is None:
        return False
    begins = deadlines.remind_from(questionnaire.deadline)
    # Nobody is reminded of what came a day ago.
    return questionnaire.sent_at < begins <= now <= questionnaire.deadline


@transaction.atomic
def remind(questionnaire: Questionnaire, *, by: Actor, now: datetime) -> bool:
    """The same words to all who have not answered; False where somebody else was quicker. For programs."""
    fresh = _held(questionnaire, by, now)
    if fresh is None or not _is_due(fresh, now):
        return False
    fresh.reminded_at = now
    fresh.save(update_fields=["reminded_at"])
    quiet = write_to_all(fresh, "reminder", reminder(fresh), states=QUIET, by=by, now=now)
    note("exploration.questionnaire_reminded", fresh.case, by=by, now=now, subject=fresh, told=len(quiet))
    return True


@transaction.atomic
def close(questionnaire: Questionnaire, *, by: Actor, now: datetime) -> bool:
    """End it after its deadline and note who was silent; what did not arrive stays as such. For programs."""
    fresh = _held(questionnaire, by, now)
    if fresh is None or deadlines.is_open(fresh.deadline, now):
        return False
    QUESTIONNAIRE.require_move(fresh.state, "closed")
    fresh.state, fresh.closed_at = "closed", now
    fresh.lock_version += 1
    fresh.save(update_fields=["state", "closed_at", "lock_version"])
    silent = 0
    for inquiry in fresh.inquiries.select_for_update(of=("self",)).filter(state__in=QUIET):
        INQUIRY.require_move(inquiry.state, "silent")
        inquiry.state = "silent"
        inquiry.save(update_fields=["state"])
        silent += 1
    note("exploration.questionnaire_closed", fresh.case, by=by, now=now, subject=fresh, silent=silent)
    return True


def _held(questionnaire: Questionnaire, by: Actor, now: datetime) -> Questionnaire | None:
    """The questionnaire under the lock of its case; None where there is nothing to do any more."""
    if not by.is_program:
        raise Refused("Das geschieht von selbst, sobald die Frist es verlangt.")
    touched(running(questionnaire.case), now)
    fresh = sent_questionnaire(questionnaire)
    return fresh if fresh.state == "sent" else None
