"""How often a person wants mail."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.notifications.categories import CATEGORIES
from allmende.notifications.models import NewsItem, Preference, SavedSearch
from allmende.notifications.queries import categories_for


@transaction.atomic
def prefer(user: User, rates: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    """Set the rate of these categories. What waits to be mailed follows the new rate."""
    require(by.kind == "person" and by.id == user.public_id)
    for category, rate in rates.items():
        known = CATEGORIES.get(category)
        if known not in categories_for(by) or not known.by_mail or rate not in known.rates:
            raise Refused("Diese Einstellung gibt es nicht. Wählen Sie eine der Antworten aus.")
    _set(user, rates)
    record("notifications.preference_changed", subject=user, by=by, now=now, data=dict(rates))


@transaction.atomic
def unsubscribe(user: User, categories: Collection[str], *, now: datetime) -> None:
    """Send no more mail of these categories; for whoever holds the link of a mail to that person.

    What happens goes on being told in the site. Said twice, it changes nothing more.
    """
    stopped = sorted(code for code in categories if code in CATEGORIES and CATEGORIES[code].by_mail)
    _set(user, dict.fromkeys(stopped, "never"))
    if "searches" in stopped:
        SavedSearch.objects.filter(user=user).update(rate="never")
    by = Actor("person", user.public_id)
    record("notifications.unsubscribed", subject=user, by=by, now=now, data={"categories": stopped})


def _set(user: User, rates: Mapping[str, str]) -> None:
    for category, rate in rates.items():
        Preference.objects.update_or_create(user=user, category=category, defaults={"rate": rate})
        waiting = NewsItem.objects.filter(user=user, category=category, mailed_at=None, read_at=None)
        # What was never meant for mail does not become so.
        waiting.exclude(rate="never").update(rate=rate)
