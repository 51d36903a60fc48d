"""Bring an edition of the register in."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.regions import levels, queries, rules, succession_proposals, table
from allmende.regions.actions import rows, successions
from allmende.regions.comparison import Comparison, Facts, compare
from allmende.regions.drafts import RegisterDraft, SuccessionDraft
from allmende.regions.models import Region, RegisterEdition
from allmende.regions.reports import ImportReport, report_of

# In the years of the largest reforms a few in a hundred vanished. More at once is rather a broken file.
MANY_VANISHED_SHARE = 0.1
MANY_VANISHED_AT_LEAST = 20


@transaction.atomic
def import_register(
    edition: RegisterDraft,
    *,
    by: Actor,
    now: datetime.datetime,
    changes: Sequence[SuccessionDraft] = (),
    dry_run: bool = False,
    accept_many_vanished: bool = False,
) -> ImportReport:
    """Compare with what is valid and write the difference; a second time writes nothing.

    What vanished is ended, never deleted. `changes` are official: they are recorded as confirmed. For what vanished
    without them, successions are proposed. Raises `Refused` for an older edition than the present one, for an edition
    with errors, and where a tenth of all Gemeinden would vanish (unless accepted).
    """
    require(rules.may_import(by))
    _require_readable(edition)
    _require_not_older(edition)
    known = queries.known_facts()
    comparison = compare(known, edition)
    if not accept_many_vanished:
        _require_few_vanished(known, comparison)
    explained = {draft.predecessor_key for draft in changes}
    proposals = tuple(
        draft
        for draft in succession_proposals.propose(known, comparison)
        if draft.predecessor_key not in explained
    )
    if dry_run:
        return report_of(edition, comparison, known, proposals=proposals)
    wrote = _write(edition, comparison, known, changes, by=by, now=now)
    confirmed, findings = successions.take_official(changes, by=by, now=now)
    successions.keep_proposals(proposals)
    if wrote or confirmed:
        _journal(edition, comparison, confirmed, by=by, now=now)
    return report_of(
        edition,
        comparison,
        known,
        findings=findings,
        proposals=proposals,
        confirmed=confirmed,
        wrote=bool(wrote or confirmed),
    )


def load_own_table(
    *, by: Actor, now: datetime.datetime, folder: Path = table.OWN_TABLE
) -> ImportReport | None:
    """Bring in the table that comes with the project; None where it, or something newer, is in force already."""
    present = queries.present_edition()
    if present is not None:
        if RegisterEdition.objects.filter(digest=table.digest_of(folder)).exists():
            return None
        if table.as_of(folder) < present.as_of:
            return None
    return import_register(table.read(folder), by=by, now=now)


def _require_readable(edition: RegisterDraft) -> None:
    errors = edition.errors
    if errors:
        shown = " ".join(str(error) for error in errors[:5])
        more = f" (und {len(errors) - 5} weitere)" if len(errors) > 5 else ""
        raise Refused(f"Nichts wurde übernommen, denn die Datei hat Fehler: {shown}{more}")


def _require_not_older(edition: RegisterDraft) -> None:
    present = queries.present_edition()
    if present is not None and edition.as_of < present.as_of:
        raise Refused(
            f"Die Datei hat den Gebietsstand {edition.as_of:%d.%m.%Y}; eingelesen ist schon der vom "
            f"{present.as_of:%d.%m.%Y}. Ein älterer Stand wird nicht übernommen."
        )


def _require_few_vanished(known: Mapping[str, Facts], comparison: Comparison) -> None:
    gone = sum(facts.level == levels.GEMEINDE for facts in comparison.vanished)
    before = sum(facts.level == levels.GEMEINDE for facts in known.values())
    if gone >= MANY_VANISHED_AT_LEAST and gone > before * MANY_VANISHED_SHARE:
        raise Refused(
            f"{gone} von {before} Gemeinden kommen in der Datei nicht mehr vor. Ist sie vollständig? "
            "Wenn ja, wiederholen Sie den Befehl mit „--accept-many“."
        )


def _write(
    edition: RegisterDraft,
    comparison: Comparison,
    known: Mapping[str, Facts],
    changes: Sequence[SuccessionDraft],
    *,
    by: Actor,
    now: datetime.datetime,
) -> bool:
    present = queries.present_edition()
    if comparison.changes_nothing and present is not None and present.as_of == edition.as_of:
        return False
    began = {draft.successor_key: draft.on for draft in changes if draft.on}
    # Of what the first edition brings, nobody knows since when it is.
    first_seen = edition.as_of if known else None
    ids: dict[str, int] = dict(Region.objects.filter(valid_to=None).values_list("key", "pk"))
    rows.create(
        comparison.new, ids, valid_from={one.key: began.get(one.key, first_seen) for one in comparison.new}
    )
    rows.update(comparison.changed, ids)
    _end(comparison.vanished, edition.as_of, {draft.predecessor_key: draft.on for draft in changes})
    RegisterEdition.objects.create(
        as_of=edition.as_of,
        population_as_of=edition.population_as_of,
        source=edition.source,
        digest=edition.digest,
        attribution=edition.attribution,
        imported_at=now,
        imported_by=str(by),
        new=len(comparison.new),
        changed=len(comparison.changed),
        unchanged=comparison.unchanged,
        vanished=len(comparison.vanished),
        left_out=sum(edition.left_out.values()),
    )
    return True


def _end(vanished: Sequence[Facts], as_of: datetime.date, days: Mapping[str, datetime.date | None]) -> None:
    keys = [facts.key for facts in vanished]
    ended = list(Region.objects.filter(valid_to=None, key__in=keys))
    for region in ended:
        day = days.get(region.key) or as_of
        # Seen in one edition and gone in a corrected one of the same date: it was valid for that day.
        if region.valid_from is not None and day <= region.valid_from:
            day = region.valid_from + datetime.timedelta(days=1)
        region.valid_to = day
    Region.objects.bulk_update(ended, ["valid_to"], batch_size=rows.BATCH)


def _journal(
    edition: RegisterDraft, comparison: Comparison, confirmed: int, *, by: Actor, now: datetime.datetime
) -> None:
    present = queries.present_edition()
    assert present is not None  # noqa: S101  (just written, or there before)
    record(
        "regions.imported",
        subject=present,
        by=by,
        now=now,
        data={
            "as_of": edition.as_of,
            "new": len(comparison.new),
            "changed": len(comparison.changed),
            "vanished": len(comparison.vanished),
            "successions": confirmed,
        },
    )
