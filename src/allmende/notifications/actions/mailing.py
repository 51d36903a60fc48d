"""Bring by mail what is due: one letter a person, whatever has gathered."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.actions import send
from allmende.mail.queries import is_undeliverable
from allmende.notifications.letters import News, news
from allmende.notifications.models import NewsItem
from allmende.notifications.queries import to_mail
from allmende.notifications.telling import visible
from allmende.organisations.queries import actor_for

logger = logging.getLogger(__name__)

NOTIFIER = Actor.program("notifications")


def mail_news(*, now: datetime) -> int:
    """Write to everybody for whom something is due; how many letters. Each person is a transaction of their own."""
    keys = to_mail(now).order_by("user").values_list("user", flat=True).distinct()
    people = User.objects.in_bulk(list(keys))
    return sum(_mail(person, now) for person in people.values())


@transaction.atomic
def _mail(user: User, now: datetime) -> bool:
    """Whatever becomes of it, these items are not mailed again: the letter commits with the mark, or neither does."""
    keys = list(to_mail(now).filter(user=user).values_list("pk", flat=True))
    locked = NewsItem.objects.select_for_update().filter(pk__in=keys, mailed_at=None, read_at=None)
    items = list(locked.order_by("-at", "-pk"))
    NewsItem.objects.filter(pk__in=[item.pk for item in items]).update(mailed_at=now)
    actor = actor_for(user, on=timezone.localdate(now))
    told = visible(items, actor) if actor.kind == "person" else []
    return bool(told) and post(user, news(user, told), kind="notifications.news", now=now)


def post(user: User, letter: News, *, kind: str, now: datetime) -> bool:
    """Write the letter; False where the address takes none."""
    if is_undeliverable(user.email):
        return False
    try:
        send(
            to=user.email,
            subject=letter.subject,
            text=letter.text,
            kind=kind,
            about=user,
            by=NOTIFIER,
            now=now,
            headers=letter.headers,
        )
    except Refused as refusal:
        # An address that nobody can write to; the news stands in the site.
        logger.warning("no news for %s: %s", user.public_id, refusal)
        return False
    return True
