"""The link below each mail: whoever holds it may stop mail to that person, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer

from allmende.accounts.models import User
from allmende.notifications.categories import CATEGORIES

PATH = "/abbestellen"
# No time in it: a link in an old mail has to work.
_SIGNER = Signer(salt="allmende.notifications.unsubscribing")


@dataclass(frozen=True)
class Ticket:
    """Whose mail of which categories (codes) may be stopped."""

    user: User
    categories: tuple[str, ...]


def ticket_path(user: User, categories: Sequence[str]) -> str:
    """The path of the page; the signature says that it came from us."""
    whom = ".".join([user.public_id, *sorted(set(categories))])
    return f"{PATH}/{_SIGNER.sign(whom)}"


def ticket_address(user: User, categories: Sequence[str]) -> str:
    return f"{settings.SITE_URL}{ticket_path(user, categories)}"


def read_ticket(text: str) -> Ticket | None:
    """None for what we did not write, and for accounts that are gone."""
    try:
        public_id, *codes = _SIGNER.unsign(text).split(".")
    except BadSignature:
        return None
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    known = tuple(code for code in codes if code in CATEGORIES)
    return Ticket(user, known) if user is not None else None
