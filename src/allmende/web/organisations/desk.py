"""What the desk of the staff counts of organisations, for its list of queues."""

from datetime import UTC, datetime

from allmende.lib.actors import Actor
from allmende.organisations.queries import claims_to_check, domains_to_check


def waiting_claims(actor: Actor) -> int:
    return claims_to_check(datetime.now(UTC)).count()


def waiting_domains(actor: Actor) -> int:
    return domains_to_check().count()
