"""Notice and correct: somebody reports an entry, the side concerned is heard, a person decides, another on appeal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from allmende.catalogue import rules
from allmende.catalogue.actions import notice_letters as letters
from allmende.catalogue.actions.corrections import put_right, told_to_journal
from allmende.catalogue.actions.taking_away import bring_back, take_away
from allmende.catalogue.drafts import NoticeDraft
from allmende.catalogue.models import Notice, NoticeContact, Offer, Solution
from allmende.catalogue.models.notices import OUTCOMES, REASONS
from allmende.catalogue.queries.notices import Reportable, forgettable, parties, reporter_of, subject_of
from allmende.catalogue.states import NOTICE
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.lib.workdays import after_working_days
from allmende.mail.actions.keeping import forget_letters
from allmende.mail.addresses import checked_address

# What we promise ourselves and others, in working days; `docs/handbuch/meldungen.md` says the same numbers.
DAYS_TO_LOOK = 5
SHORTEST_HEARING, USUAL_HEARING, LONGEST_HEARING = 5, 10, 40
# A month, as against an administrative act (VwGO § 70); counted in days so that everybody counts alike.
DAYS_TO_APPEAL = 31
SHORTEST = 20
LONGEST = 4_000
HIDDEN = "Vorläufig ausgeblendet, bis ein Hinweis geprüft ist."
_TOO_SHORT = "Schreiben Sie bei „{label}“ ein bis zwei ganze Sätze."


@transaction.atomic
def report(draft: NoticeDraft, *, subject: Reportable, by: Actor, now: datetime) -> Notice:
    """Anybody says that an entry is wrong or against the law. Names no person to anybody."""
    if draft.reason not in dict(REASONS):
        raise Refused("Wählen Sie, worum es geht.")
    what = _words(draft.what, "Was nicht stimmt")
    email = checked_address(draft.email) if draft.email.strip() else ""
    notice = Notice.objects.create(
        subject_type=subject.journal_type,
        subject_id=subject.public_id,
        subject_name=_name(subject)[:300],
        reason=draft.reason,
        what=what,
        source=draft.source.strip()[:LONGEST],
        received_at=now,
    )
    account = by.id if by.kind == "person" else ""
    # The address of whoever is signed in is confirmed already, if it is that one.
    confirmed = now if email and email.lower() == draft.confirmed_email.lower() else None
    if email or account or draft.name.strip():
        contact = NoticeContact.objects.create(
            notice=notice, side="reporter", name=draft.name.strip()[:200], email=email, account=account,
            confirmed_at=confirmed,
        )  # fmt: skip
        if confirmed:
            letters.acknowledge(notice, until=due(notice), by=by, now=now)
        elif email:
            letters.ask_to_confirm(notice, contact, by=by, now=now)
    _record("received", notice, by=Actor.anonymous(), now=now)
    return notice


def due(notice: Notice) -> date:
    """Until when somebody looks at a new notice."""
    return after_working_days(timezone.localdate(notice.received_at), DAYS_TO_LOOK)


@transaction.atomic
def confirm_address(notice: Notice, *, now: datetime) -> Notice:
    """Whoever gave the notice has opened the link in our letter; again, and nothing more is sent."""
    notice = _locked(notice)
    contact = reporter_of(notice)
    if contact is None:
        raise Refused("Ihre Kontaktdaten zu dieser Meldung sind schon gelöscht.")
    if contact.confirmed_at is None:
        contact.confirmed_at = now
        contact.save(update_fields=["confirmed_at"])
        letters.acknowledge(notice, until=due(notice), by=Actor.anonymous(), now=now)
    return notice


@transaction.atomic
def hide_at_once(
    notice: Notice, *, reason: str, by: Actor, now: datetime, lock_version: int | None = None
) -> Notice:
    """Take an entry away before anybody is heard: only where every further day does harm. The hearing follows."""
    notice = _for_staff(notice, by, lock_version)
    if notice.outcome or notice.hidden_at:
        raise Refused("Ausblenden können Sie nur, solange noch nicht entschieden ist, und nur einmal.")
    reason = _words(reason, "Grund")
    subject = subject_of(notice)
    if not isinstance(subject, Solution | Offer):
        raise Refused(
            "Die Seite einer Organisation lässt sich nicht ausblenden. Setzen Sie die Organisation aus."
        )
    take_away(subject, HIDDEN, by=by, now=now)
    notice.hidden_at, notice.hidden_by, notice.hidden_reason = now, by.id, reason
    _save(notice)
    letters.tell_of_hiding(notice, by=by, now=now)
    _record("hidden", notice, by=by, now=now)
    return notice


@transaction.atomic
def open_hearing(
    notice: Notice,
    *,
    until: date,
    question: str = "",
    also: Sequence[str] = (),
    by: Actor,
    now: datetime,
    lock_version: int | None = None,
) -> Notice:
    """Ask the side concerned. `also`: addresses of those who have no account here, from their imprint."""
    notice = _for_staff(notice, by, lock_version)
    NOTICE.require_move(notice.state, "hearing")
    today = timezone.localdate(now)
    first, last = after_working_days(today, SHORTEST_HEARING), after_working_days(today, LONGEST_HEARING)
    if not first <= until <= last:
        raise Refused(
            f"Geben Sie eine Frist zwischen dem {letters.day(first)} und dem {letters.day(last)} an. "
            "So bleibt genug Zeit zu antworten, und die Sache bleibt nicht liegen."
        )
    for address in also:
        NoticeContact.objects.get_or_create(notice=notice, side="party", email=checked_address(address))
    if not can_be_heard(notice):
        raise Refused(
            "Zu diesem Eintrag kennen wir niemanden. Tragen Sie eine Adresse ein, etwa aus dem Impressum."
        )
    notice.state, notice.heard_at, notice.heard_by, notice.heard_until = "hearing", now, by.id, until
    notice.question = question.strip()[:LONGEST]
    _save(notice)
    letters.ask_for_statement(notice, by=by, now=now)
    _record("hearing", notice, by=by, now=now, until=until.isoformat())
    return notice


def can_be_heard(notice: Notice) -> bool:
    """Whether there is anybody to ask."""
    return bool(parties(notice)) or notice.contacts.filter(side="party").exists()


@transaction.atomic
def give_statement(notice: Notice, *, text: str, by: Actor, now: datetime, has_link: bool = False) -> Notice:
    """The side concerned says what it thinks, with an account of its own or by the link of our letter.

    Late is better than never: as long as nothing is decided, a word still counts. What was said before stays.
    """
    notice = _locked(notice)
    require(has_link or rules.may_answer_notice(by, parties(notice)))
    if notice.state not in ("hearing", "answered"):
        raise Refused(
            "Zu dieser Meldung ist schon entschieden, oder es fragt noch niemand nach Ihrer Stellungnahme."
        )
    words = _words(text, "Ihre Stellungnahme")
    notice.statement = f"{notice.statement}\n\n{words}".strip()[: 4 * LONGEST]
    notice.state, notice.stated_at = "answered", now
    notice.stated_by = by.id if by.kind == "person" else ""
    _save(notice)
    letters.thank_for_statement(notice, by=by, now=now)
    _record("answered", notice, by=by, now=now)
    return notice


@transaction.atomic
def decide(
    notice: Notice,
    *,
    outcome: str,
    facts: str,
    rationale: str,
    basis: str = "",
    changes: Mapping[str, str] | None = None,
    by: Actor,
    now: datetime,
    lock_version: int | None = None,
) -> Notice:
    """Decide, with reasons that both sides read. Against the side concerned only after it could speak.

    `basis` is the law that an entry is taken down by; nothing else needs one. `changes`, where the outcome is
    "corrected": what the desk puts right with it, by field (`corrections.correctable`), and for an organisation's page
    under "page" what was changed there. Without, somebody else must have put it right since the notice came.
    """
    notice = _for_staff(notice, by, lock_version)
    NOTICE.require_move(notice.state, "decided")
    _require_outcome(outcome)
    _require_heard(notice, outcome, now)
    notice.facts = _words(facts, "Was wir festgestellt haben")
    notice.basis = _basis(outcome, basis)
    notice.rationale = _words(rationale, "Warum wir so entschieden haben")
    notice.state, notice.outcome, notice.decided_at, notice.decided_by = "decided", outcome, now, by.id
    notice.appeal_until = timezone.localdate(now) + timedelta(days=DAYS_TO_APPEAL)
    _carry_out(notice, outcome, by=by, now=now)
    if outcome == "corrected":
        put_right(notice, subject_of(notice), changes or {}, by=by, now=now)
    _save(notice)
    letters.tell_decision(notice, by=by, now=now)
    _record("decided", notice, by=by, now=now, outcome=outcome, **told_to_journal(notice))
    return notice


def _basis(outcome: str, basis: str) -> str:
    """A law is named where an entry is taken down, and nowhere else."""
    if outcome != "withdrawn":
        return ""
    return _words(basis, "Nach welchem Gesetz der Eintrag zurückgezogen wird", shortest=5)


def _require_outcome(outcome: str) -> None:
    if outcome not in dict(OUTCOMES):
        raise Refused("Wählen Sie, wie Sie entscheiden.")


def _require_heard(notice: Notice, outcome: str, now: datetime) -> None:
    """Nobody loses an entry unheard; where nothing changes for anybody, nobody has to be asked."""
    if outcome == "rejected":
        return
    if notice.state == "open" and can_be_heard(notice):
        raise Refused("Hören Sie zuerst die betroffene Seite. Danach können Sie gegen sie entscheiden.")
    if notice.state == "hearing" and notice.heard_until and timezone.localdate(now) <= notice.heard_until:
        raise Refused(
            f"Die Frist zur Stellungnahme läuft noch bis zum {letters.day(notice.heard_until)}. "
            "Warten Sie sie ab, oder weisen Sie die Meldung zurück."
        )


@transaction.atomic
def appeal(
    notice: Notice, *, side: str, text: str, by: Actor, now: datetime, has_link: bool = False
) -> Notice:
    """One of the two sides is not content: once, within a month, and another person looks at it anew."""
    notice = _locked(notice)
    require(has_link or (side == "party" and rules.may_answer_notice(by, parties(notice))))
    if notice.state in ("appealed", "closed"):
        raise Refused("Zu dieser Meldung ist schon Einspruch eingelegt oder endgültig entschieden.")
    NOTICE.require_move(notice.state, "appealed")
    if notice.appeal_until and timezone.localdate(now) > notice.appeal_until:
        raise Refused(f"Die Frist für einen Einspruch ist am {letters.day(notice.appeal_until)} abgelaufen.")
    notice.appeal = _words(text, "Womit Sie nicht einverstanden sind")
    notice.state, notice.appeal_side, notice.appealed_at = "appealed", side, now
    notice.appeal_by = by.id if by.kind == "person" else ""
    _save(notice)
    letters.tell_of_appeal(notice, by=by, now=now)
    _record("appealed", notice, by=by, now=now, side=side)
    return notice


@transaction.atomic
def decide_appeal(
    notice: Notice,
    *,
    outcome: str,
    rationale: str,
    basis: str = "",
    changes: Mapping[str, str] | None = None,
    by: Actor,
    now: datetime,
    lock_version: int | None = None,
) -> Notice:
    """The last word, by somebody other than who decided first; `basis` and `changes` as in `decide`."""
    notice = _for_staff(notice, by, lock_version)
    if by.id == notice.decided_by:
        raise Refused("Über einen Einspruch entscheidet eine andere Person als über die Meldung.")
    if notice.state != "appealed":
        raise Refused("Zu dieser Meldung gibt es keinen offenen Einspruch.")
    _require_outcome(outcome)
    notice.final_rationale = _words(rationale, "Warum")
    notice.basis = notice.basis or _basis(outcome, basis)
    notice.state, notice.final_outcome, notice.closed_at, notice.closed_by = "closed", outcome, now, by.id
    if outcome != notice.outcome:
        _carry_out(notice, outcome, by=by, now=now)
    if outcome == "corrected":
        put_right(notice, subject_of(notice), changes or {}, by=by, now=now)
    _save(notice)
    letters.tell_end(notice, by=by, now=now)
    _record("closed", notice, by=by, now=now, outcome=outcome, **told_to_journal(notice))
    return notice


@transaction.atomic
def close_settled(*, by: Actor, now: datetime) -> int:
    """Close what nobody has appealed against in time; how many."""
    over = Notice.objects.select_for_update().filter(
        state="decided", appeal_until__lt=timezone.localdate(now)
    )
    rows = list(over.order_by("pk"))
    for notice in rows:
        notice.state, notice.closed_at, notice.closed_by = "closed", now, by.id
        _save(notice)
        _record("closed", notice, by=by, now=now, outcome=notice.outcome)
    return len(rows)


@transaction.atomic
def forget_contact(contact: NoticeContact, *, by: Actor, now: datetime, has_link: bool = False) -> None:
    """Erase whom to write, and what was written. The notice goes on. For whoever holds the link, and programs."""
    require(has_link or by.is_program)
    notice = _locked(contact.notice)
    forget_letters(notice, to=contact.email)
    contact.delete()
    _record("contact_erased", notice, by=by, now=now)


def forget_old(*, by: Actor, now: datetime) -> int:
    """Erase contacts of notices that were closed long ago; how many."""
    rows = list(forgettable(now).select_related("notice").order_by("pk"))
    for contact in rows:
        forget_contact(contact, by=by, now=now)
    return len(rows)


# ------------------------------------------------------------------------------------------------ what an outcome does


def _carry_out(notice: Notice, outcome: str, *, by: Actor, now: datetime) -> None:
    """Corrected and rejected: the entry is there. Withdrawn: it is not. An organisation's page stays in any case."""
    subject = subject_of(notice)
    if outcome == "withdrawn":
        if not isinstance(subject, Solution | Offer):
            raise Refused(
                "Die Seite einer Organisation lässt sich nicht zurückziehen. Berichtigen Sie sie, oder setzen Sie die "
                "Akkreditierung aus."
            )
        take_away(subject, f"Nach einem Hinweis ({notice.number}): {notice.rationale}", by=by, now=now)
    elif isinstance(subject, Solution | Offer) and (notice.hidden_at or notice.outcome == "withdrawn"):
        bring_back(subject, by=by, now=now)
    if notice.hidden_at and notice.shown_at is None and outcome != "withdrawn":
        notice.shown_at = now


# -------------------------------------------------------------------------------------------------------- small things


def _locked(notice: Notice) -> Notice:
    return Notice.objects.select_for_update().get(pk=notice.pk)


def _for_staff(notice: Notice, by: Actor, lock_version: int | None) -> Notice:
    notice = _locked(notice)
    contact = reporter_of(notice)
    require(
        rules.may_handle_notice(by, parties(notice), contact.account if contact else ""), rules.NOT_IMPARTIAL
    )
    if lock_version is not None and notice.lock_version != lock_version:
        raise OutOfDate
    return notice


def _save(notice: Notice) -> None:
    notice.lock_version += 1
    notice.save()


def _words(text: str, label: str, *, shortest: int = SHORTEST) -> str:
    text = text.strip()
    if len(text) < shortest:
        raise Refused(_TOO_SHORT.format(label=label))
    if len(text) > LONGEST:
        raise Refused(f"Kürzen Sie „{label}“ auf höchstens 4.000 Zeichen.")
    return text


def _name(subject: Reportable) -> str:
    return subject.title if isinstance(subject, Offer) else subject.name


def _record(what: str, notice: Notice, *, by: Actor, now: datetime, **data: str) -> None:
    """Whoever speaks for a party does it for that organisation, maybe in place of a colleague."""
    about = {"subject": f"{notice.subject_type}:{notice.subject_id}"}
    own = [party.public_id for party in parties(notice) if rules.may_answer_notice(by, [party])]
    record(
        f"catalogue.notice_{what}", subject=notice, by=by, now=now, organisation=next(iter(own), None),
        data={**about, **data},
    )  # fmt: skip
