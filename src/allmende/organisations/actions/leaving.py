"""Leave an organisation, and hand over what one has begun there."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.people import locked
from allmende.organisations.actions.roles import HAND_OVER_FIRST, end, give
from allmende.organisations.actions.withdrawing import note, withdraw
from allmende.organisations.models import Absence, Invitation, Membership, Organisation
from allmende.organisations.queries import administrators, belongs


class HandOver(Protocol):
    """What a package does with the begun work of somebody who leaves: it goes to `to`, or stays with the organisation.

    Returns German sentences that say what was handed over, none where there was nothing.
    """

    def __call__(
        self, *, organisation: Organisation, leaver: User, to: User | None, by: Actor, now: datetime
    ) -> list[str]: ...


@transaction.atomic
def leave(
    organisation: Organisation, *, leaver: User, to: User | None, by: Actor, now: datetime
) -> list[str]:
    """End all roles of a person in an organisation, and hand over what they have begun; sentences that say what.

    The person does it, an administrator of the organisation (a deputy not with other administrators), or staff. The
    last administrator has to name somebody of the organisation as `to`, who administers it from then on. Staff may
    end the membership of a last administrator without that: then the organisation is on its list of those that nobody
    administers.
    """
    organisation = locked(organisation)
    is_own = by.kind == "person" and leaver.public_id == by.id
    require(is_own or rules.may_manage(by, organisation) or rules.may_accredit(by))
    roles = list(
        Membership.objects.filter(organisation=organisation, user=leaver, ended_at=None)
        .select_related("organisation", "user")
        .order_by("pk")
    )
    if not roles:
        raise Refused(f"Diese Person gehört nicht zu {organisation.name}.")
    require(
        is_own or rules.may_end_membership(by, organisation, [each.role for each in roles]),
        "In Vertretung können Sie niemanden entfernen, der die Organisation verwaltet.",
    )
    _check_heir(to, leaver, organisation)
    if any(each.role == "organisation_admin" for each in roles):
        _pass_on_administration(organisation, leaver, to, by=by, now=now)
    said = _hand_over(organisation, leaver, to, by=by, now=now)
    for membership in roles:
        end(membership, by=by, now=now)
    data = {"person": leaver.public_id, "to": to.public_id if to else None}
    record(
        "organisations.member_left",
        subject=organisation,
        by=by,
        now=now,
        organisation=organisation.public_id,
        data=data,
    )
    return said


def _check_heir(to: User | None, leaver: User, organisation: Organisation) -> None:
    if to is not None and (to == leaver or not to.is_active or not belongs(to, organisation)):
        raise Refused(f"Übergeben Sie an jemand anderen, der zu {organisation.name} gehört.")


def _pass_on_administration(
    organisation: Organisation, leaver: User, to: User | None, *, by: Actor, now: datetime
) -> None:
    """Nobody but staff leaves an organisation without somebody who administers it."""
    if administrators(organisation).exclude(pk=leaver.pk).exists():
        return
    if to is not None:
        give("organisation_admin", user=to, organisation=organisation, by=by, now=now)
    elif not rules.may_accredit(by):
        raise Refused(HAND_OVER_FIRST)


def end_everything(user: User, *, by: Actor, now: datetime) -> None:
    """An account goes: every role ends, on the platform too; work that was begun stays with its organisation."""
    held = Membership.objects.filter(user=user, ended_at=None).select_related("organisation", "user")
    for membership in held.order_by("pk"):
        if membership.organisation:
            _hand_over(membership.organisation, user, None, by=by, now=now)
        end(membership, by=by, now=now)


def _hand_over(
    organisation: Organisation, leaver: User, to: User | None, *, by: Actor, now: datetime
) -> list[str]:
    return [
        sentence
        for hand_over in _listed()
        for sentence in hand_over(organisation=organisation, leaver=leaver, to=to, by=by, now=now)
    ]


def _listed() -> list[HandOver]:
    """Settings name them, so that upper packages join without being imported."""
    found: list[Callable[..., list[str]]] = [import_string(path) for path in settings.WORK_HANDED_OVER]
    return list(found)


def hand_over_invitations(
    *, organisation: Organisation, leaver: User, to: User | None, by: Actor, now: datetime
) -> list[str]:
    """Invitations that wait go on in the name of somebody else who may give these roles, or are withdrawn."""
    waiting = Invitation.objects.select_for_update(of=("self",)).filter(
        organisation=organisation, invited_by=leaver, accepted_at=None, withdrawn_at=None
    )
    handed = withdrawn = 0
    for invitation in waiting.select_related("organisation").order_by("pk"):
        invitation.invited_by = to
        if to is not None and rules.is_backed(invitation):
            invitation.save(update_fields=["invited_by"])
            note("organisations.invitation_reassigned", invitation, by=by, now=now, to=to.public_id)
            handed += 1
        else:
            invitation.invited_by = leaver
            withdraw(invitation, by=by, now=now)
            withdrawn += 1
    return [*_so_many(handed, "übergeben"), *_so_many(withdrawn, "zurückgezogen")]


def _so_many(count: int, what: str) -> list[str]:
    number = "Eine Einladung" if count == 1 else f"{count} Einladungen"
    return [f"{number} {what}."] if count else []


def hand_over_absences(
    *, organisation: Organisation, leaver: User, to: User | None, by: Actor, now: datetime
) -> list[str]:
    """Whoever is gone is not away, and stands in for nobody: somebody else does, or nobody."""
    running = Absence.objects.filter(organisation=organisation, ended_at=None)
    running.filter(person=leaver).update(ended_at=now)
    stands_in = running.filter(deputy=leaver, ends_on__gte=now.date())
    # Nobody stands in for themselves.
    count = stands_in.exclude(person=to).update(deputy=to) if to else stands_in.update(deputy=None)
    running.filter(deputy=leaver).update(deputy=None)
    if not count:
        return []
    number = "Eine Vertretung" if count == 1 else f"{count} Vertretungen"
    return [f"{number} {'übergeben' if to else 'ohne Nachfolge beendet'}."]
