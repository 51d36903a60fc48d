"""What the harvest has seen, for those who may see it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from allmende.federation.models import RawRecord, Run, Source
from allmende.federation.states import RUN
from allmende.lib.actors import Actor
from allmende.organisations.rules import is_staff


def sources(actor: Actor) -> QuerySet[Source]:
    """All sources for staff, none for others: a location may be a path on the server."""
    found = Source.objects.select_related("origin")
    return found if is_staff(actor) else found.none()


@dataclass(frozen=True)
class LastRun:
    """What everybody may know about the harvest of an origin: when it ended last and how, and when it comes again."""

    state: str
    label: str
    finished_at: datetime
    every_hours: int | None
    is_paused: bool


def last_runs() -> dict[int, LastRun]:
    """The last finished run by primary key of the origin; no location, no problem: they may name paths. One query."""
    finished = Run.objects.filter(source=OuterRef("pk"), finished_at__isnull=False).order_by(
        "-finished_at", "-pk"
    )
    rows = Source.objects.annotate(
        last_state=Subquery(finished.values("state")[:1]),
        last_at=Subquery(finished.values("finished_at")[:1]),
    ).filter(last_at__isnull=False)
    return {
        row.origin_id: LastRun(
            row.last_state, RUN.labels[row.last_state], row.last_at, row.every_hours, row.is_paused
        )
        for row in rows
    }


def runs(source: Source) -> QuerySet[Run]:
    """Runs of a source, the youngest first."""
    return source.runs.all()


def records(source: Source, actor: Actor) -> QuerySet[RawRecord]:
    """Records without their bytes; those kept back first."""
    found = RawRecord.objects.filter(source=source).defer("content").select_related("listing__solution")
    return found if is_staff(actor) else found.none()


def waiting(actor: Actor) -> QuerySet[RawRecord]:
    """Records that a person should look at, the longest waiting first: kept back or refused, of all sources, and
    changed since somebody looked."""
    unseen = Q(looked_at=None) | Q(looked_at__lt=F("changed_at"))
    found = kept_back(actor).filter(unseen)
    return found.order_by("changed_at", "pk")


def kept_back(actor: Actor) -> QuerySet[RawRecord]:
    """Records that are not published because of what is in them, whether somebody has looked or not."""
    found = RawRecord.objects.filter(decision__in=("quarantine", "refused"), missing_since=None)
    found = found.defer("content").select_related("source__origin", "listing__solution")
    found = found.order_by("source__code", "key")
    return found if is_staff(actor) else found.none()


def held_sources(actor: Actor) -> QuerySet[Source]:
    """Sources of which so much is missing at once that a person has to look, the longest waiting first; each with
    the time `held_since`."""
    held = sources(actor).filter(records__unseen_since__isnull=False)
    return held.annotate(held_since=Min("records__unseen_since")).order_by("held_since", "pk")


def held_records(source: Source, actor: Actor) -> QuerySet[RawRecord]:
    return records(source, actor).filter(unseen_since__isnull=False)


def sources_with_last_run(actor: Actor) -> QuerySet[Source]:
    """Sources, each with its last run in `last_runs` (a list of one, or none). Two queries."""
    newest = Run.objects.filter(source=OuterRef("source")).order_by("-started_at", "-pk").values("pk")[:1]
    last = Run.objects.filter(pk__in=Subquery(newest))
    return sources(actor).prefetch_related(Prefetch("runs", last, to_attr="last_runs"))


def record_by_address(public_id: str) -> RawRecord | None:
    """A record for whoever has its address, which cannot be guessed: its owner. Without its bytes."""
    return (
        RawRecord.objects.filter(public_id=public_id)
        .defer("content")
        .select_related("source__origin")
        .first()
    )
