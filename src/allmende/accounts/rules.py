"""Who may do what with an account: its owner, and programs of the platform."""

from allmende.accounts.models import User
from allmende.lib.actors import Actor


def is_own(actor: Actor, user: User) -> bool:
    """Whether the actor is the person whom the account belongs to, or a program that acts for the house."""
    return actor.is_program or (actor.kind == "person" and actor.id == user.public_id)
