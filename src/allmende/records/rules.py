"""Who may change the keys that documents are signed with."""

from allmende.lib.actors import Actor


def may_renew_keys(actor: Actor) -> bool:
    """Whoever runs the program on the server: the folder of keys lies there, and no page reaches it."""
    return actor.is_program
