"""What became of needs: for their towns, and counted for everybody."""

from datetime import date

from django.db.models import QuerySet

from allmende.demand.models import Need, Outcome
from allmende.lib.actors import Actor
from allmende.lib.periods import months_after

# A contract of some size takes about a year to follow up: market exploration, procedure, change of system.
TELL_MONTHS_BEFORE = 12


def outcome_of(need: Need) -> Outcome | None:
    """What became of it, None as long as nobody has said."""
    return Outcome.objects.filter(need=need).select_related("solution").first()


def without_outcome(actor: Actor) -> QuerySet[Need]:
    """Closed needs of the actor's organisations of which nobody has said what became of them, the oldest first."""
    own = {organisation for _, organisation in actor.roles if organisation is not None}
    rows = Need.objects.filter(organisation__public_id__in=own, state="closed", outcome=None)
    return rows.select_related("organisation").order_by("ended_at", "pk")


def to_ask(today: date) -> QuerySet[Outcome]:
    """Outcomes whose town is to be asked for its experience and has not been."""
    return Outcome.objects.filter(ask_on__lte=today, asked_at=None).order_by("pk")


def to_tell(today: date) -> QuerySet[Outcome]:
    """Outcomes whose contract ends within a year, as long as nobody was told and it has not ended."""
    until = months_after(today, TELL_MONTHS_BEFORE)
    rows = Outcome.objects.filter(contract_ends_on__range=(today, until), end_told_at=None)
    return rows.order_by("pk")
