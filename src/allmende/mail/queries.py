"""Which letters wait, and what became of those to one address."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from allmende.mail.models import Letter, UndeliverableAddress

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


def is_undeliverable(address: str) -> bool:
    """Whether letters to this address come back for good."""
    return UndeliverableAddress.objects.filter(address=address.lower(), since__isnull=False).exists()


def letters_to(address: str) -> QuerySet[Letter]:
    """All letters to an address that are still known, the latest first."""
    return Letter.objects.filter(to__iexact=address).order_by("-created_at", "-pk")


def letters_about(about_type: str, about_id: str) -> QuerySet[Letter]:
    """What was written about one thing, the latest first: its page says what became of it."""
    return Letter.objects.filter(about_type=about_type, about_id=about_id).order_by("-created_at", "-pk")


def lost(since: datetime) -> QuerySet[Letter]:
    """What did not arrive and was not written anew, the latest first.

    Anew: another letter about the same thing, for the same occasion, that was sent later.
    """
    anew = Letter.objects.filter(
        about_type=OuterRef("about_type"),
        about_id=OuterRef("about_id"),
        kind=OuterRef("kind"),
        state="sent",
        created_at__gt=OuterRef("created_at"),
    )
    gone = Letter.objects.filter(~Exists(anew), state__in=("failed", "bounced"), ended_at__gte=since)
    return gone.order_by("-ended_at", "-pk")


def newest() -> QuerySet[Letter]:
    """All letters, the latest first."""
    return Letter.objects.order_by("-created_at", "-pk")
