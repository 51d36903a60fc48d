"""What is over is noted; a person blocks it, offers it to the archive, and erases it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.catalogue.actions import erase as erase_solution
from allmende.catalogue.models import Solution
from allmende.exploration.actions.freezing import erase_case
from allmende.exploration.models import Case
from allmende.files.actions import remove_about
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.periods import months_after
from allmende.lib.refusals import Refused, require
from allmende.operations import rules
from allmende.operations.models import Disposal
from allmende.operations.retention import RETENTIONS, Retention
from allmende.operations.states import DISPOSAL, OPEN

AT_ONCE = 500


@transaction.atomic
def note_due(*, by: Actor, now: datetime) -> int:
    """Write down what has become due, and take up again what was blocked until now; how many are new.

    What has gone in the meantime, or is no longer over (an entry was restored), leaves the list by itself.
    """
    today = timezone.localdate(now)
    Disposal.objects.filter(state="blocked", blocked_until__lt=today).update(state="due", blocked_until=None)
    new = sum(_note(each, today, now) for each in RETENTIONS.values())
    _let_go(today, now)
    return new


def _note(retention: Retention, today: date, now: datetime) -> int:
    kind = str(retention.model.journal_type)  # type: ignore[attr-defined]  # every model of the list has one
    known = Disposal.objects.filter(subject_type=kind, state__in=OPEN).values("subject_id")
    rows = retention.due(today).exclude(public_id__in=known).order_by("over_at")[:AT_ONCE]
    noted = [
        Disposal(
            retention=retention.code,
            subject_type=kind,
            subject_id=row.public_id,
            due_on=_due_on(retention, row),
            noted_at=now,
        )
        for row in rows
    ]
    Disposal.objects.bulk_create(noted)
    return len(noted)


def _due_on(retention: Retention, row: Any) -> date:
    return months_after(timezone.localdate(row.over_at), retention.period)


def _let_go(today: date, now: datetime) -> None:
    for retention in RETENTIONS.values():
        still = retention.due(today).values("public_id")
        waiting = Disposal.objects.filter(retention=retention.code, state__in=OPEN)
        waiting.exclude(subject_id__in=still).update(state="gone", ended_at=now, blocked_until=None)


@transaction.atomic
def block(disposal: Disposal, *, until: date, reason: str, by: Actor, now: datetime) -> Disposal:
    """Keep it for longer: a lawsuit, an audit. It comes back to the list by itself."""
    require(rules.may_operate(by))
    disposal = _locked(disposal)
    if not reason.strip():
        raise Refused("Nennen Sie den Grund, aus dem nicht gelöscht werden darf.")
    if until <= timezone.localdate(now):
        raise Refused("Geben Sie einen Tag in der Zukunft an, bis zu dem die Sperre gilt.")
    DISPOSAL.require_move(disposal.state, "blocked")
    disposal.state, disposal.blocked_until, disposal.reason = "blocked", until, reason.strip()
    disposal.save()
    data = {"retention": disposal.retention, "until": until.isoformat()}
    record("operations.disposal_blocked", subject=disposal, by=by, now=now, data=data)
    return disposal


@transaction.atomic
def offer(disposal: Disposal, *, by: Actor, now: datetime) -> Disposal:
    """Say that the archive in charge has been asked."""
    require(rules.may_operate(by))
    disposal = _locked(disposal)
    if not RETENTIONS[disposal.retention].offered:
        raise Refused("Das muss dem Archiv nicht angeboten werden. Sie können es gleich löschen.")
    DISPOSAL.require_move(disposal.state, "offered")
    disposal.state, disposal.offered_at, disposal.offered_by = "offered", now, by.id
    disposal.save()
    data = {"retention": disposal.retention}
    record("operations.disposal_offered", subject=disposal, by=by, now=now, data=data)
    return disposal


@transaction.atomic
def erase(disposal: Disposal, *, reason: str, by: Actor, now: datetime) -> Disposal:
    """Erase the thing itself. Where the archive had to be asked, somebody else than who asked says that it answered."""
    require(rules.may_operate(by))
    disposal = _locked(disposal)
    retention = RETENTIONS[disposal.retention]
    DISPOSAL.require_move(disposal.state, "erased")
    if retention.offered:
        _require_answered(disposal, reason, by)
    thing = retention.due(timezone.localdate(now)).filter(public_id=disposal.subject_id).first()
    if thing is None:
        raise Refused("Das gibt es nicht mehr, oder seine Frist läuft wieder. Laden Sie die Liste neu.")
    _erase_thing(thing, retention, reason, by, now)
    disposal.state, disposal.ended_at, disposal.ended_by = "erased", now, by.id
    disposal.reason, disposal.blocked_until = reason.strip() or retention.reason, None
    disposal.save()
    data = {"retention": retention.code, "type": disposal.subject_type, "id": disposal.subject_id}
    record("operations.disposal_erased", subject=disposal, by=by, now=now, data=data)
    return disposal


def _require_answered(disposal: Disposal, reason: str, by: Actor) -> None:
    if disposal.state != "offered":
        raise Refused("Bieten Sie es zuerst dem Archiv an.")
    if disposal.offered_by == by.id:
        raise Refused("Sie haben es dem Archiv angeboten. Löschen muss eine zweite Person.")
    if not reason.strip():
        raise Refused("Schreiben Sie auf, was das Archiv geantwortet hat.")


def _erase_thing(thing: Any, retention: Retention, reason: str, by: Actor, now: datetime) -> None:
    if isinstance(thing, Solution):
        # Its address goes on answering, and its editions become tombstones.
        erase_solution(thing, reason=reason.strip() or retention.reason, by=by, now=now)
    elif isinstance(thing, Case):
        # What it held goes; that there was one, and the hash of its record, stay.
        erase_case(thing, reason=reason.strip() or retention.reason, by=by, now=now)
    else:
        remove_about((thing.journal_type, thing.public_id), by=by, now=now)
        thing.delete()


def _locked(disposal: Disposal) -> Disposal:
    return Disposal.objects.select_for_update().get(pk=disposal.pk)
