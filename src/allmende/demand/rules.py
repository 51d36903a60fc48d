"""Who may do what with needs and with answers to them."""

from allmende.catalogue.rules import edits_for, may_submit
from allmende.demand.models import Need, NeedResponse
from allmende.demand.queries.needs import visible_to
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.roles import MUNICIPAL
from allmende.organisations.rules import is_member, speaks_for

# Any of these, held in a town, writes its needs.
WRITERS = ("municipality_editor", "procurement_officer", "organisation_admin")


def has_needs(organisation: Organisation) -> bool:
    """Whether this kind of body says here what it needs."""
    return organisation.kind in MUNICIPAL


def may_write(actor: Actor, organisation: Organisation) -> bool:
    """Prepare a need: also before the town is confirmed. Programs of the platform as well, never its staff."""
    if not has_needs(organisation):
        return False
    return actor.is_program or any(speaks_for(actor, organisation, role) for role in WRITERS)


def may_publish(actor: Actor, organisation: Organisation) -> bool:
    """Let others see it, answer providers, close and withdraw."""
    return may_write(actor, organisation) and organisation.is_accredited


def may_see(actor: Actor, need: Need) -> bool:
    """One query or two; `queries.needs.visible_to` says who sees what."""
    return visible_to(actor).filter(pk=need.pk).exists()


def may_respond(actor: Actor, organisation: Organisation) -> bool:
    """Say for an organisation that it has something fitting: who may publish its offers. Never of a suspended one."""
    return may_submit(actor, organisation)


def may_take_back(actor: Actor, response: NeedResponse) -> bool:
    """Who keeps the provider's offers; also while it is suspended."""
    return edits_for(actor, response.organisation)


def may_read_responses(actor: Actor, need: Need) -> bool:
    """What providers wrote to a town is for the town alone, staff and other towns excluded."""
    return is_member(actor, need.organisation)


def may_read_response(actor: Actor, response: NeedResponse) -> bool:
    """Both sides, and nobody else."""
    return may_read_responses(actor, response.need) or is_member(actor, response.organisation)
