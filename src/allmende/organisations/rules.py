"""Who may do what with organisations, and who may see what of them.

`docs/reference/visibility.md` is the same as a table; `tests/organisations/test_visibility.py` holds both to it.
"""

from collections.abc import Iterable
from typing import Literal

from django.db.models import QuerySet

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.models import (
    Claim,
    EmailDomain,
    Invitation,
    MunicipalityProfile,
    Organisation,
    OrganisationMerge,
)
from allmende.organisations.queries import (
    administers,
    belongs,
    confirmed_addresses,
    domain_for,
    shares_domain,
    stood_in_for,
)
from allmende.organisations.roles import MUNICIPAL, PUBLIC_ADMINISTRATION, ROLES, STAFF, TOWNS
from allmende.organisations.states import PUBLIC_STATES

# --------------------------------------------------------------------------------------------------- who is who


def is_staff(actor: Actor) -> bool:
    """Programs of the platform act for its staff."""
    return actor.is_program or any(actor.has(role) for role in STAFF)


def is_member(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor holds any role in the organisation now."""
    return organisation.public_id in _organisations(actor)


def is_on_its_side(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor belongs to it, with rights today or without: nobody becomes impartial by going on leave."""
    return is_member(actor, organisation) or organisation.public_id in actor.resting


def speaks_for(actor: Actor, organisation: Organisation, role: str) -> bool:
    """Whether the actor holds the role in this very organisation."""
    return actor.has(role, organisation.public_id)


def is_verified(actor: Actor) -> bool:
    """Holds any role in an accredited organisation. One query."""
    return _accredited(actor).exists()


def is_public_administration(actor: Actor) -> bool:
    """Holds any role in an accredited body of the public administration. One query."""
    return _accredited(actor).filter(kind__in=PUBLIC_ADMINISTRATION).exists()


def is_town(actor: Actor) -> bool:
    """Holds any role in an accredited municipality, district or association of municipalities. One query."""
    return _accredited(actor).filter(kind__in=TOWNS).exists()


def _accredited(actor: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.filter(public_id__in=_organisations(actor), state="accredited")


def _organisations(actor: Actor) -> set[str]:
    return {organisation for _, organisation in actor.roles if organisation is not None}


# ------------------------------------------------------------------------------------------------------ may do


def may_register(actor: Actor) -> bool:
    """Add an organisation without anybody who applies for it."""
    return is_staff(actor)


def may_apply(actor: Actor) -> bool:
    """Apply for an organisation of one's own; whether it is true, staff finds out."""
    return actor.kind == "person"


def may_accredit(actor: Actor) -> bool:
    """Check who applied, confirm domains, suspend, end memberships."""
    return is_staff(actor)


def may_decide_claim(actor: Actor, claim: Claim) -> bool:
    """Nobody decides about what they applied for."""
    return is_staff(actor) and claim.user.public_id != actor.id


def may_confirm_domain(actor: Actor, domain: EmailDomain) -> bool:
    """Staff, and never the person who proposed it."""
    return is_staff(actor) and domain.proposed_by != str(actor)


def may_propose_merge(actor: Actor, source: Organisation, target: Organisation) -> bool:
    """Say that two entries are one organisation, or that they are two: staff that belongs to neither."""
    return is_staff(actor) and not any(is_on_its_side(actor, each) for each in (source, target))


def may_decide_merge(actor: Actor, merge: OrganisationMerge) -> bool:
    """Whoever proposed does not confirm."""
    return may_propose_merge(actor, merge.source, merge.target) and merge.proposed_by != str(actor)


def may_grant_roles(actor: Actor) -> bool:
    """Give and end roles of the platform."""
    return actor.is_program or actor.has("operator_admin")


def may_manage(actor: Actor, organisation: Organisation) -> bool:
    """Invite colleagues, give and end roles in the organisation, keep its particulars."""
    return actor.has("organisation_admin", organisation.public_id)


def may_give(actor: Actor, role: str, organisation: Organisation | None) -> bool:
    """Roles of the platform: the operator. Roles of an organisation: its administrators, and the operator.

    Nobody gives more than they have: who administers only in place of somebody makes no further administrators.
    """
    known = ROLES.get(role)
    if known is None or known.of_platform != (organisation is None):
        return False
    if organisation is None or may_grant_roles(actor):
        return may_grant_roles(actor)
    return may_manage(actor, organisation) and not (
        role == "organisation_admin" and manages_as_deputy(actor, organisation)
    )


def manages_as_deputy(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor stands in for somebody there and administers in their place."""
    return any(
        (role, place) == ("organisation_admin", organisation.public_id)
        for role, place, _ in actor.in_place_of
    )


def is_backed(invitation: Invitation) -> bool:
    """Whether somebody still stands behind an invitation: whoever gave it could give its roles again.

    Administers the organisation still, away today or not, or the platform; or gave it as a deputy, belongs there
    still, and so does whoever they stood in for, as administrator.
    """
    inviter, organisation = invitation.invited_by, invitation.organisation
    if inviter is None or not inviter.is_active:
        return False
    if administers(inviter, organisation):
        return True
    if "organisation_admin" in invitation.roles or not belongs(inviter, organisation):
        return False
    stood_in = stood_in_for(inviter, organisation, at=invitation.invited_at)
    return any(administers(each, organisation) for each in stood_in)


def may_end_membership(actor: Actor, organisation: Organisation, roles: Iterable[str]) -> bool:
    """End these roles of somebody else at once: staff, or whoever could have given each of them."""
    return may_accredit(actor) or (
        may_manage(actor, organisation) and all(may_give(actor, role, organisation) for role in roles)
    )


def may_edit_profile(actor: Actor, organisation: Organisation) -> bool:
    """Whoever administers the town or does its digital work. Staff reads and does not write."""
    return has_profile(organisation) and any(
        speaks_for(actor, organisation, role) for role in ("municipality_editor", "organisation_admin")
    )


def may_set_logo(actor: Actor, organisation: Organisation) -> bool:
    return may_manage(actor, organisation)


def may_remove_logo(actor: Actor, organisation: Organisation) -> bool:
    """Staff as well, where an organisation has no right to the picture."""
    return may_manage(actor, organisation) or is_staff(actor)


def has_profile(organisation: Organisation) -> bool:
    """Whether this kind of body has a profile that matching and transfer read."""
    return organisation.kind in MUNICIPAL


Way = Literal["at_once", "on_request", "by_invitation"]


def way_to_join(user: User, organisation: Organisation) -> Way:
    """How a person comes to an accredited organisation without being invited: the written rule.

    - A confirmed address at a confirmed domain of the organisation, and the organisation lets people from there in:
      at once, to read. Not where another organisation has the same domain (a Verbandsgemeinde and its towns).
    - A confirmed address at a confirmed domain otherwise: on request, which its administrators decide.
    - Anybody else: by invitation only. An address alone proves nothing.
    """
    domain = domain_for(organisation, confirmed_addresses(user))
    if domain is None or not organisation.is_accredited:
        return "by_invitation"
    return "at_once" if domain.admits == "at_once" and not shares_domain(domain) else "on_request"


# ----------------------------------------------------------------------------------------------------- may see


def may_see(actor: Actor, organisation: Organisation) -> bool:
    """That it exists, with name, kind, region and website. One query where it is not public."""
    if organisation.state in PUBLIC_STATES or is_staff(actor):
        return True
    return organisation.claims.filter(user__public_id=actor.id).exists() if actor.kind == "person" else False


def may_see_register(actor: Actor, organisation: Organisation) -> bool:
    """Legal form and register number: public once somebody has compared them."""
    return organisation.is_accredited or (
        may_see(actor, organisation) and organisation.state not in PUBLIC_STATES
    )


def may_see_members(actor: Actor, organisation: Organisation) -> bool:
    """Who belongs to it, in which role, and who is away: colleagues and staff."""
    return is_member(actor, organisation) or is_staff(actor)


def may_see_addresses(actor: Actor, organisation: Organisation) -> bool:
    """E-mail addresses of members, open invitations, requests and domains: who administers it, and staff."""
    return may_manage(actor, organisation) or is_staff(actor)


def may_see_profile(actor: Actor, organisation: Organisation, profile: MunicipalityProfile | None) -> bool:
    """The town itself and staff; other towns where the town shows it to them. Never providers, never the public."""
    if is_member(actor, organisation) or is_staff(actor):
        return True
    return profile is not None and profile.is_shared and organisation.is_accredited and is_town(actor)


def may_see_claim(actor: Actor, claim: Claim) -> bool:
    """Whoever applied, and staff. The code is known to nobody once the letter is written."""
    return is_staff(actor) or (actor.kind == "person" and claim.user.public_id == actor.id)
