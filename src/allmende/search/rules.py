"""Who may do what with searches in vain."""

from allmende.lib.actors import Actor
from allmende.organisations.rules import is_staff


def may_settle_misses(actor: Actor) -> bool:
    return is_staff(actor)
