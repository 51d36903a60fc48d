"""What becomes of fetched records."""

import dataclasses
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any, Literal

from django.db import InterfaceError, OperationalError, transaction

from allmende.catalogue.actions import Beforehand, look_ahead, mark_seen, receive
from allmende.catalogue.drafts import ClaimedUseDraft, Finding, FundingDraft, LinkDraft, Reading
from allmende.federation.fetching import Fetched
from allmende.federation.formats.base import Context, Format
from allmende.federation.formats.registry import FORMATS
from allmende.federation.models import RawRecord, Source
from allmende.jobs.actions import LeaseLost
from allmende.journal.actions import gathered
from allmende.lib.actors import Actor
from allmende.lib.canonical import digest
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import crosswalk

log = logging.getLogger(__name__)

Outcome = Literal["new", "changed", "same", "unreadable", "refused", "left_out", "unreached"]

# Beyond this, a record's owner is helped by the first findings and not by the rest.
MOST_FINDINGS = 200
LONGEST_MESSAGE = 2_000

OUR_FAULT = "Beim Lesen ist bei uns ein Fehler aufgetreten. Der Betrieb ist informiert."


@dataclass(frozen=True)
class Reader:
    """A source's format with all it needs to know, ready for many records."""

    source: Source
    format: Format
    context: Context
    version: str
    """Changes where the same bytes may read differently: another format, profile or crosswalk."""

    @classmethod
    def of(cls, source: Source, *, today: date) -> "Reader":
        chosen = FORMATS[source.format]
        mapping = crosswalk()
        context = Context(today=today, crosswalk=mapping, profile=source.profile)
        knowledge = digest([source.profile, mapping])[:12]
        return cls(source, chosen, context, f"{chosen.code}/{chosen.version}/{knowledge}")

    def wants(self, path: str) -> bool:
        """The profile's own `files` come first: not every catalogue names its files as the format would."""
        patterns = self.source.profile.get("files")
        if patterns:
            return any(fnmatchcase(path, pattern) for pattern in patterns)
        return self.format.wants(path, self.context)

    def read(self, fetched: Fetched) -> Reading:
        """Never raises: a defect of a reader must not end the harvest, and is told to us by the log."""
        if fetched.content is None:
            return _kept_back(fetched.problem)
        try:
            reading = self.format.read(fetched.content, path=fetched.key, context=self.context)
            return with_additions(reading, self.source.profile.get("additions", {}).get(fetched.key, {}))
        except Exception:  # whatever a reader does wrong, the run goes on
            log.exception("reader %s failed on %s of %s", self.version, fetched.key, self.source.code)
            return _kept_back(OUR_FAULT)


def _kept_back(reason: str) -> Reading:
    return Reading(
        decision="quarantine",
        reasons=(reason,),
        findings=(Finding(severity="error", key="", message=reason),),
    )


def with_additions(reading: Reading, additions: Mapping[str, Any]) -> Reading:
    """Add what the source's operator knows of a record and its format has no place for, such as our own terms.

    `additions` maps fields of `SolutionDraft` to values; it comes from the source's profile under the record's key.
    """
    if reading.draft is None or not additions:
        return reading
    values = {field: _draft_value(field, value) for field, value in additions.items()}
    return dataclasses.replace(reading, draft=dataclasses.replace(reading.draft, **values))


# Lists of tables in a profile, and what they are in a draft.
_TABLES: dict[str, type] = {"links": LinkDraft, "funding": FundingDraft, "claimed_uses": ClaimedUseDraft}


def _draft_value(field: str, value: Any) -> Any:
    if field in _TABLES:
        return tuple(_TABLES[field](**row) for row in value)
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class _Read:
    """A record that is not as it was, and what its reader makes of it."""

    fetched: Fetched
    fingerprint: str
    reading: Reading


def take_in(
    reader: Reader,
    batch: Sequence[Fetched],
    known: Mapping[str, RawRecord],
    *,
    by: Actor,
    now: datetime,
) -> list[Outcome]:
    """Keep records and hand their drafts to the catalogue; says for each what became of it.

    `known` holds those seen before, by key. Not reached: nothing changes. The same bytes, read the same way: nothing
    is written. A draft that the gate has refused is handed in again each time, for the gate may have learned.
    """
    looked_at = [_look_at(reader, fetched, known.get(fetched.key), by=by, now=now) for fetched in batch]
    handed_in = [each.fetched.key for each in looked_at if isinstance(each, _Read) and each.reading.draft]
    beforehand = look_ahead(reader.source.origin, handed_in) if handed_in else None
    return [
        _take_one(reader, each, known.get(each.fetched.key), beforehand, by=by, now=now)
        if isinstance(each, _Read)
        else each
        for each in looked_at
    ]


def _look_at(
    reader: Reader, fetched: Fetched, known: RawRecord | None, *, by: Actor, now: datetime
) -> Outcome | _Read:
    if fetched.content is None and not fetched.is_defect and not (fetched.is_unchanged and known):
        return "unreached"
    if known and known.listing and known.listing.solution.state == "erased":
        # What law obliged to erase is not even kept as raw bytes again.
        return "refused"
    fingerprint = "" if fetched.is_unchanged else _fingerprint(fetched)
    if known and (fetched.is_unchanged or (known.digest, known.reader) == (fingerprint, reader.version)):
        _seen_again(known, by=by, now=now)
        if known.decision != "refused" or fetched.content is None:
            return _outcome_of_same(known)
    return _Read(fetched, fingerprint, reader.read(fetched))


def _fingerprint(fetched: Fetched) -> str:
    return hashlib.sha256(
        fetched.problem.encode() if fetched.content is None else fetched.content
    ).hexdigest()


def _take_one(
    reader: Reader,
    read: _Read,
    known: RawRecord | None,
    beforehand: Beforehand | None,
    *,
    by: Actor,
    now: datetime,
) -> Outcome:
    row = known or RawRecord(source=reader.source, key=read.fetched.key, first_seen_at=now)
    before = (row.digest, row.reader, row.decision, row.reasons)
    _fill(row, read, reader.version, now)
    outcome = _hand_on(reader, row, read.reading, beforehand, by=by, now=now)
    if known is None or before != (row.digest, row.reader, row.decision, row.reasons):
        row.save()
    is_changed = known is not None and before[0] != row.digest
    return "changed" if outcome == "same" and is_changed else outcome


def _seen_again(known: RawRecord, *, by: Actor, now: datetime) -> None:
    if known.missing_since or known.unseen_since:
        RawRecord.objects.filter(pk=known.pk).update(missing_since=None, unseen_since=None)
        known.missing_since = known.unseen_since = None
    _names_again(known, by=by, now=now)


def _names_again(row: RawRecord, *, by: Actor, now: datetime) -> None:
    if row.listing and row.listing.missing_since:
        mark_seen([row.listing], by=by, now=now)


# A record that is kept back is counted as kept back in every run, not only in the first.
_OUTCOME_KEPT: dict[str, Outcome] = {
    "quarantine": "unreadable",
    "leave_out": "left_out",
    "refused": "refused",
}


def _outcome_of_same(known: RawRecord) -> Outcome:
    return _OUTCOME_KEPT.get(known.decision, "same")


def _fill(row: RawRecord, read: _Read, version: str, now: datetime) -> None:
    fetched, reading = read.fetched, read.reading
    row.digest, row.reader, row.changed_at = read.fingerprint, version, now
    row.content, row.size = fetched.content, len(fetched.content or b"")
    row.etag, row.last_modified = fetched.etag, fetched.last_modified
    row.decision, row.reasons = reading.decision, [_storable(each) for each in reading.reasons]
    row.findings = [_plain(each) for each in reading.findings[:MOST_FINDINGS]]
    row.standard_valid, row.standard_version = reading.standard_valid, (reading.standard_version or "")[:20]
    row.missing_since = row.unseen_since = None


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "key": _storable(finding.key),
        "message": _storable(finding.message),
        "line": finding.line,
        "column": finding.column,
    }


def _storable(text: str) -> str:
    """PostgreSQL takes neither NUL nor halves of letters, and a message may quote the file."""
    return text[:LONGEST_MESSAGE].replace("\x00", "").encode("utf-8", "replace").decode()


def _hand_on(
    reader: Reader,
    row: RawRecord,
    reading: Reading,
    beforehand: Beforehand | None,
    *,
    by: Actor,
    now: datetime,
) -> Outcome:
    """What is already published stays as it was where the record is now kept back or refused."""
    if reading.draft is None:
        _names_again(row, by=by, now=now)
        return _OUTCOME_KEPT[reading.decision]
    try:
        with transaction.atomic(), gathered():
            received = receive(
                reading.draft,
                origin=reader.source.origin,
                key=row.key,
                by=by,
                now=now,
                record_url=reading.record_url or "",
                record_licence=reading.record_licence or reader.source.origin.licence,
                beforehand=beforehand,
            )
    except Refused as refusal:
        return _refused(row, refusal.message, by=by, now=now)
    except (OperationalError, InterfaceError, LeaseLost):
        raise  # the database is away: that says nothing about the record
    except Exception:  # whatever one record does to us, the others are taken in
        log.exception("record %s of %s could not be taken in", row.key, reader.source.code)
        return _refused(row, OUR_FAULT.replace("Lesen", "Übernehmen"), by=by, now=now)
    row.listing = received.listing
    return received.outcome


def _refused(row: RawRecord, reason: str, *, by: Actor, now: datetime) -> Outcome:
    row.decision, row.reasons = "refused", [_storable(reason)]
    _names_again(row, by=by, now=now)
    return "refused"
