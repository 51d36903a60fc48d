"""Who may do what with organisations."""

from django.db.models import QuerySet

from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.roles import PUBLIC_ADMINISTRATION, STAFF


def is_staff(actor: Actor) -> bool:
    """Programs of the platform act for its staff."""
    return actor.is_program or any(actor.has(role) for role in STAFF)


def may_register(actor: Actor) -> bool:
    return is_staff(actor)


def may_grant_roles(actor: Actor) -> bool:
    return actor.is_program or actor.has("operator_admin")


def speaks_for(actor: Actor, organisation: Organisation, role: str) -> bool:
    """Whether the actor holds the role in this very organisation."""
    return actor.has(role, organisation.public_id)


def may_manage(actor: Actor, organisation: Organisation) -> bool:
    """Invite colleagues, give and end roles in the organisation, keep its particulars."""
    return actor.has("organisation_admin", organisation.public_id)


def is_member(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor holds any role in the organisation now."""
    return organisation.public_id in _organisations(actor)


def is_verified(actor: Actor) -> bool:
    """Holds any role in an accredited organisation. One query."""
    return _accredited(actor).exists()


def is_public_administration(actor: Actor) -> bool:
    """Holds any role in an accredited body of the public administration. One query."""
    return _accredited(actor).filter(kind__in=PUBLIC_ADMINISTRATION).exists()


def _accredited(actor: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.filter(public_id__in=_organisations(actor), state="accredited")


def _organisations(actor: Actor) -> set[str]:
    return {organisation for _, organisation in actor.roles if organisation is not None}
