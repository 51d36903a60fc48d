"""The role of the operator takes two: one proposes, another confirms."""

from datetime import datetime

from django.db import IntegrityError, transaction

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.roles import give
from allmende.organisations.models import RoleProposal
from allmende.organisations.states import PROPOSAL

# Roles that nobody gives alone.
BY_TWO = ("operator_admin",)


@transaction.atomic
def propose_role(role: str, *, user: User, reason: str, by: Actor, now: datetime) -> RoleProposal:
    """Propose a person for a role of the platform that two have to agree on; the reason is for the second."""
    require(rules.may_grant_roles(by))
    if role not in BY_TWO:
        raise Refused("Diese Rolle vergeben Sie allein. Eine zweite Person ist nicht nötig.")
    if by.id == user.public_id:
        raise Refused("Sich selbst kann niemand vorschlagen.")
    if not reason.strip():
        raise Refused("Schreiben Sie, warum die Person diese Rolle braucht.")
    if user.memberships.filter(role=role, organisation=None, ended_at=None).exists():
        raise Refused("Diese Rolle hat die Person schon.")
    try:
        with transaction.atomic():
            proposal = RoleProposal.objects.create(
                user=user, role=role, reason=reason.strip()[:300], proposed_at=now, proposed_by=str(by)
            )
    except IntegrityError:
        raise Refused("Für diese Person liegt schon ein Vorschlag vor.") from None
    _note("organisations.role_proposal_made", proposal, by=by, now=now)
    return proposal


@transaction.atomic
def confirm_proposal(proposal: RoleProposal, *, by: Actor, now: datetime) -> None:
    """The second person agrees: neither who proposed it, nor whom it is about."""
    proposal = _held(proposal)
    require(rules.may_grant_roles(by))
    if str(by) == proposal.proposed_by or by.id == proposal.user.public_id:
        raise Refused("Das bestätigt eine andere Person aus dem Betrieb als die, die vorgeschlagen hat.")
    if not proposal.user.is_active:
        raise Refused("Dieses Konto ist gesperrt.")
    _decide(proposal, "granted", by=by, now=now)
    give(proposal.role, user=proposal.user, organisation=None, by=by, now=now)


@transaction.atomic
def refuse_proposal(proposal: RoleProposal, *, by: Actor, now: datetime) -> None:
    """Any administrator says no, or takes back what they proposed."""
    proposal = _held(proposal)
    require(rules.may_grant_roles(by))
    _decide(proposal, "refused", by=by, now=now)


def _held(proposal: RoleProposal) -> RoleProposal:
    return RoleProposal.objects.select_for_update(of=("self",)).select_related("user").get(pk=proposal.pk)


def _decide(proposal: RoleProposal, state: str, *, by: Actor, now: datetime) -> None:
    PROPOSAL.require_move(proposal.state, state)
    proposal.state, proposal.decided_at, proposal.decided_by = state, now, str(by)
    proposal.save()
    _note(f"organisations.role_proposal_{state}", proposal, by=by, now=now)


def _note(kind: str, proposal: RoleProposal, *, by: Actor, now: datetime) -> None:
    data = {"person": proposal.user.public_id, "role": proposal.role}
    record(kind, subject=proposal, by=by, now=now, data=data)
