"""For which towns somebody acts here."""

from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import by_public_ids, organisations_of
from allmende.organisations.roles import MUNICIPAL

SPEAKS = "municipality_editor"


def speaking_for(actor: Actor) -> list[Organisation]:
    """Towns of which the actor may say what they use."""
    return organisations_of(actor, SPEAKS)


def belonging_to(actor: Actor) -> list[Organisation]:
    """Towns that the actor belongs to, whatever they do there, by name."""
    own = sorted({organisation for _role, organisation in actor.roles if organisation})
    towns = [each for each in by_public_ids(own).values() if each.kind in MUNICIPAL]
    return sorted(towns, key=lambda each: each.name)


def speaks_for_a_town(actor: Actor) -> bool:
    """Without a query: for the button on a solution's page."""
    return any(role == SPEAKS and organisation for role, organisation in actor.roles)
