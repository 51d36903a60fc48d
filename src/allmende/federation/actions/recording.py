"""What becomes of one fetched record."""

import dataclasses
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any, Literal

from django.db import transaction

from allmende.catalogue.actions import mark_seen, receive
from allmende.catalogue.drafts import Finding, Reading
from allmende.federation.fetching import Fetched
from allmende.federation.formats.base import Context, Format
from allmende.federation.formats.registry import FORMATS
from allmende.federation.models import RawRecord, Source
from allmende.lib.actors import Actor
from allmende.lib.canonical import digest
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import crosswalk

log = logging.getLogger(__name__)

Outcome = Literal["new", "changed", "same", "unreadable", "refused", "left_out", "unreached"]

# Beyond this, a record's owner is helped by the first findings and not by the rest.
MOST_FINDINGS = 200


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
            return _kept_back("Beim Lesen ist bei uns ein Fehler aufgetreten. Der Betrieb ist informiert.")


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
    values: dict[str, Any] = {
        field: tuple(value) if isinstance(value, list) else value for field, value in additions.items()
    }
    return dataclasses.replace(reading, draft=dataclasses.replace(reading.draft, **values))


def take_in(
    reader: Reader, fetched: Fetched, known: RawRecord | None, *, by: Actor, now: datetime
) -> Outcome:
    """Keep one record and hand its draft to the catalogue; says what became of it.

    Not reached: nothing changes. The same bytes, read the same way: nothing is written.
    """
    if fetched.is_unchanged and known:
        _seen_again(known, by=by, now=now)
        return _outcome_of_same(known)
    if fetched.content is None and not fetched.is_defect:
        return "unreached"
    fingerprint = hashlib.sha256(fetched.content or fetched.problem.encode()).hexdigest()
    if known and known.digest == fingerprint and known.reader == reader.version:
        _seen_again(known, by=by, now=now)
        return _outcome_of_same(known)
    reading = reader.read(fetched)
    row = known or RawRecord(source=reader.source, key=fetched.key, first_seen_at=now)
    bytes_changed = row.digest != fingerprint
    _fill(row, fetched, reading, fingerprint, reader.version, now)
    outcome = _hand_on(reader, row, reading, by=by, now=now)
    row.save()
    if outcome == "same" and bytes_changed and known:
        return "changed"
    return outcome


def _seen_again(known: RawRecord, *, by: Actor, now: datetime) -> None:
    if known.missing_since or known.unseen_since:
        RawRecord.objects.filter(pk=known.pk).update(missing_since=None, unseen_since=None)
        if known.listing:
            mark_seen([known.listing], by=by, now=now)


# A record that is kept back is counted as kept back in every run, not only in the first.
_OUTCOME_KEPT: dict[str, Outcome] = {
    "quarantine": "unreadable",
    "leave_out": "left_out",
    "refused": "refused",
}


def _outcome_of_same(known: RawRecord) -> Outcome:
    return _OUTCOME_KEPT.get(known.decision, "same")


def _fill(
    row: RawRecord, fetched: Fetched, reading: Reading, fingerprint: str, version: str, now: datetime
) -> None:
    row.digest, row.reader, row.changed_at = fingerprint, version, now
    row.content, row.size = fetched.content, len(fetched.content or b"")
    row.etag, row.last_modified = fetched.etag, fetched.last_modified
    row.decision, row.reasons = reading.decision, list(reading.reasons)
    row.findings = [dataclasses.asdict(each) for each in reading.findings[:MOST_FINDINGS]]
    row.standard_valid, row.standard_version = reading.standard_valid, reading.standard_version or ""
    row.missing_since = row.unseen_since = None


def _hand_on(reader: Reader, row: RawRecord, reading: Reading, *, by: Actor, now: datetime) -> Outcome:
    """What is already published stays as it was where the record is now kept back or refused."""
    if reading.draft is None:
        if row.listing:
            mark_seen([row.listing], by=by, now=now)
        return _OUTCOME_KEPT[reading.decision]
    try:
        with transaction.atomic():
            received = receive(
                reading.draft,
                origin=reader.source.origin,
                key=row.key,
                by=by,
                now=now,
                record_url=reading.record_url or "",
                record_licence=reading.record_licence or reader.source.origin.licence,
            )
    except Refused as refusal:
        row.decision, row.reasons = "refused", [refusal.message]
        return "refused"
    row.listing = received.listing
    return received.outcome
