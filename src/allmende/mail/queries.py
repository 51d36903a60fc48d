"""Which letters wait, and what became of those to one address."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from allmende.mail.models import Letter

HOUR = timedelta(hours=1)


def due(now: datetime) -> QuerySet[Letter]:
    """Letters to be delivered now, what has waited longest first."""
    return Letter.objects.filter(state="queued", next_try_at__lte=now).order_by("next_try_at", "pk")


def sent_within_the_hour(letter: Letter, now: datetime) -> QuerySet[Letter]:
    """What the receiver of this letter got in the last hour out of the same allowance, the oldest first."""
    sent = Letter.objects.filter(to=letter.to, created_at__gt=now - 24 * HOUR, sent_at__gt=now - HOUR)
    same = sent.filter(kind__startswith=SOMEBODY_WAITS) if _somebody_waits(letter) else _others(sent)
    return same.order_by("sent_at")


# Letters that a person sits and waits for: a flood of news must not hold them back, nor they the news.
SOMEBODY_WAITS = "accounts."


def _somebody_waits(letter: Letter) -> bool:
    return letter.kind.startswith(SOMEBODY_WAITS)


def _others(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    return letters.exclude(kind__startswith=SOMEBODY_WAITS)


def waiting_for(address: str) -> int:
    """How many letters to this address wait for delivery."""
    return Letter.objects.filter(to=address, state="queued").count()
