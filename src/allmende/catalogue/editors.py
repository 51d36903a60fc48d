"""Who keeps the offers of an organisation: roles that act for it, as plain data."""

from allmende.lib.actors import Actor

# Any of these, held in an organisation, may prepare and change what it offers.
EDITORS = ("provider_editor", "municipality_editor", "organisation_admin")


def edited_by(actor: Actor) -> list[str]:
    """Public ids of the organisations for which the actor may prepare offers."""
    return sorted({organisation for role, organisation in actor.roles if role in EDITORS and organisation})


def decided_by_others(actor: Actor) -> list[str]:
    """Public ids of the organisations about whose submissions the actor does not decide (`rules.may_look_after`)."""
    return sorted({*edited_by(actor), *actor.resting})
