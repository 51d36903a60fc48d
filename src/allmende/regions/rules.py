"""Who may change the register and decide about successions."""

from allmende.lib.actors import Actor


def may_import(by: Actor) -> bool:
    """Whoever runs this Allmende, and the command line."""
    return by.is_program or by.has("operator_admin")


def may_decide_succession(by: Actor) -> bool:
    """A person who runs this Allmende: nothing is confirmed by itself."""
    return by.kind == "person" and by.has("operator_admin")


def may_set_size_class(by: Actor) -> bool:
    """A person who runs this Allmende; programs hand types in with an edition."""
    return by.kind == "person" and by.has("operator_admin")
