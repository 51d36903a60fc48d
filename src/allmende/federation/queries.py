"""What the harvest has seen, for those who may see it."""

from django.db.models import QuerySet

from allmende.federation.models import RawRecord, Run, Source
from allmende.lib.actors import Actor
from allmende.organisations.rules import is_staff


def sources(actor: Actor) -> QuerySet[Source]:
    """All sources for staff, none for others: a location may be a path on the server."""
    found = Source.objects.select_related("origin")
    return found if is_staff(actor) else found.none()


def runs(source: Source) -> QuerySet[Run]:
    """Runs of a source, the youngest first."""
    return source.runs.all()


def records(source: Source, actor: Actor) -> QuerySet[RawRecord]:
    """Records without their bytes; those kept back first."""
    found = RawRecord.objects.filter(source=source).defer("content").select_related("listing__solution")
    return found if is_staff(actor) else found.none()


def waiting(actor: Actor) -> QuerySet[RawRecord]:
    """Records that a person should look at: kept back or refused, of all sources."""
    found = RawRecord.objects.filter(decision__in=("quarantine", "refused"), missing_since=None)
    found = found.defer("content").select_related("source").order_by("source__code", "key")
    return found if is_staff(actor) else found.none()
