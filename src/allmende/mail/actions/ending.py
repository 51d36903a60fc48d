"""What became of a letter, and what that says of the address."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.mail.models import Letter, UndeliverableAddress
from allmende.mail.reports import is_hard
from allmende.mail.states import LETTER

# One refusal may be a fault of the server there; the second on another letter is not.
HARD_BOUNCES = 2


def change(letter: Letter, state: str, **values: Any) -> bool:
    """Move a letter on and take away what it said; False where something else was quicker. In a transaction."""
    fresh = Letter.objects.select_for_update().filter(pk=letter.pk).first()
    # It may be gone: whoever it was written to has been forgotten meanwhile.
    if fresh is None or not LETTER.can_become(fresh.state, state):
        return False
    for field, value in {"state": state, "next_try_at": None, **_emptied(), **values}.items():
        setattr(fresh, field, value)
    fresh.save()
    return True


@transaction.atomic
def give_up_waiting(error: str, *, now: datetime) -> int:
    """End every letter that waits, without telling anybody: after an old state was brought back; how many."""
    waiting = list(Letter.objects.filter(state="queued"))
    return sum(change(letter, "failed", ended_at=now, last_error=error) for letter in waiting)


def _emptied() -> dict[str, Any]:
    """What a letter said goes with its delivery; testers of the demo read it on a page."""
    return {} if settings.MAIL_KEEPS_TEXT else {"text": "", "headers": {}}


def note_end(kind: str, letter: Letter, *, status: str, by: Actor, now: datetime) -> None:
    """Record on the thing that the letter was about that it did not arrive."""
    became_undeliverable = is_hard(status) and _count_hard(letter.to, status, now)
    data = {
        "letter": letter.public_id,
        "kind": letter.kind,
        "status": status,
        "undeliverable": became_undeliverable,
    }
    record(kind, subject=(letter.about_type, letter.about_id), by=by, now=now, data=data)


def _count_hard(address: str, status: str, now: datetime) -> bool:
    """Whether the address has become undeliverable by this one."""
    row, _new = UndeliverableAddress.objects.select_for_update().get_or_create(
        address=address.lower(), defaults={"last_at": now}
    )
    row.bounces, row.last_at, row.last_status = row.bounces + 1, now, status
    has_become = row.since is None and row.bounces >= HARD_BOUNCES
    if has_become:
        row.since = now
    row.save()
    return has_become


@transaction.atomic
def trust_again(address: str) -> None:
    """Its owner says that the address works, or has confirmed it anew: letters go there again."""
    UndeliverableAddress.objects.filter(address=address.lower()).delete()
