"""News about notices that somebody gave of wrong or unlawful entries. The catalogue writes the letters."""

from collections.abc import Iterable

from allmende.accounts.models import User
from allmende.catalogue.editors import EDITORS
from allmende.catalogue.models import Notice
from allmende.catalogue.queries.notices import parties, reporter_of
from allmende.journal.queries import Entry
from allmende.notifications.queries import people_with
from allmende.notifications.rules.rule import Rule


def _concerned(entry: Entry) -> Iterable[User]:
    """Who speaks for the entry; whether they know of the notice yet, the catalogue says when it is read."""
    notice = Notice.objects.filter(public_id=entry.subject_id).first()
    if notice is None:
        return ()
    people = {
        person.pk: person
        for party in parties(notice)
        for person in people_with(party.public_id, EDITORS, now=entry.at)
    }
    return people.values()


def _both_sides(entry: Entry) -> Iterable[User]:
    notice = Notice.objects.filter(public_id=entry.subject_id).first()
    contact = reporter_of(notice) if notice else None
    account = contact.account if contact else ""
    reporter = User.objects.filter(public_id=account, is_active=True) if account else User.objects.none()
    people = {person.pk: person for person in (*_concerned(entry), *reporter)}
    return people.values()


RULES = (
    Rule(
        "catalogue.notice_hidden",
        "tasks",
        _concerned,
        "„{thing}“ ist nach einer Meldung vorläufig ausgeblendet. Lesen Sie, warum.",
        by_mail=False,
    ),
    Rule(
        "catalogue.notice_hearing",
        "tasks",
        _concerned,
        "Jemand hat „{thing}“ gemeldet. Nehmen Sie dazu Stellung.",
        by_mail=False,
    ),
    Rule(
        "catalogue.notice_decided",
        "decisions",
        _both_sides,
        "Über die Meldung zu „{thing}“ ist entschieden.",
        by_mail=False,
    ),
    Rule(
        "catalogue.notice_closed",
        "decisions",
        _both_sides,
        "Die Meldung zu „{thing}“ ist abgeschlossen.",
        by_mail=False,
    ),
)
