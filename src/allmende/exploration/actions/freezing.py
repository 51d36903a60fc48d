"""Approve a case: a second person freezes it, and from then on nothing of it changes. And its end, years later."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from allmende.exploration import rules
from allmende.exploration.actions.cases import expect_version, locked, move, note
from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.models.frozen import erasing
from allmende.exploration.queries.cases import declarations_of, unsettled_conflicts, without_declaration
from allmende.exploration.queries.told import entries_about
from allmende.exploration.record.content import SCHEMA_VERSION, content_of
from allmende.exploration.states import CASE
from allmende.files.actions import remove_about
from allmende.journal.actions import erase_words, gathered
from allmende.journal.queries import words_of
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json
from allmende.lib.periods import months_after
from allmende.lib.refusals import Refused, require
from allmende.records import keys

KEPT_MONTHS = 36
"""§ 8 Absatz 4 VgV: until the contract ends, at least three years from the award."""
MAY_NOT_APPROVE = "Freigeben kann, wer dafür beteiligt ist, und nie, wer den Fall führt oder vorgelegt hat."


@transaction.atomic
def approve(case: Case, *, lock_version: int, by: Actor, now: datetime) -> FrozenRecord:
    """Freeze a case that was handed in. All in one transaction: content, hash, signature, state and journal.

    Raises `Refused` for whoever leads or submitted it, before it is handed in, and while somebody who decides has not
    declared their interests; `OutOfDate` where it was changed since it was read.
    """
    case = locked(case)
    require(rules.may_approve(by, case), MAY_NOT_APPROVE)
    CASE.require_move(case.state, "frozen")
    expect_version(case, lock_version)
    _require_declarations(case, by)
    # A clock that was set back does not freeze a case before it was changed.
    at = max(now, case.changed_at)
    text = canonical_json(content_of(case, approved_by=by.id, now=at))
    signer = keys.signer(now=now)
    record = FrozenRecord.objects.create(
        case=case,
        schema_version=SCHEMA_VERSION,
        content=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        frozen_at=at,
        approved_by=by.id,
        signature=signer.sign(text),
        key=signer.name,
        keep_until=months_after(timezone.localdate(at), KEPT_MONTHS),
    )
    case = move(case, at, "frozen", ended_at=at)
    note("exploration.case_frozen", case, by=by, now=at, record=record.public_id, digest=record.digest)
    return record


def _require_declarations(case: Case, by: Actor) -> None:
    if by.id not in declarations_of(case):
        raise Refused(
            "Erklären Sie zuerst, ob eigene Interessen berührt sind (Schritt 2). Danach können Sie freigeben."
        )
    if missing := without_declaration(case):
        raise Refused(f"Es fehlen noch {len(missing)} Erklärungen zu Interessenkonflikten (Schritt 2).")
    if unsettled_conflicts(case):
        raise Refused("Zu einem Interessenkonflikt steht noch nicht, was daraus folgt (Schritt 2).")


@transaction.atomic
def erase_case(case: Case, *, reason: str, by: Actor, now: datetime) -> Case:
    """Erase what a case holds, after its retention: parts, files, content of the record, the title, and what people
    typed for its journal. The hash stays, and that there was a case. Only the disposal of what is over calls this,
    which asks whether it may.
    """
    case = locked(case)
    CASE.require_move(case.state, "erased")
    with erasing():
        for each in PARTS:
            getattr(case, each).all().delete()
        if hasattr(case, "procedure"):
            case.procedure.delete()
        case.audit_accesses.all().delete()
        remove_about((case.journal_type, case.public_id), by=by, now=now)
        FrozenRecord.objects.filter(case=case).update(content=None, erased_at=now)
        case.title = case.reference = case.department = case.returned_reason = case.stopped_reason = ""
        case.state, case.changed_at = "erased", max(now, case.changed_at)
        case.save()
    _erase_typed(case, by=by, now=now)
    note("exploration.case_erased", case, by=by, now=now, words={"reason": reason})
    return case


def _erase_typed(case: Case, *, by: Actor, now: datetime) -> None:
    """Reasons, minutes before they were corrected, words of searches: the journal keeps their hashes alone."""
    entries = {each.pk: each for each in entries_about(case)}
    with gathered():
        for (entry, name), words in words_of(entries.values()).items():
            if words.erased_at is None:
                erase_words(entries[entry], name, by=by, now=now)


# In this order: what points at others goes before them.
PARTS = (
    "questionnaires",
    "talks",
    "involvements",
    "matrix_entries",
    "candidates",
    "searches",
    "members",
    "declarations",
    "sheets",
    "step_plans",
    "deviations",
    "estimates",
)
