"""What the desk of the staff counts of organisations, for its list of queues."""

from datetime import UTC, datetime

from django.db.models import Case, F, QuerySet, When

from allmende.lib.actors import Actor
from allmende.organisations.models import Claim, OrganisationMerge
from allmende.organisations.queries import claims_to_check, domains_to_check, merges_to_decide
from allmende.web.organisations.views import post


def waiting_claims(actor: Actor) -> int:
    return claims_to_check(datetime.now(UTC)).count()


def claims_waiting(actor: Actor) -> QuerySet[Claim]:
    """Each with the time `waits_since`: a letter that nobody answered waits for the staff from its last day on."""
    since = Case(When(state="code_sent", then=F("expires_at")), default=F("made_at"))
    return claims_to_check(datetime.now(UTC)).annotate(waits_since=since)


def waiting_domains(actor: Actor) -> int:
    return domains_to_check().count()


def waiting_merges(actor: Actor) -> int:
    return merges_waiting(actor).count()


def merges_waiting(actor: Actor) -> QuerySet[OrganisationMerge]:
    """What somebody else has proposed; staff of one of the two organisations sees it and does not decide."""
    mine = [place for _, place in actor.roles if place]
    others = merges_to_decide().exclude(proposed_by=str(actor))
    return others.exclude(source__public_id__in=mine).exclude(target__public_id__in=mine)


def waiting_post(actor: Actor) -> int:
    return post.waiting(datetime.now(UTC))
