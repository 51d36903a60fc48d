"""Note what people are told."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from allmende.accounts.models import User
from allmende.jobs.actions import enqueue
from allmende.journal.queries import Entry
from allmende.notifications.categories import CATEGORIES
from allmende.notifications.models import NewsItem
from allmende.notifications.queries import rates
from allmende.notifications.rules import Rule, rules_of

MAIL_NEWS = "allmende.notifications.tasks.mail_news"


@transaction.atomic
def note(entries: Sequence[Entry], *, now: datetime) -> int:
    """Note for everybody concerned what these journal entries mean to them; how many items. Told twice, the same
    entry is noted once; nobody is told of their own act."""
    items = [
        item
        for entry in entries
        for rule in rules_of(entry.kind)
        if rule.when(entry)
        for item in _items(rule, entry, now)
    ]
    NewsItem.objects.bulk_create(items, ignore_conflicts=True)
    if any(item.rate == "at_once" for item in items):
        enqueue(MAIL_NEWS)
    return len(items)


def _items(rule: Rule, entry: Entry, now: datetime) -> Iterator[NewsItem]:
    people = [person for person in rule.who(entry) if not _did_it(person, entry)]
    if not people:
        return
    category = CATEGORIES[rule.category]
    chosen = rates(people, rule.category) if rule.by_mail and category.by_mail else {}
    usual = category.usual if rule.by_mail and category.by_mail else "never"
    subject_type, subject_id = rule.about(entry)
    for person in people:
        yield NewsItem(
            user=person,
            kind=rule.name,
            category=rule.category,
            subject_type=subject_type,
            subject_id=subject_id,
            data=dict(rule.data(entry)),
            entry=entry.pk,
            at=entry.at,
            noted_at=now,
            rate=chosen.get(person.pk, usual),
        )


def _did_it(person: User, entry: Entry) -> bool:
    return entry.actor_kind == "person" and entry.actor_id == person.public_id
