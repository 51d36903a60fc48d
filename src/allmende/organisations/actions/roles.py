"""Give and end roles."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.accreditation import vouch
from allmende.organisations.actions.people import locked
from allmende.organisations.actions.withdrawing import withdraw_unbacked
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.roles import ROLES

HAND_OVER_FIRST = (
    "Das ist die letzte Person, die diese Organisation verwaltet. Geben Sie die Rolle zuerst jemand anderem."
)


@transaction.atomic
def grant_role(
    role: str, *, user: User, organisation: Organisation | None, by: Actor, now: datetime
) -> Membership:
    """Give a person a role; given twice, it is held once.

    In an organisation its administrators give roles, and the operator; on the platform the operator alone, and the
    role of the operator itself only on a proposal with a second person (`propose_role`).
    """
    if role not in ROLES:
        raise Refused(f"Die Rolle „{role}“ gibt es nicht.")
    if ROLES[role].of_platform != (organisation is None):
        holder = "zur Plattform" if ROLES[role].of_platform else "zu einer Organisation"
        raise Refused(f"Die Rolle „{ROLES[role].label}“ gehört {holder}.")
    require(rules.may_give(by, role, organisation))
    if role == "operator_admin" and not by.is_program:
        raise Refused(
            "Diese Rolle braucht zwei Personen. Schlagen Sie sie vor; eine zweite Person bestätigt."
        )
    if organisation is not None:
        _require_fit(organisation, role, by=by, now=now)
    return give(role, user=user, organisation=organisation, by=by, now=now)


def _require_fit(organisation: Organisation, role: str, *, by: Actor, now: datetime) -> None:
    """Only an accredited organisation gives roles. Whoever types at the server vouches with the first one."""
    organisation.refresh_from_db(fields=["state", "accredited_at"])
    if by.is_program:
        vouch(organisation, by=by, now=now)
        return
    if not ROLES[role].fits(organisation.kind):
        raise Refused(f"Die Rolle „{ROLES[role].label}“ gibt es in dieser Art von Organisation nicht.")
    if not organisation.is_accredited:
        raise Refused(f"{organisation.name} ist noch nicht bestätigt. Prüfen Sie zuerst die Anmeldung.")


def give(role: str, *, user: User, organisation: Organisation | None, by: Actor, now: datetime) -> Membership:
    """Write the role down; whether it may be given, the caller has asked."""
    membership, created = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, ended_at=None, defaults={"since": now}
    )
    if created:
        if ROLES[role].of_platform:
            # Wagtail knows rights by group; the group has the code of the role.
            user.groups.add(Group.objects.get_or_create(name=role)[0])
        _note("organisations.role_granted", membership, by=by, now=now)
    return membership


@transaction.atomic
def end_role(membership: Membership, *, by: Actor, now: datetime) -> None:
    """Take a role away, or lay down one's own; what the person did in it stays in the journal."""
    if membership.organisation:
        # The organisation first, as everywhere: whoever leaves it holds its row and then ends roles.
        locked(membership.organisation)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation", "user")
        .get(pk=membership.pk)
    )
    is_own = by.kind == "person" and membership.user.public_id == by.id
    require(is_own or rules.may_give(by, membership.role, membership.organisation))
    if membership.ended_at:
        raise Refused("Diese Rolle ist schon beendet.")
    if membership.organisation and not rules.may_grant_roles(by):
        require_another_administrator(membership)
    if membership.role == "operator_admin" and not by.is_program:
        _require_another_operator(membership)
    end(membership, by=by, now=now)


def require_another_administrator(membership: Membership) -> None:
    """Refuse where an organisation would be left without anybody who administers it. Locks the organisation."""
    if membership.role != "organisation_admin" or membership.organisation is None:
        return
    organisation = locked(membership.organisation)
    others = Membership.objects.filter(
        organisation=organisation, role="organisation_admin", ended_at=None, user__is_active=True
    ).exclude(user=membership.user)
    if not others.exists():
        raise Refused(HAND_OVER_FIRST)


def _require_another_operator(membership: Membership) -> None:
    """Somebody has to be left who can give roles of the platform at all. Locks these roles."""
    held = Membership.objects.select_for_update(of=("self",)).filter(role="operator_admin", ended_at=None)
    others = [each for each in held.select_related("user") if each.user_id != membership.user_id]
    if not any(each.user.is_active for each in others):
        raise Refused("Das ist die letzte Person im Betrieb. Geben Sie die Rolle zuerst jemand anderem.")


def end(membership: Membership, *, by: Actor, now: datetime) -> None:
    """Write down that the role has ended, and take back invitations that stood on it; the caller has asked who may."""
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    if ROLES[membership.role].of_platform:
        membership.user.groups.remove(*Group.objects.filter(name=membership.role))
    _note("organisations.role_ended", membership, by=by, now=now)
    withdraw_unbacked(membership.organisation, of=membership.user, by=by, now=now)


def _note(kind: str, membership: Membership, *, by: Actor, now: datetime) -> None:
    subject = membership.organisation or ("platform", "allmende")
    place = membership.organisation.public_id if membership.organisation else None
    data = {"person": membership.user.public_id, "role": membership.role}
    record(kind, subject=subject, by=by, now=now, organisation=place, data=data)
