"""Take what comes back. Answers of people are not read yet: another reader beside `bounced` will do that."""

from datetime import datetime

from django.db import transaction

from allmende.lib.actors import Actor
from allmende.mail.actions.ending import change, note_end
from allmende.mail.models import Letter
from allmende.mail.reports import Report, read


def receive(raw: bytes, *, recipient: str = "", by: Actor, now: datetime) -> Letter | None:
    """Read one message as a mail server hands it over; the letter that it says did not arrive, None where it says
    nothing of the kind. Told twice, it counts once."""
    report = read(raw, recipient=recipient)
    return bounced(report, by=by, now=now) if report else None


@transaction.atomic
def bounced(report: Report, *, by: Actor, now: datetime) -> Letter | None:
    """Mark the letter that a report is about; None where it is none of ours, or known to have come back."""
    letter = _letter_of(report)
    if letter is None:
        return None
    reason = f"{report.status} {report.reason}".strip()
    if not change(letter, "bounced", ended_at=now, last_error=reason):
        return None
    note_end("mail.bounced", letter, status=report.status, by=by, now=now)
    letter.refresh_from_db()
    return letter


def _letter_of(report: Report) -> Letter | None:
    """By the token in the address it came back to, which only servers on the way have seen; else as it is quoted."""
    by_token = Letter.objects.filter(bounce_token__in=report.tokens).first()
    return by_token or Letter.objects.filter(message_id__in=report.message_ids).first()
