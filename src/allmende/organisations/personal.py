"""What organisations keep of a person: taken along, in the way, ended when the account is erased (see settings)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from allmende.accounts.models import User
from allmende.accounts.personal import PersonalData
from allmende.lib.actors import Actor
from allmende.organisations.actions.claims import close_for_good
from allmende.organisations.actions.leaving import end_everything
from allmende.organisations.models import Absence, Claim, Invitation, JoinRequest, Membership, Organisation
from allmende.organisations.queries import administrators, confirmed_addresses, is_last_operator
from allmende.organisations.roles import ROLES


def export(user: User) -> Sequence[PersonalData]:
    """Roles, applications, absences and invitations of a person, each the latest last."""
    return (
        PersonalData("memberships", "Rollen", _roles(user)),
        PersonalData("claims", "Anmeldungen und Anfragen", (*_claims(user), *_requests(user))),
        PersonalData("absences", "Abwesenheiten", _absences(user)),
        PersonalData("invitations", "Einladungen", _invitations(user)),
    )


def _roles(user: User) -> list[dict[str, str | datetime | None]]:
    held = Membership.objects.filter(user=user).select_related("organisation").order_by("since", "pk")
    return [
        {
            "Rolle": ROLES[each.role].label if each.role in ROLES else each.role,
            "Organisation": each.organisation.name if each.organisation else "Allmende",
            "seit": each.since,
            "beendet am": each.ended_at,
        }
        for each in held
    ]


def _claims(user: User) -> list[dict[str, str | datetime | None]]:
    return [
        {
            "Organisation": each.organisation.name,
            "Aufgabe": each.task,
            "Stand": each.get_state_display(),
            "gestellt am": each.made_at,
            "entschieden am": each.decided_at,
            "Grund": each.reason or None,
        }
        for each in Claim.objects.filter(user=user).select_related("organisation")
    ]


def _requests(user: User) -> list[dict[str, str | datetime | None]]:
    return [
        {
            "Organisation": each.organisation.name,
            "Aufgabe": each.task or None,
            "Stand": each.get_state_display(),
            "gestellt am": each.made_at,
            "entschieden am": each.decided_at,
            "Grund": None,
        }
        for each in JoinRequest.objects.filter(user=user).select_related("organisation")
    ]


def _absences(user: User) -> list[dict[str, str | datetime | None]]:
    return [
        {
            "Organisation": each.organisation.name,
            "von": each.starts_on.isoformat(),
            "bis": each.ends_on.isoformat(),
            "beendet am": each.ended_at,
        }
        for each in Absence.objects.filter(person=user).select_related("organisation")
    ]


def _invitations(user: User) -> list[dict[str, str | datetime | None]]:
    to_me = Invitation.objects.filter(email__in=confirmed_addresses(user)).select_related("organisation")
    return [
        {
            "Organisation": each.organisation.name,
            "eingeladen am": each.invited_at,
            "angenommen am": each.accepted_at,
        }
        for each in to_me
    ]


def obstacles(user: User) -> Sequence[str]:
    """Organisations that nobody would administer while others still work there, and the platform itself."""
    administered = Organisation.objects.filter(
        memberships__user=user, memberships__role="organisation_admin", memberships__ended_at=None
    )
    alone = [
        f"Sie verwalten {each.name} allein. Geben Sie diese Rolle zuerst jemand anderem."
        for each in administered.order_by("name")
        if _others(each, user) and not administrators(each).exclude(pk=user.pk).exists()
    ]
    if is_last_operator(user):
        alone.append("Sie sind die letzte Person im Betrieb. Geben Sie diese Rolle zuerst jemand anderem.")
    return alone


def _others(organisation: Organisation, user: User) -> bool:
    return Membership.objects.filter(organisation=organisation, ended_at=None).exclude(user=user).exists()


@transaction.atomic
def erase(user: User, *, by: Actor, now: datetime) -> None:
    """End every role, hand over what was begun, take back what waits, and remove what only names the person."""
    end_everything(user, by=by, now=now)
    close_for_good(user, by=by, now=now)
    JoinRequest.objects.filter(user=user).delete()
    Absence.objects.filter(person=user).delete()
    Invitation.objects.filter(email__in=confirmed_addresses(user)).delete()
