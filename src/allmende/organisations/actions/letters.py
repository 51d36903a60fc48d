"""What organisations write to people: whole German sentences, the same whether or not there is an account."""

from datetime import datetime

from django.conf import settings

from allmende.journal.actions import Subject
from allmende.lib.actors import Actor
from allmende.mail.actions import send

_CLOSING = "Freundliche Grüße\nAllmende"


def write(
    to: str, subject: str, *paragraphs: str, kind: str, about: Subject, by: Actor, now: datetime
) -> None:
    """A letter of paragraphs; one that begins with a slash is a page of this site, as a link on its own line."""
    lines = [settings.SITE_URL + each if each.startswith("/") else each for each in paragraphs]
    text = "\n\n".join(("Guten Tag,", *lines, _CLOSING)) + "\n"
    send(to=to, subject=subject, text=text, kind=kind, about=about, by=by, now=now)
