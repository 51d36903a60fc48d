"""Bring colleagues in by a link that is good once, for one address, for two weeks."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.mail.actions import write
from allmende.mail.addresses import checked_address
from allmende.organisations import rules
from allmende.organisations.actions.people import locked, person
from allmende.organisations.actions.roles import give
from allmende.organisations.actions.withdrawing import note, withdraw
from allmende.organisations.models import Invitation, Organisation
from allmende.organisations.queries import confirmed_addresses, was_accepted_by
from allmende.organisations.roles import ROLES

HOLDS = timedelta(days=14)
# Waiting at the same time. Whoever invites hundreds writes to strangers.
MOST_WAITING = 50
GONE = "Diese Einladung gilt nicht mehr. Bitten Sie um eine neue."


def hash_of(token: str) -> str:
    """What is kept of a link: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    email: str, *, organisation: Organisation, roles: Sequence[str], by: Actor, now: datetime
) -> Invitation:
    """Write to a colleague. An earlier invitation to the same address no longer holds.

    Says and does the same whether or not the address has an account here.
    """
    organisation = locked(organisation)
    address = checked_address(email).lower()
    chosen = _checked(roles, organisation, by)
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    if waiting.filter(expires_at__gt=now).exclude(email=address).count() >= MOST_WAITING:
        raise Refused(f"Es warten schon {MOST_WAITING} Einladungen. Ziehen Sie zuerst welche zurück.")
    for earlier in waiting.filter(email=address).select_related("organisation"):
        withdraw(earlier, by=by, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        roles=chosen,
        token_hash=hash_of(token),
        invited_by=person(by),
        invited_at=now,
        expires_at=now + HOLDS,
    )
    note("organisations.invitation_sent", invitation, by=by, now=now, roles=chosen)
    _write_to(invitation, token, by=by, now=now)
    return invitation


def _checked(roles: Sequence[str], organisation: Organisation, by: Actor) -> list[str]:
    if not organisation.is_accredited:
        raise Refused(f"{organisation.name} ist noch nicht bestätigt und kann niemanden einladen.")
    if not roles:
        raise Refused("Wählen Sie, welche Rollen die Person bekommt.")
    for role in roles:
        require(
            rules.may_give(by, role, organisation),
            "Diese Rolle können Sie hier nicht vergeben.",
        )
        if not ROLES[role].fits(organisation.kind):
            raise Refused(f"Die Rolle „{ROLES[role].label}“ gibt es in dieser Art von Organisation nicht.")
    return list(dict.fromkeys(roles))


def _write_to(invitation: Invitation, token: str, *, by: Actor, now: datetime) -> None:
    organisation = invitation.organisation
    labels = " und ".join(f"„{ROLES[role].label}“" for role in invitation.roles)
    write(
        invitation.email,
        f"Einladung: {organisation.name} auf Allmende",
        f"{organisation.name} lädt Sie ein, auf Allmende mitzuarbeiten. Ihre Aufgabe dort: {labels}.",
        "Mit diesem Link nehmen Sie die Einladung an:",
        f"/einladung/{token}",
        f"Der Link gilt einmal, nur für diese E-Mail-Adresse und bis zum {invitation.expires_at:%d.%m.%Y}. "
        "Wenn Sie mit der Organisation nichts zu tun haben, tun Sie nichts. Dann verfällt er.",
        kind="organisations.invitation",
        about=invitation,
        by=by,
        now=now,
    )


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> Organisation:
    """Join in the roles of the invitation. Whoever accepts has shown that the address is theirs.

    Accepted twice (a second click, the link in another window), it is accepted once, and nothing is wrong.
    """
    user, invitation = person(by), _held(invitation)
    if was_accepted_by(user, invitation):
        return invitation.organisation
    if not invitation.holds(now):
        raise Refused(GONE)
    if invitation.email not in confirmed_addresses(user):
        raise Refused(
            "Diese Einladung ging an eine andere E-Mail-Adresse. Melden Sie sich mit dem Konto dieser Adresse an, "
            "oder tragen Sie sie in Ihrem Konto ein und bestätigen Sie sie."
        )
    if not rules.is_backed(invitation):
        raise Refused(GONE)
    organisation = invitation.organisation
    if not organisation.is_accredited:
        raise Refused(f"{organisation.name} kann gerade niemanden aufnehmen.")
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    for role in invitation.roles:
        if role in ROLES and ROLES[role].fits(organisation.kind):
            give(role, user=user, organisation=organisation, by=by, now=now)
    note("organisations.invitation_accepted", invitation, by=by, now=now)
    return organisation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> None:
    """Take an invitation back, or decline it: the organisation's administrators, or whoever was invited."""
    invitation = _held(invitation)
    is_mine = by.kind == "person" and invitation.email in confirmed_addresses(person(by))
    require(is_mine or rules.may_manage(by, invitation.organisation) or rules.may_accredit(by))
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Refused("Diese Einladung ist schon angenommen oder zurückgezogen.")
    withdraw(invitation, by=by, now=now)


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it is now, its organisation locked before it, as `invite` does."""
    locked(invitation.organisation)
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation__region", "invited_by")
        .get(pk=invitation.pk)
    )
