"""Who may do what in the catalogue."""

from allmende.catalogue.models import Offer, Solution
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.rules import is_staff, speaks_for


def may_hand_in(actor: Actor) -> bool:
    """Hand in a solution on behalf of an origin: the harvest, the demo story, the editors."""
    return is_staff(actor)


def may_withdraw(actor: Actor, solution: Solution) -> bool:
    return is_staff(actor)


def may_erase(actor: Actor) -> bool:
    """Erase for good, where law obliges to."""
    return actor.is_program or actor.has("operator_admin")


def may_decide_duplicates(actor: Actor) -> bool:
    return is_staff(actor)


def may_offer(actor: Actor, parties: list[Organisation]) -> bool:
    """Staff, or somebody who keeps the offers of one of the parties."""
    return is_staff(actor) or any(speaks_for(actor, party, "provider_editor") for party in parties)


def may_change_offer(actor: Actor, offer: Offer) -> bool:
    parties = [party for party in (offer.supplier, offer.operator, offer.seller) if party]
    return may_offer(actor, parties)


def may_confirm_use(actor: Actor, organisation: Organisation) -> bool:
    """Only the town itself says what it uses; the demo story speaks for invented towns."""
    if organisation.is_invented and actor.is_program:
        return True
    return speaks_for(actor, organisation, "municipality_editor")
