"""A person has looked at a record that was kept back."""

from datetime import datetime

from django.db import transaction

from allmende.federation import rules
from allmende.federation.models import RawRecord
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require

LONGEST_NOTE = 500


@transaction.atomic
def look_at(row: RawRecord, *, note: str, by: Actor, now: datetime) -> RawRecord:
    """Say what was done about a record that is not published; it waits again once its source changes it."""
    require(rules.may_run(by))
    row = RawRecord.objects.select_for_update(of=("self",)).defer("content").get(pk=row.pk)
    if row.decision not in ("quarantine", "refused"):
        raise Refused("Dieser Eintrag ist inzwischen veröffentlicht oder nicht gemeint.")
    if not note.strip():
        raise Refused("Schreiben Sie in einem Satz, was Sie getan haben.")
    row.looked_at, row.looked_by, row.look_note = now, by.id, note.strip()[:LONGEST_NOTE]
    row.save(update_fields=["looked_at", "looked_by", "look_note"])
    record("federation.record_reviewed", subject=row, by=by, now=now)
    return row
