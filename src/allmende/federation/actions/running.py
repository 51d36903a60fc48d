"""One harvest of a source, from the first byte to the report."""

import hashlib
import logging
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from allmende.catalogue.actions import mark_missing
from allmende.catalogue.models import Listing
from allmende.federation import rules
from allmende.federation.actions.recording import Reader, take_in
from allmende.federation.fetching import Conditions, Fetched, Limits, SourceProblem, fetch
from allmende.federation.models import RawRecord, Run, Source
from allmende.federation.states import RUN
from allmende.jobs.actions import LeaseLost, fenced
from allmende.journal.actions import gathered, record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require

log = logging.getLogger(__name__)

# A batch ends with whichever comes first; the last keeps the lease fresh while hosts are slow.
BATCH = 100
BATCH_BYTES = 8_000_000
BATCH_SECONDS = 30.0
# A run whose process died is over when this has passed without a sign of life. Longer than any single fetch.
LEASE = timedelta(minutes=5)
# More than this share of a source gone at once waits for a person; small sources may lose a few records freely.
SWEEP_SHARE = 5
SWEEP_AT_LEAST = 5
# So many of the records that were not reached are named in the report.
NAMED = 3


class _Superseded(Exception):
    """Another run has taken over; nothing more of this one may be written."""


@dataclass
class _Going:
    """A run while it goes."""

    row: Run
    reader: Reader
    limits: Limits
    by: Actor
    now: datetime
    began: float = field(default_factory=time.monotonic)
    # Eight bytes for a key: the memory of a run hardly grows by the keys it has seen.
    seen: "array[int]" = field(default_factory=lambda: array("Q"))
    unreached: list[str] = field(default_factory=list)

    def clock(self) -> datetime:
        """The time that has passed since `now`, which came from the edge."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)


def run(
    source: Source, *, by: Actor, now: datetime, limits: Limits | None = None, is_queued: bool = False
) -> Run:
    """Harvest a source and return the finished run, whose counts add up.

    A source that cannot be reached or is empty changes nothing: the run has failed and says why. Each record is taken
    in or kept back by itself. Only a run that has seen the whole source marks records missing. A run killed at any
    moment leaves whole batches behind; the next one does what is left. Refused while another run of the source is
    alive. `is_queued`: called by the job of the queue, of which there are never two at once.
    """
    require(rules.may_run(by))
    row = _begin(source, now=now, is_queued=is_queued)
    going = _Going(
        row=row,
        reader=Reader.of(source, today=timezone.localdate(now)),
        limits=limits or limits_from_settings(),
        by=by,
        now=now,
    )
    try:
        return _harvest(going)
    except (_Superseded, LeaseLost):
        log.warning("a run of %s was taken over by another", source.code)
        row.refresh_from_db()
        return row
    except Exception:
        _break_off(going, "failed", "Bei uns ist ein Fehler aufgetreten. Was übernommen ist, bleibt.")
        raise
    except BaseException:
        _break_off(going, "interrupted", "Der Abgleich wurde abgebrochen. Der nächste holt nach, was fehlt.")
        raise


def _harvest(going: _Going) -> Run:
    try:
        for batch in _batches(_records(going)):
            _too_many(going, batch)
            _take_batch(going, batch)
    except SourceProblem as problem:
        return _finish(going, "incomplete" if going.row.seen else "failed", problem.message)
    if going.row.seen == 0:
        return _finish(going, "failed", EMPTY)
    if going.row.unreached:
        state = "failed" if going.row.unreached == going.row.seen else "incomplete"
        return _finish(going, state, _unreached_problem(going))
    _sweep(going)
    return _finish(going, "complete", "")


EMPTY = "Die Quelle ist leer. Nichts wurde geändert. Prüfen Sie den Ort der Quelle."


def _records(going: _Going) -> Iterator[Fetched]:
    source, reader = going.row.source, going.reader
    return fetch(
        source.kind,
        source.location,
        wants=reader.wants,
        limits=going.limits,
        known=lambda key: _known(source, key, reader.version),
    )


def _unreached_problem(going: _Going) -> str:
    count = going.row.unreached
    named = " ".join(going.unreached)
    if count == going.row.seen:
        return f"Die Quelle ist nicht erreichbar. Nichts wurde geändert. {named}"
    return (
        f"{count} von {going.row.seen} Einträgen waren nicht erreichbar. "
        f"Fehlende werden erst nach einem vollständigen Abgleich vermerkt. {named}"
    )


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
    held = list(
        RawRecord.objects.select_for_update().filter(source=source, unseen_since__isnull=False).only("pk")
    )
    if not held:
        raise Refused("Es wartet nichts auf Ihre Prüfung.")
    _mark_gone(held, by=by, now=now)
    source.runs.exclude(missing_held=0).update(missing_held=0)
    record("federation.missing_accepted", subject=source, by=by, now=now, data={"missing": len(held)})
    return len(held)


def _begin(source: Source, *, now: datetime, is_queued: bool) -> Run:
    with fenced():
        Source.objects.select_for_update().get(pk=source.pk)
        for earlier in source.runs.filter(state="running"):
            if earlier.lease_until > now and not (is_queued and earlier.is_queued):
                raise Refused(f"Der Abgleich der Quelle „{source.code}“ läuft schon.")
            _end(
                earlier,
                "interrupted",
                "Der Abgleich wurde unterbrochen. Der nächste holt nach, was fehlt.",
                now,
            )
        return Run.objects.create(source=source, is_queued=is_queued, started_at=now, lease_until=now + LEASE)


def _end(current: Run, state: str, problem: str, now: datetime) -> None:
    RUN.require_move(current.state, state)
    current.state, current.problem, current.finished_at = state, problem, now
    current.save()


def _batches(records: Iterator[Fetched]) -> Iterator[list[Fetched]]:
    batch: list[Fetched] = []
    size, ends = 0, time.monotonic() + BATCH_SECONDS
    for fetched in records:
        batch.append(fetched)
        size += len(fetched.content or b"")
        if len(batch) >= BATCH or size >= BATCH_BYTES or time.monotonic() > ends:
            yield batch
            batch, size, ends = [], 0, time.monotonic() + BATCH_SECONDS
    if batch:
        yield batch


def _too_many(going: _Going, batch: Sequence[Fetched]) -> None:
    if going.row.seen + len(batch) > going.limits.max_records:
        raise SourceProblem(f"Die Quelle hat mehr als {going.limits.max_records} Einträge.")


def _known(source: Source, key: str, version: str) -> Conditions:
    """What the host told last time; nothing where our reader has learned since, so that the bytes come again."""
    found = RawRecord.objects.filter(source=source, key=key, reader=version).exclude(decision="refused")
    row = found.values("etag", "last_modified").first()
    return Conditions(**row) if row else Conditions()


def _take_batch(going: _Going, batch: Sequence[Fetched]) -> None:
    """One transaction a batch, one savepoint a record: a fault takes back its own record and nothing else."""
    current = going.row
    with fenced(), gathered():
        _still_mine(current)
        rows = {
            row.key: row
            for row in RawRecord.objects.filter(source=current.source, key__in=[each.key for each in batch])
            .defer("content", "findings")
            .select_related("listing__solution")
        }
        present = [each for each in batch if not (each.is_gone and _is_published(rows.get(each.key)))]
        outcomes = take_in(going.reader, present, rows, by=going.by, now=going.now)
        for outcome in outcomes:
            setattr(current, outcome, getattr(current, outcome) + 1)
        current.seen += len(present)
        current.lease_until = going.clock() + LEASE
        current.save()
    going.seen.extend(_mark(each.key) for each in present)
    for each, outcome in zip(present, outcomes, strict=True):
        if outcome == "unreached" and len(going.unreached) < NAMED:
            going.unreached.append(f"{each.key[:200]}: {each.problem}")


def _is_published(row: RawRecord | None) -> bool:
    """What a list still names and a host no longer has is missing where it was published, else a defect of the list."""
    return row is not None and row.listing_id is not None


def _still_mine(current: Run) -> None:
    if not Run.objects.select_for_update().filter(pk=current.pk, state="running").exists():
        raise _Superseded


def _mark(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def _sweep(going: _Going) -> None:
    """Mark what a complete run did not see; hold back where that would be too much at once."""
    current = going.row
    marks = array("Q", sorted(going.seen))
    present = RawRecord.objects.filter(source=current.source, missing_since=None)
    unseen = [pk for pk, key in present.values_list("pk", "key").iterator() if not _is_in(marks, _mark(key))]
    if not unseen:
        return
    if len(unseen) >= SWEEP_AT_LEAST and len(unseen) * SWEEP_SHARE > present.count():
        _hold(going, unseen)
        return
    for part in _parts(unseen):
        with fenced(), gathered():
            _still_mine(current)
            _mark_gone(list(present.filter(pk__in=part).only("pk")), by=going.by, now=going.now)
    current.missing = len(unseen)


def _hold(going: _Going, unseen: Sequence[int]) -> None:
    for part in _parts(unseen):
        waiting = RawRecord.objects.filter(pk__in=part, unseen_since=None)
        if waiting.exists():
            with fenced():
                waiting.update(unseen_since=going.now)
    going.row.missing_held = len(unseen)


def _is_in(marks: "array[int]", mark: int) -> bool:
    place = bisect_left(marks, mark)
    return place < len(marks) and marks[place] == mark


def _parts(keys: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _mark_gone(rows: Sequence[RawRecord], *, by: Actor, now: datetime) -> None:
    listings = list(Listing.objects.filter(records__in=rows))
    mark_missing(listings, by=by, now=now)
    RawRecord.objects.filter(pk__in=[row.pk for row in rows]).update(missing_since=now, unseen_since=None)


def _finish(going: _Going, state: str, problem: str) -> Run:
    current = going.row
    counts = {part: getattr(current, part) for part in (*Run.PARTS, "missing", "missing_held")}
    with fenced():
        _still_mine(current)
        _end(current, state, problem, going.clock())
        if current.new or current.changed or current.missing:
            record("federation.run_finished", subject=current.source, by=going.by, now=going.now, data=counts)
    log.info("harvest of %s: %s %s", current.source.code, state, counts)
    return current


def _break_off(going: _Going, state: str, problem: str) -> None:
    """Say what happened, if the database lets us; else the next run will, when the lease is over."""
    with suppress(DatabaseError, _Superseded), transaction.atomic():
        _still_mine(going.row)
        going.row.refresh_from_db()
        _end(going.row, state, problem, going.clock())
