"""Who may do what with organisations."""

from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.roles import STAFF


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
