"""Tell the staff by mail what waits at the desk."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from allmende.accounts.models import User
from allmende.notifications.actions.mailing import post
from allmende.notifications.desk_letters import desk_news
from allmende.notifications.models import DeskRound
from allmende.notifications.queries import staff_to_tell
from allmende.notifications.waiting import waiting_for
from allmende.organisations.queries import actor_for
from allmende.organisations.rules import is_staff


def mail_waiting(*, now: datetime) -> int:
    """Write to whoever of the staff is due and has something waiting; how many letters. A transaction each."""
    return sum(_mail(person, now) for person in staff_to_tell(now))


@transaction.atomic
def _mail(user: User, now: datetime) -> bool:
    """Nothing to tell counts as told: the morning is over, and the next mail comes at the next one."""
    DeskRound.objects.update_or_create(user=user, defaults={"told_at": now})
    today = timezone.localdate(now)
    actor = actor_for(user, on=today)
    waiting = waiting_for(actor, now) if is_staff(actor) else []
    return bool(waiting) and post(user, desk_news(user, waiting, today), kind="notifications.desk", now=now)
