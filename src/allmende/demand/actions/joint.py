"""Towns with the same need go on together: invite, join, decline, leave, close and end.

Locks are taken in one order everywhere: the need, then the joint need, then the joining.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from allmende.demand import joint_rules as rules
from allmende.demand.models import Joining, JointNeed, Need
from allmende.demand.queries.joint import may_still_join
from allmende.demand.states import JOINING, JOINT_NEED
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require

LONGEST_TITLE = 200
LONGEST_PURPOSE = 5_000
_OVER = "Bis zum {day:%d.%m.%Y} konnten Kommunen beitreten. Fragen Sie {lead}, ob die Frist verlängert wird."


@transaction.atomic
def begin_joint(
    need: Need, *, title: str, purpose: str, join_until: date, by: Actor, now: datetime
) -> JointNeed:
    """The town of the need leads. Others join until `join_until`, that day included."""
    need = _held_need(need)
    require(rules.may_begin_joint(by, need))
    _require_readable(need)
    _check(title, purpose)
    _check_day(join_until, now)
    joint = JointNeed.objects.create(
        title=title.strip(), purpose=purpose.strip(), lead=need.organisation, join_until=join_until,
        begun_at=now, begun_by=by.id,
    )  # fmt: skip
    # Nobody has invited the leading town: it is part of it from the beginning.
    joining = Joining(joint=joint, need=need, state="joined", invited_at=now, invited_by=by.id)
    joining.decided_at, joining.decided_by = now, by.id
    _enter(joining)
    _note("demand.joint_begun", joint, by=by, now=now, need=need.public_id)
    return joint


@transaction.atomic
def change_joint(
    joint: JointNeed,
    *,
    title: str,
    purpose: str,
    join_until: date,
    lock_version: int,
    by: Actor,
    now: datetime,
) -> JointNeed:
    """Other words, or another last day. Raises `OutOfDate` where somebody else saved in between."""
    joint = _held(joint)
    require(rules.may_lead(by, joint))
    _require_running(joint)
    if joint.lock_version != lock_version:
        raise OutOfDate
    _check(title, purpose)
    if join_until != joint.join_until:
        _check_day(join_until, now)
    joint.title, joint.purpose, joint.join_until = title.strip(), purpose.strip(), join_until
    _save(joint)
    _note("demand.joint_changed", joint, by=by, now=now, join_until=join_until.isoformat())
    return joint


@transaction.atomic
def invite(joint: JointNeed, *, need: Need, by: Actor, now: datetime) -> Joining:
    """Ask a town with the same need, if its need says that it may be asked; whoever declined or left may be asked
    again."""
    need, joint = _held_need(need), _held(joint)
    require(rules.may_lead(by, joint))
    _require_open(joint, now)
    _require_invitable(joint, need)
    joining = Joining.objects.select_for_update().filter(joint=joint, need=need).first()
    if joining is None:
        joining = Joining(joint=joint, need=need)
    else:
        JOINING.require_move(joining.state, "invited")
    joining.state, joining.invited_at, joining.invited_by = "invited", now, by.id
    joining.decided_at, joining.decided_by = None, ""
    _enter(joining)
    _note_joining("demand.joining_invited", joining, by=by, now=now)
    return joining


@transaction.atomic
def join(joining: Joining, *, by: Actor, now: datetime) -> Joining:
    """The invited town takes part with its own need. On the last day too, not a day later."""
    need = _held_need(joining.need)
    joint, joining = _held_both(joining)
    require(rules.may_decide_joining(by, joining))
    JOINING.require_move(joining.state, "joined")
    _require_open(joint, now)
    if need.state != "published":
        raise Refused("Ihr Bedarf ist nicht mehr offen. Beitreten können Sie nur mit einem offenen Bedarf.")
    _decide(joining, "joined", by=by, now=now)
    return joining


@transaction.atomic
def decline(joining: Joining, *, by: Actor, now: datetime) -> Joining:
    """The invited town says no. That needs no reason, and is possible after the last day as well."""
    _, joining = _held_both(joining)
    require(rules.may_decide_joining(by, joining))
    _decide(joining, "declined", by=by, now=now)
    return joining


@transaction.atomic
def leave_joint(joining: Joining, *, by: Actor, now: datetime) -> Joining:
    """A town goes on by itself, whatever the joint need has come to. Whoever leads ends it instead."""
    joint, joining = _held_both(joining)
    require(rules.may_decide_joining(by, joining))
    if joining.need.organisation_id == joint.lead_id:
        raise Refused("Ihre Kommune führt den gemeinsamen Bedarf. Beenden Sie ihn, wenn er nicht weitergeht.")
    _decide(joining, "left", by=by, now=now)
    return joining


@transaction.atomic
def take_back_invitation(joining: Joining, *, by: Actor, now: datetime) -> Joining:
    """As long as nobody has decided about it."""
    joint, joining = _held_both(joining)
    require(rules.may_lead(by, joint))
    _decide(joining, "taken_back", by=by, now=now)
    return joining


@transaction.atomic
def close_joint(joint: JointNeed, *, by: Actor, now: datetime) -> JointNeed:
    """Nobody joins any more; those who take part go on."""
    return _move(joint, "closed", "demand.joint_closed", by=by, now=now)


@transaction.atomic
def reopen_joint(joint: JointNeed, *, join_until: date, by: Actor, now: datetime) -> JointNeed:
    """Towns may join again, until a day that has not passed."""
    _check_day(join_until, now)
    return _move(joint, "open", "demand.joint_reopened", by=by, now=now, join_until=join_until)


@transaction.atomic
def end_joint(joint: JointNeed, *, reason: str, by: Actor, now: datetime) -> JointNeed:
    """For good, with a word for those who take part: it is done, or it goes no further. The needs stay as they are."""
    if not reason.strip():
        raise Refused("Schreiben Sie den anderen Kommunen, warum der gemeinsame Bedarf endet.")
    return _move(joint, "ended", "demand.joint_ended", by=by, now=now, words={"reason": reason})


@transaction.atomic
def let_go(need: Need, *, by: Actor, now: datetime) -> None:
    """A need that is withdrawn leaves; invitations to it lapse. What its town leads ends with it.

    Called by the withdrawal, in its transaction and with the need locked; it asks for no right of its own.
    """
    for joining in Joining.objects.filter(need=need, state__in=("invited", "joined")).order_by("joint_id"):
        joint, joining = _held_both(joining)
        if joining.state == "invited":
            _decide(joining, "taken_back", by=by, now=now)
        elif joining.state == "joined" and joint.lead_id == need.organisation_id and joint.state != "ended":
            _end(
                joint,
                by=by,
                now=now,
                words={"reason": "Die führende Kommune hat ihren Bedarf zurückgezogen."},
            )
        elif joining.state == "joined" and joint.lead_id != need.organisation_id:
            _decide(joining, "left", by=by, now=now)


# ------------------------------------------------------------------------------------------------------- what holds


def _check(title: str, purpose: str) -> None:
    if not title.strip():
        raise Refused("Geben Sie dem gemeinsamen Bedarf einen Titel.")
    if len(title.strip()) > LONGEST_TITLE:
        raise Refused(f"Kürzen Sie den Titel auf {LONGEST_TITLE} Zeichen.")
    if not purpose.strip():
        raise Refused("Schreiben Sie, was gemeinsam werden soll.")
    if len(purpose.strip()) > LONGEST_PURPOSE:
        raise Refused("Kürzen Sie den Text auf 5.000 Zeichen.")


def _check_day(day: date, now: datetime) -> None:
    if day < timezone.localdate(now):
        raise Refused(
            "Der letzte Tag zum Beitreten liegt in der Vergangenheit. Wählen Sie heute oder später."
        )


def _require_readable(need: Need) -> None:
    if need.state != "published":
        raise Refused("Veröffentlichen Sie den Bedarf zuerst. Zu einem Entwurf lädt niemand ein.")
    if need.visibility not in rules.READABLE:
        raise Refused(
            "Den Bedarf sieht nur Ihre Kommune. Machen Sie ihn zuerst für die öffentliche Verwaltung sichtbar: "
            "Wer eingeladen wird, muss ihn lesen können."
        )


def _require_invitable(joint: JointNeed, need: Need) -> None:
    if need.organisation_id == joint.lead_id:
        raise Refused("Das ist ein Bedarf Ihrer eigenen Kommune.")
    if need.state != "published" or need.visibility not in rules.READABLE:
        raise Refused("Dieser Bedarf ist nicht mehr offen. Laden Sie eine andere Kommune ein.")
    if not need.may_be_invited:
        raise Refused(f"{need.organisation.name} möchte zu diesem Bedarf nicht eingeladen werden.")


def _require_running(joint: JointNeed) -> None:
    if joint.state == "ended":
        raise Refused("Der gemeinsame Bedarf ist beendet.")


def _require_open(joint: JointNeed, now: datetime) -> None:
    _require_running(joint)
    if joint.state == "closed":
        raise Refused("Der gemeinsame Bedarf ist geschlossen: Es kann gerade niemand beitreten.")
    if not may_still_join(joint, now):
        raise Refused(_OVER.format(day=joint.join_until, lead=joint.lead.name))


# ------------------------------------------------------------------------------------------------------- what is done


def _move(
    joint: JointNeed, state: str, kind: str, *, by: Actor, now: datetime,
    join_until: date | None = None, words: dict[str, str] | None = None,
) -> JointNeed:  # fmt: skip
    joint = _held(joint)
    require(rules.may_lead(by, joint))
    JOINT_NEED.require_move(joint.state, state)
    if state == "ended":
        _end(joint, by=by, now=now, words=words)
        return joint
    joint.state, joint.join_until = state, join_until or joint.join_until
    _save(joint)
    _note(kind, joint, by=by, now=now, join_until=joint.join_until.isoformat())
    return joint


def _end(joint: JointNeed, *, by: Actor, now: datetime, words: dict[str, str] | None) -> None:
    """Invitations that wait are taken back with it, without a further word to each."""
    Joining.objects.filter(joint=joint, state="invited").update(
        state="taken_back", decided_at=now, decided_by=by.id
    )
    joint.state, joint.ended_at = "ended", now
    _save(joint)
    _note("demand.joint_ended", joint, by=by, now=now, words=words)


def _save(joint: JointNeed) -> None:
    joint.lock_version += 1
    joint.save()


def _decide(joining: Joining, state: str, *, by: Actor, now: datetime) -> None:
    JOINING.require_move(joining.state, state)
    joining.state, joining.decided_at, joining.decided_by = state, now, by.id
    _enter(joining)
    _note_joining(f"demand.joining_{state}", joining, by=by, now=now)


def _enter(joining: Joining) -> None:
    """A need is part of one joint need at a time: the database keeps that, whoever is faster."""
    try:
        with transaction.atomic():
            joining.save()
    except IntegrityError:
        raise Refused(
            "Dieser Bedarf gehört schon zu einem gemeinsamen Bedarf. Treten Sie dort zuerst aus, oder beenden Sie "
            "ihn, wenn Sie ihn führen."
        ) from None


def _note(
    kind: str, joint: JointNeed, *, by: Actor, now: datetime, words: dict[str, str] | None = None, **data: str
) -> None:
    record(kind, subject=joint, by=by, now=now, organisation=joint.lead.public_id, data=data, words=words)


def _note_joining(kind: str, joining: Joining, *, by: Actor, now: datetime) -> None:
    """For the town that acts: the leading one invites and takes back, the invited one does the rest."""
    of_lead = kind in ("demand.joining_invited", "demand.joining_taken_back")
    town = joining.joint.lead if of_lead else joining.need.organisation
    data = {
        "joint": joining.joint.public_id,
        "need": joining.need.public_id,
        "town": joining.need.organisation.public_id,
    }
    record(kind, subject=joining, by=by, now=now, organisation=town.public_id, data=data)


def _held_need(need: Need) -> Need:
    return Need.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=need.pk)


def _held(joint: JointNeed) -> JointNeed:
    return JointNeed.objects.select_for_update(of=("self",)).select_related("lead").get(pk=joint.pk)


def _held_both(joining: Joining) -> tuple[JointNeed, Joining]:
    joint = _held(joining.joint)
    rows = Joining.objects.select_for_update(of=("self",)).select_related("need__organisation")
    fresh = rows.get(pk=joining.pk)
    fresh.joint = joint
    return joint, fresh
