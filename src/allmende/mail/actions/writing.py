"""A letter of whole German paragraphs, with the greeting and the closing that all of ours have."""

from datetime import datetime

from django.conf import settings

from allmende.journal.actions import Subject
from allmende.lib.actors import Actor
from allmende.mail.actions.sending import send

_CLOSING = "Freundliche Grüße\nAllmende"


def write(
    to: str, subject: str, *paragraphs: str, kind: str, about: Subject, by: Actor, now: datetime
) -> None:
    """Send paragraphs; one that begins with a slash is a page of this site, as a link on a line of its own.

    Says the same whether or not the address has an account. The rest as `send` has it.
    """
    lines = [settings.SITE_URL + each if each.startswith("/") else each for each in paragraphs]
    text = "\n\n".join(("Guten Tag,", *lines, _CLOSING)) + "\n"
    send(to=to, subject=subject, text=text, kind=kind, about=about, by=by, now=now)
