"""What notices keep of a person with an account: taken along, and erased with the account (see settings)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from allmende.accounts.models import User
from allmende.accounts.personal import PersonalData
from allmende.catalogue.models import NoticeContact
from allmende.catalogue.queries.notices import notices_by
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.mail.actions.keeping import forget_letters
from allmende.organisations.queries import confirmed_addresses


def export(user: User) -> Sequence[PersonalData]:
    """What the person has reported, in their own words, and what became of it."""
    rows = [
        {
            "Nummer": notice.number,
            "Eintrag": notice.subject_name,
            "Worum es geht": notice.get_reason_display(),
            "Was nicht stimmt": notice.what,
            "Beleg": notice.source or None,
            "eingegangen am": notice.received_at,
            "Stand": notice.get_state_display(),
        }
        for notice in notices_by(user.public_id)
    ]
    return (PersonalData("notices", "Meldungen zu Einträgen", rows),)


def erase(user: User, *, by: Actor, now: datetime) -> None:
    """The notices stay and are decided; who gave them is known to nobody any more, signed in or not."""
    mine = Q(account=user.public_id)
    for address in {user.email, *confirmed_addresses(user)}:
        mine |= Q(email__iexact=address)
    for contact in NoticeContact.objects.filter(mine).select_related("notice"):
        notice = contact.notice
        forget_letters(notice, to=contact.email)
        contact.delete()
        record("catalogue.notice_contact_erased", subject=notice, by=by, now=now)
