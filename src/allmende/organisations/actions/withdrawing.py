"""Invitations lose what they stand on: the role of whoever gave them."""

from datetime import datetime

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.organisations import rules
from allmende.organisations.models import Invitation, Organisation


def withdraw(invitation: Invitation, *, by: Actor, now: datetime) -> None:
    """Write down that it is taken back; whether it may be, the caller has asked."""
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    note("organisations.invitation_withdrawn", invitation, by=by, now=now)


def withdraw_unbacked(organisation: Organisation | None, *, of: User, by: Actor, now: datetime) -> None:
    """A role of this person has just ended: take back what waits and has nobody behind it any more.

    In an organisation also what others invited in place of that person; after a role of the platform what the person
    invited anywhere.
    """
    waiting = Invitation.objects.select_for_update(of=("self",)).filter(accepted_at=None, withdrawn_at=None)
    mine = waiting.filter(organisation=organisation) if organisation else waiting.filter(invited_by=of)
    for invitation in mine.select_related("organisation", "invited_by").order_by("pk"):
        if not rules.is_backed(invitation):
            withdraw(invitation, by=by, now=now)


def note(kind: str, invitation: Invitation, *, by: Actor, now: datetime, **data: object) -> None:
    place = invitation.organisation.public_id
    record(kind, subject=invitation, by=by, now=now, organisation=place, data=data)
