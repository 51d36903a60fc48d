"""Who may read a case for an audit, and which cases somebody may read so."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from allmende.accounts.models import User
from allmende.exploration.models import AuditAccess, Case
from allmende.lib.actors import Actor
from allmende.organisations.queries import confirmed_addresses


def auditable_by(actor: Actor, now: datetime) -> QuerySet[AuditAccess]:
    """Accesses that hold now, given to a confirmed address of the actor; what ends first comes first."""
    person = (
        User.objects.filter(public_id=actor.id, is_active=True).first() if actor.kind == "person" else None
    )
    if person is None:
        return AuditAccess.objects.none()
    mine = AuditAccess.objects.filter(email__in=confirmed_addresses(person), ended_at=None)
    valid = mine.filter(until__gte=timezone.localdate(now)).exclude(case__state="erased")
    return valid.select_related("case__organisation").order_by("until", "pk")


def accesses_of(case: Case) -> QuerySet[AuditAccess]:
    """All that were ever given, the latest first."""
    return case.audit_accesses.order_by("-given_at", "-pk")
