"""The mail that tells the news: plain text, a link on a line of its own, and the way out at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from allmende.accounts.models import User
from allmende.notifications.categories import CATEGORIES
from allmende.notifications.telling import Told
from allmende.notifications.unsubscribing import ticket_address

# The rest is on the page.
MOST_TOLD = 30
LONGEST_SENTENCE = 160


@dataclass(frozen=True)
class News:
    subject: str
    text: str
    headers: Mapping[str, str]


def news(user: User, told: Sequence[Told]) -> News:
    """The letter for these sentences, sorted by category where there are several."""
    categories = [code for code in CATEGORIES if any(each.category == code for each in told)]
    paragraphs = [*_body(told[:MOST_TOLD], categories), *_rest(len(told) - MOST_TOLD)]
    return letter(user, _subject(told), paragraphs, categories=categories)


def letter(user: User, subject: str, paragraphs: Sequence[str], *, categories: Sequence[str]) -> News:
    """With the greeting, and with the way out of these categories."""
    link = ticket_address(user, categories)
    return News(
        subject=subject,
        text="\n\n".join(["Guten Tag,", *paragraphs, _end(link)]) + "\n",
        # RFC 8058: a program may do it with one request, without a browser.
        headers={"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def _subject(told: Sequence[Told]) -> str:
    if len(told) > 1:
        return f"{len(told)} Nachrichten von Allmende"
    words = " ".join(told[0].sentence.split())
    return words if len(words) <= LONGEST_SENTENCE else words[: LONGEST_SENTENCE - 1] + "…"


def _body(told: Sequence[Told], categories: Sequence[str]) -> list[str]:
    parts = []
    for code in categories:
        here = [_paragraph(each) for each in told if each.category == code]
        title = CATEGORIES[code].title
        parts += [f"{title}\n{'-' * len(title)}"] if here and len(categories) > 1 else []
        parts += here
    return parts


def _paragraph(each: Told) -> str:
    times = f" ({each.times}-mal)" if each.times > 1 else ""
    named = [f"- {thing.title}\n  {settings.SITE_URL}{thing.href}" for thing in each.named]
    return "\n".join([f"{each.sentence}{times}", *named, f"{settings.SITE_URL}{each.href}"])


def _rest(number: int) -> list[str]:
    if number <= 0:
        return []
    more = "Eine weitere Nachricht steht" if number == 1 else f"{number} weitere Nachrichten stehen"
    return [f"{more} hier:\n{settings.SITE_URL}/mein/nachrichten"]


def _end(link: str) -> str:
    return (
        "-- \n"
        "Sie bekommen diese E-Mail, weil Sie ein Konto bei Allmende haben. Wie oft wir Ihnen schreiben, stellen Sie "
        f"hier ein:\n{settings.SITE_URL}/mein/nachrichten/einstellungen\n\n"
        f"Keine solchen E-Mails mehr, ohne Anmeldung:\n{link}"
    )
