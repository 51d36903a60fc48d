"""Who may do what with the journal. Nobody alters an entry; what a person typed beside it can go."""

from allmende.lib.actors import Actor


def may_erase_words(actor: Actor) -> bool:
    return actor.is_program or actor.has("operator_admin")
