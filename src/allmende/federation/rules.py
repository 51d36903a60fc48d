"""Who may do what with sources."""

from allmende.lib.actors import Actor


def may_manage_sources(actor: Actor) -> bool:
    return actor.is_program or actor.has("operator_admin")


def may_run(actor: Actor) -> bool:
    return may_manage_sources(actor) or actor.has("catalogue_editor")
