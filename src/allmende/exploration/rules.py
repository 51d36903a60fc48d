"""Who may do what in a market exploration. Every action asks here, and every page asks the same to hide a button."""

from datetime import datetime

from django.utils import timezone

from allmende.accounts.models import User
from allmende.exploration.models import Case
from allmende.exploration.queries.cases import PROCUREMENT, declarations_of, lead_of, role_in
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import confirmed_addresses
from allmende.organisations.roles import MUNICIPAL
from allmende.organisations.rules import is_member, speaks_for

BEGIN = ("municipality_editor", PROCUREMENT, "organisation_admin")


def may_begin(actor: Actor, organisation: Organisation) -> bool:
    """Begin a case for a town that is known to be one."""
    return (
        organisation.kind in MUNICIPAL
        and organisation.is_accredited
        and any(speaks_for(actor, organisation, role) for role in BEGIN)
    )


def may_see(actor: Actor, case: Case) -> bool:
    """Members of the case and the town's procurement staff, as long as they belong to the town."""
    if case.state == "erased" or not is_member(actor, case.organisation):
        return False
    return speaks_for(actor, case.organisation, PROCUREMENT) or bool(role_in(case, actor.id))


def may_edit(actor: Actor, case: Case) -> bool:
    """Write in the case: lead or editor, while it runs."""
    return case.is_open and _takes_part_as(actor, case, "lead", "editor")


def may_lead(actor: Actor, case: Case) -> bool:
    """Choose who takes part, fix the plan, hand in, stop: the lead. The procurement staff where nobody leads."""
    if _takes_part_as(actor, case, "lead"):
        return True
    return speaks_for(actor, case.organisation, PROCUREMENT) and not lead_of(case)


def may_approve(actor: Actor, case: Case) -> bool:
    """Freeze or return: never who submitted or leads, and nobody whose own interests are touched without a remedy."""
    if not is_member(actor, case.organisation) or actor.id in (case.submitted_by, lead_of(case)):
        return False
    is_approver = role_in(case, actor.id) == "approver" or speaks_for(actor, case.organisation, PROCUREMENT)
    return is_approver and is_impartial(actor, case)


def is_impartial(actor: Actor, case: Case) -> bool:
    """Whether the actor declared no conflict of interest, or one with a remedy that is written down."""
    declared = declarations_of(case).get(actor.id)
    return declared is None or not declared.has_conflict or bool(declared.remedy.strip())


def may_decide(actor: Actor, case: Case) -> bool:
    """Keep or drop candidates and judge them: whoever may edit and is impartial."""
    return may_edit(actor, case) and is_impartial(actor, case)


def may_declare(actor: Actor, case: Case) -> bool:
    """Declare one's own interests: whoever takes part or may approve, until the case is frozen or stopped."""
    return case.state in ("running", "submitted") and may_see(actor, case)


def may_audit(actor: Actor, case: Case, now: datetime) -> bool:
    """Read for an audit: whoever was given access by a confirmed address of theirs, until its last day."""
    person = (
        User.objects.filter(public_id=actor.id, is_active=True).first() if actor.kind == "person" else None
    )
    if person is None or case.state == "erased":
        return False
    accesses = case.audit_accesses.filter(ended_at=None, until__gte=timezone.localdate(now))
    return accesses.filter(email__in=confirmed_addresses(person)).exists()


def may_give_access(actor: Actor, case: Case) -> bool:
    """Let somebody read the case for an audit, frozen or not: the lead, and the town's procurement staff."""
    if case.state == "erased" or not is_member(actor, case.organisation):
        return False
    return speaks_for(actor, case.organisation, PROCUREMENT) or role_in(case, actor.id) == "lead"


def _takes_part_as(actor: Actor, case: Case, *roles: str) -> bool:
    return is_member(actor, case.organisation) and role_in(case, actor.id) in roles


def may_settle_conflict(actor: Actor, case: Case, person: str) -> bool:
    """Say what follows from somebody's conflict: the lead, or the procurement staff for the lead's own."""
    if actor.id == person or not may_see(actor, case):
        return False
    if person == lead_of(case):
        return speaks_for(actor, case.organisation, PROCUREMENT) or role_in(case, actor.id) == "approver"
    return may_lead(actor, case)
