"""What is kept of a person here and in mail: to take along, and to erase with the account."""

from collections.abc import Sequence
from datetime import datetime

from allmende.accounts.models import User
from allmende.accounts.personal import PersonalData, Value
from allmende.lib.actors import Actor
from allmende.mail.actions import forget_receiver
from allmende.mail.queries import letters_to
from allmende.mail.states import LETTER
from allmende.notifications.categories import CATEGORIES, RATES
from allmende.notifications.models import DeskRound, NewsItem, Preference, SavedSearch
from allmende.notifications.queries import categories_for, rates_of
from allmende.notifications.telling import told
from allmende.organisations.queries import actor_for, confirmed_addresses


def export(user: User) -> Sequence[PersonalData]:
    """News, saved searches, wishes, and letters as far as they are still known."""
    return [_items(user), _searches(user), _wishes(user), _letters(user)]


def _items(user: User) -> PersonalData:
    rows: list[dict[str, Value]] = [
        {"Wann": each.at, "Nachricht": each.sentence, "Gelesen": each.is_read, "Wie oft": each.times}
        for each in told(list(NewsItem.objects.filter(user=user)), actor_for(user))
    ]
    return PersonalData("news", "Nachrichten", rows)


def _searches(user: User) -> PersonalData:
    rows: list[dict[str, Value]] = [
        {"Name": each.title, "Suche": each.address, "E-Mail": RATES[each.rate], "Gespeichert": each.made_at}
        for each in SavedSearch.objects.filter(user=user)
    ]
    return PersonalData("saved_searches", "Gespeicherte Suchen", rows)


def _wishes(user: User) -> PersonalData:
    shown = categories_for(actor_for(user))
    rows: list[dict[str, Value]] = [
        {"Worüber": CATEGORIES[code].title, "E-Mail": RATES[rate]}
        for code, rate in rates_of(user).items()
        if CATEGORIES[code].by_mail and CATEGORIES[code] in shown
    ]
    return PersonalData("preferences", "Einstellungen zu Benachrichtigungen", rows)


def _letters(user: User) -> PersonalData:
    rows: list[dict[str, Value]] = [
        {
            "Geschrieben": each.created_at,
            "An": each.to,
            "Betreff": each.subject,
            "Stand": LETTER.labels[each.state],
        }
        for address in _addresses(user)
        for each in letters_to(address)
    ]
    return PersonalData("letters", "E-Mails an Sie", rows)


def _addresses(user: User) -> list[str]:
    return list(dict.fromkeys([user.email.lower(), *confirmed_addresses(user)]))


def erase(user: User, *, by: Actor, now: datetime) -> None:
    """Delete all of it; the letter that says goodbye is written afterwards."""
    for personal in (NewsItem, Preference, SavedSearch, DeskRound):
        personal.objects.filter(user=user).delete()
    for address in _addresses(user):
        forget_receiver(address)
