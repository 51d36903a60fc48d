"""Who may change the rules that are kept here."""

from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.roles import MUNICIPAL
from allmende.organisations.rules import is_staff, speaks_for
from allmende.procurement.models import RuleSet

OWN = ("procurement_officer", "municipality_editor", "organisation_admin")


def may_keep_rules(actor: Actor) -> bool:
    """Propose, end and withdraw rules of EU, Bund and Länder: staff, and the program that loads the file."""
    return is_staff(actor)


def may_release(actor: Actor, rule_set: RuleSet) -> bool:
    """A second look: whoever entered a rule does not release it."""
    return is_staff(actor) and rule_set.entered_by != str(actor)


def may_keep_own(actor: Actor, organisation: Organisation) -> bool:
    """A town's own rules: its procurement, its digital team, its administration."""
    return (
        organisation.kind in MUNICIPAL
        and organisation.is_accredited
        and any(speaks_for(actor, organisation, role) for role in OWN)
    )


def may_end(actor: Actor, rule_set: RuleSet) -> bool:
    """End or withdraw: staff what holds for all, a town its own."""
    if rule_set.organisation is not None:
        return may_keep_own(actor, rule_set.organisation)
    return may_keep_rules(actor)
