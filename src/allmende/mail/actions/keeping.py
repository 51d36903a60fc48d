"""Forget what is no longer needed."""

from datetime import datetime

from django.db import transaction

from allmende.journal.actions import Subject
from allmende.mail.models import Letter, UndeliverableAddress
from allmende.mail.retention import LETTERS, UNDELIVERABLE


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Delete letters and addresses whose time is over; how many letters there were."""
    gone = 0
    for state, kept in LETTERS.items():
        gone += Letter.objects.filter(state=state, created_at__lt=now - kept).delete()[0]
    UndeliverableAddress.objects.filter(last_at__lt=now - UNDELIVERABLE).delete()
    return gone


@transaction.atomic
def forget_receiver(address: str) -> int:
    """Delete all letters to an address, and what is known of it; for the erasure of an account."""
    UndeliverableAddress.objects.filter(address=address.lower()).delete()
    return Letter.objects.filter(to__iexact=address).delete()[0]


@transaction.atomic
def forget_letters(about: Subject, *, to: str | None = None) -> int:
    """Delete what was written about one thing, to one address or to all of them; what waits does not go out."""
    letters = Letter.objects.filter(about_type=about.journal_type, about_id=about.public_id)
    return (letters if to is None else letters.filter(to__iexact=to)).delete()[0]
