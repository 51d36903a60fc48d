"""Somebody may read a case for an audit, for a time: given to an address, ended early, and each look noted."""

import re
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from allmende.exploration import rules
from allmende.exploration.actions.cases import locked, note
from allmende.exploration.models import AuditAccess, Case
from allmende.journal.queries import search
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require

LONGEST_DAYS = 365
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
MAY_NOT = "Einsicht gibt, wer den Fall führt oder in der Vergabestelle arbeitet."


@transaction.atomic
def give_access(
    case: Case, *, email: str, body: str, purpose: str, until: date, by: Actor, now: datetime
) -> AuditAccess:
    """Let whoever has an account with this confirmed address read the case until the end of that day.

    Also of a case that runs, and without telling anybody outside: whom it is for is told by the town. `Refused` for
    what is no address, a day that is over or more than a year away, and where the address has access already.
    """
    case = locked(case)
    require(rules.may_give_access(by, case), MAY_NOT)
    email, today = email.strip().lower(), timezone.localdate(now)
    if not _ADDRESS.fullmatch(email):
        raise Refused("Geben Sie eine E-Mail-Adresse ein, zum Beispiel pruefung@kreis.example.")
    if not body.strip() or not purpose.strip():
        raise Refused("Nennen Sie die Stelle, die prüft, und den Anlass.")
    if not today <= until <= date.fromordinal(today.toordinal() + LONGEST_DAYS):
        raise Refused("Geben Sie einen Tag ein, der nicht vorbei ist und höchstens ein Jahr entfernt.")
    if case.audit_accesses.filter(email=email, ended_at=None, until__gte=today).exists():
        raise Refused("Diese Adresse hat schon Einsicht. Beenden Sie sie, um eine andere Frist zu setzen.")
    access = AuditAccess.objects.create(
        case=case,
        email=email,
        body=body.strip()[:200],
        purpose=purpose.strip(),
        given_at=now,
        given_by=by.id,
        until=until,
    )
    note("exploration.audit_access_given", case, by=by, now=now, subject=access, until=until.isoformat())
    return access


@transaction.atomic
def end_access(access: AuditAccess, *, by: Actor, now: datetime) -> AuditAccess:
    """End it before its day. `Refused` where it is over already."""
    case = locked(access.case)
    require(rules.may_give_access(by, case), MAY_NOT)
    access = AuditAccess.objects.select_for_update().get(pk=access.pk)
    if access.ended_at is not None:
        raise Refused("Diese Einsicht ist schon beendet.")
    access.ended_at = now
    access.save(update_fields=["ended_at"])
    note("exploration.audit_access_ended", case, by=by, now=now, subject=access)
    return access


@transaction.atomic
def look(case: Case, *, page: str, by: Actor, now: datetime) -> None:
    """An auditor reads a page of the case: allowed at this very moment, and noted once a day and page.

    `Refused` a moment after the access has ended; the page shows nothing then.
    """
    case = locked(case)
    require(rules.may_audit(by, case, now), "Ihre Einsicht in diese Markterkundung ist beendet.")
    day = timezone.localdate(now)
    begins = timezone.make_aware(datetime.combine(day, time.min))
    seen = search(
        people=[by.id], subject=(case.journal_type, case.public_id), kind="exploration.audit_access_used"
    )
    if not seen.filter(at__gte=begins, data__page=page).exists():
        note("exploration.audit_access_used", case, by=by, now=now, page=page)


@transaction.atomic
def note_export(case: Case, *, form: str, without_confidential: bool, by: Actor, now: datetime) -> None:
    """Somebody took the record out of the house: who, in which form, and whether confidential answers were in it."""
    require(
        rules.may_see(by, case) or rules.may_audit(by, case, now),
        "Diese Markterkundung gibt es nicht, oder Sie wirken nicht an ihr mit.",
    )
    note(
        "exploration.record_exported",
        case,
        by=by,
        now=now,
        form=form,
        without_confidential=without_confidential,
    )
