"""Who may do what with the house itself."""

from allmende.lib.actors import Actor


def may_operate(actor: Actor) -> bool:
    """Whoever runs the platform; commands of the machine act as a program."""
    return actor.is_program or actor.has("operator_admin")
