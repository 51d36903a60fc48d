"""Write a letter, in the transaction of the act it tells of."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from allmende.jobs.actions import enqueue
from allmende.journal.actions import Subject
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.addresses import checked_address, checked_line
from allmende.mail.models import Letter
from allmende.mail.queries import waiting_for

DELIVER = "allmende.mail.tasks.deliver"
# More than ever wait for one person; beyond it something runs in circles.
MOST_WAITING = 500
# What every letter says of itself; nobody else may.
OURS = frozenset(
    {
        "auto-submitted",
        "bcc",
        "cc",
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "precedence",
        "reply-to",
        "return-path",
        "sender",
        "subject",
        "to",
    }
)


@transaction.atomic
def send(
    *,
    to: str,
    subject: str,
    text: str,
    kind: str,
    about: Subject | tuple[str, str],
    by: Actor,
    now: datetime,
    headers: Mapping[str, str] | None = None,
) -> Letter:
    """Write a letter that the worker delivers as soon as the caller's transaction has committed.

    `text` is plain, in whole German sentences; a link is a line of its own, made with `settings.SITE_URL`. `kind` is
    package and occasion (`organisations.invitation`), `about` the thing that a bounce comes back to. `Refused` for an
    address nobody can write to and for a line break in subject or header. Where hundreds of letters wait for the same
    address already, the letter is given up at once: the act it tells of shall not fail for it.
    """
    address = checked_address(to)
    about_type, about_id = about if isinstance(about, tuple) else (about.journal_type, about.public_id)
    letter = Letter.objects.create(
        message_id=_new_message_id(),
        bounce_token=secrets.token_hex(16),
        to=address,
        subject=checked_line(subject),
        headers=_checked(headers or {}),
        kind=kind,
        about_type=about_type,
        about_id=about_id,
        by_kind=by.kind,
        by_id=by.id,
        created_at=now,
        **_beginning(address, text, now),
    )
    if letter.state == "queued":
        enqueue(DELIVER)
    return letter


def _beginning(address: str, text: str, now: datetime) -> dict[str, Any]:
    if waiting_for(address) < MOST_WAITING:
        return {"text": text, "next_try_at": now}
    return {"state": "failed", "ended_at": now, "last_error": "Für diese Adresse warten zu viele E-Mails."}


def _new_message_id() -> str:
    """Without the angle brackets; nothing of this machine in it. Short: servers stumble over a folded Message-ID."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"{secrets.token_hex(12)}@{domain}"


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    for name in headers:
        if name.lower() in OURS or not name.replace("-", "").isalnum() or not name.isascii():
            raise Refused(f"Die Kopfzeile „{name}“ setzt Allmende selbst.")
    return {name: checked_line(value, longest=900) for name, value in headers.items()}
