"""One harvest of a source, from the first byte to the report."""

import hashlib
import logging
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from allmende.catalogue.actions import mark_missing
from allmende.catalogue.models import Listing
from allmende.federation import rules
from allmende.federation.actions.recording import Reader, take_in
from allmende.federation.fetching import Conditions, Fetched, Limits, SourceProblem, fetch
from allmende.federation.models import RawRecord, Run, Source
from allmende.federation.states import RUN
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require

log = logging.getLogger(__name__)

BATCH = 100
# A run whose process died is over when this has passed without a sign of life.
LEASE = timedelta(minutes=5)
# More than this share of a source gone at once waits for a person; small sources may lose a few records freely.
SWEEP_SHARE = 5
SWEEP_AT_LEAST = 5


def run(source: Source, *, by: Actor, now: datetime, limits: Limits | None = None) -> Run:
    """Harvest a source and return the finished run, whose counts add up.

    A source that cannot be reached changes nothing: the run has failed and says why. Each record is taken in or
    kept back by itself. Only a run that has seen the whole source marks records missing. A run killed at any moment
    leaves whole batches behind; the next one does what is left. Refused while another run of the source is alive.
    """
    require(rules.may_run(by))
    current = _begin(source, now=now)
    limits = limits or limits_from_settings()
    reader = Reader.of(source, today=timezone.localdate(now))
    seen = array("Q")
    try:
        records = fetch(
            source.kind,
            source.location,
            wants=reader.wants,
            limits=limits,
            known=lambda key: _known(source, key),
        )
        for batch in _batches(records):
            _too_many(current, batch, limits)
            seen.extend(_mark(fetched.key) for fetched in batch)
            _take_batch(current, reader, batch, by=by, now=now)
    except SourceProblem as problem:
        return _finish(current, "incomplete" if current.seen else "failed", problem.message, by=by, now=now)
    if current.seen == 0 and source.records.exists():
        return _finish(
            current,
            "failed",
            "Die Quelle ist leer. Nichts wurde geändert. Prüfen Sie den Ort der Quelle.",
            by=by,
            now=now,
        )
    if current.unreached:
        problem_text = (
            f"{current.unreached} Einträge waren nicht erreichbar. "
            "Fehlende werden erst nach einem vollständigen Abgleich vermerkt."
        )
        return _finish(current, "incomplete", problem_text, by=by, now=now)
    _sweep(current, seen, by=by, now=now)
    return _finish(current, "complete", "", by=by, now=now)


def limits_from_settings() -> Limits:
    return Limits(
        max_bytes=settings.HARVEST_MAX_BYTES,
        seconds=settings.HARVEST_TIMEOUT_SECONDS,
        private_hosts=tuple(settings.HARVEST_ALLOWED_PRIVATE_HOSTS),
    )


@transaction.atomic
def accept_missing(source: Source, *, by: Actor, now: datetime) -> int:
    """A person has looked: what a run held back as missing is gone from the source. Returns how many records."""
    require(rules.may_run(by))
    held = list(RawRecord.objects.select_for_update().filter(source=source, unseen_since__isnull=False))
    if not held:
        raise Refused("Es wartet nichts auf Ihre Prüfung.")
    _mark_gone(held, by=by, now=now)
    source.runs.exclude(missing_held=0).update(missing_held=0)
    record("federation.missing_accepted", subject=source, by=by, now=now, data={"missing": len(held)})
    return len(held)


def _begin(source: Source, *, now: datetime) -> Run:
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        for earlier in source.runs.filter(state="running"):
            if earlier.lease_until > now:
                raise Refused(f"Der Abgleich der Quelle „{source.code}“ läuft schon.")
            _end(
                earlier,
                "interrupted",
                "Der Abgleich wurde unterbrochen. Der nächste holt nach, was fehlt.",
                now,
            )
        return Run.objects.create(source=source, started_at=now, lease_until=now + LEASE)


def _end(current: Run, state: str, problem: str, now: datetime) -> None:
    RUN.require_move(current.state, state)
    current.state, current.problem, current.finished_at = state, problem, now
    current.save()


def _batches(records: Iterator[Fetched]) -> Iterator[list[Fetched]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _too_many(current: Run, batch: Sequence[Fetched], limits: Limits) -> None:
    if current.seen + len(batch) > limits.max_records:
        raise SourceProblem(f"Die Quelle hat mehr als {limits.max_records} Einträge.")


def _known(source: Source, key: str) -> Conditions:
    row = RawRecord.objects.filter(source=source, key=key).values("etag", "last_modified").first()
    return Conditions(**row) if row else Conditions()


def _take_batch(current: Run, reader: Reader, batch: Sequence[Fetched], *, by: Actor, now: datetime) -> None:
    """One transaction a batch, one savepoint a record: a fault takes back its own record and nothing else."""
    with transaction.atomic():
        rows = {
            row.key: row
            for row in RawRecord.objects.filter(source=current.source, key__in=[each.key for each in batch])
            .defer("content", "findings", "reasons")
            .select_related("listing")
        }
        for fetched in batch:
            outcome = take_in(reader, fetched, rows.get(fetched.key), by=by, now=now)
            setattr(current, outcome, getattr(current, outcome) + 1)
        current.seen += len(batch)
        # The lease lives by the clock on the wall, not by the day the run is for.
        current.lease_until = datetime.now(UTC) + LEASE
        current.save()


def _mark(key: str) -> int:
    """Eight bytes for a key: the memory of a run does not grow by the keys it has seen."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def _sweep(current: Run, seen: "array[int]", *, by: Actor, now: datetime) -> None:
    """Mark what a complete run did not see; hold back where that would be too much at once."""
    marks = array("Q", sorted(seen))
    present = RawRecord.objects.filter(source=current.source, missing_since=None)
    unseen = [pk for pk, key in present.values_list("pk", "key").iterator() if not _is_in(marks, _mark(key))]
    if not unseen:
        return
    if len(unseen) >= SWEEP_AT_LEAST and len(unseen) * SWEEP_SHARE > present.count():
        for part in _parts(unseen):
            present.filter(pk__in=part, unseen_since=None).update(unseen_since=now)
        current.missing_held = len(unseen)
        return
    for part in _parts(unseen):
        with transaction.atomic():
            _mark_gone(list(present.filter(pk__in=part)), by=by, now=now)
    current.missing = len(unseen)


def _is_in(marks: "array[int]", mark: int) -> bool:
    place = bisect_left(marks, mark)
    return place < len(marks) and marks[place] == mark


def _parts(keys: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _mark_gone(rows: Sequence[RawRecord], *, by: Actor, now: datetime) -> None:
    listings = list(Listing.objects.filter(records__in=rows))
    mark_missing(listings, by=by, now=now)
    RawRecord.objects.filter(pk__in=[row.pk for row in rows]).update(missing_since=now, unseen_since=None)


def _finish(current: Run, state: str, problem: str, *, by: Actor, now: datetime) -> Run:
    with transaction.atomic():
        _end(current, state, problem, datetime.now(UTC))
        counts = {part: getattr(current, part) for part in (*Run.PARTS, "missing", "missing_held")}
        if current.new or current.changed or current.missing:
            record("federation.run_finished", subject=current.source, by=by, now=now, data=counts)
    log.info("harvest of %s: %s %s", current.source.code, state, counts)
    return current
