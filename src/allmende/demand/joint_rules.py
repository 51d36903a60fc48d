"""Who may do what with joint needs and with what became of a need."""

from allmende.demand.models import Joining, JointNeed, Need
from allmende.demand.rules import may_publish
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation

# Whoever is invited has to be able to read what it is about.
READABLE = ("administration", "public")


def speaks_for_needs(actor: Actor, organisation: Organisation) -> bool:
    """Says for a town what it needs and what became of it; the demo story speaks for invented towns."""
    if organisation.is_invented and actor.is_program:
        return True
    return may_publish(actor, organisation)


def may_begin_joint(actor: Actor, need: Need) -> bool:
    """Whoever speaks for the town of the need: it leads."""
    return speaks_for_needs(actor, need.organisation)


def may_lead(actor: Actor, joint: JointNeed) -> bool:
    """Invite, take an invitation back, close, open again, end."""
    return speaks_for_needs(actor, joint.lead)


def may_decide_joining(actor: Actor, joining: Joining) -> bool:
    """Join, decline and leave: the town that was invited, never the one that leads."""
    return speaks_for_needs(actor, joining.need.organisation)


def may_state_outcome(actor: Actor, need: Need) -> bool:
    return speaks_for_needs(actor, need.organisation)
