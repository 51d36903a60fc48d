"""One solution or two? Suspicions, merging, and taking a merge back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.followers import move_above, move_back_above
from allmende.catalogue.actions.merging import (
    move_ownership,
    move_ownership_back,
    require_nothing_in_between,
)
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import (
    ClaimedUse,
    ConfirmedUse,
    DuplicateSuspicion,
    Funding,
    Listing,
    Merge,
    Offer,
    Release,
    Solution,
)
from allmende.catalogue.queries import sides_of
from allmende.catalogue.states import DUPLICATE, SOLUTION
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require

# Everything that hangs on a solution and moves with a merge.
_MOVING = (Listing, ClaimedUse, Release, Funding, Offer)


@transaction.atomic
def suspect(one: Solution, other: Solution, *, reason: str, by: Actor, now: datetime) -> DuplicateSuspicion:
    """Staff asks whether two solutions are one."""
    require(rules.may_decide_duplicates(by))
    return note_suspicion(one, other, reason=reason, by=by, now=now)


@transaction.atomic
def note_suspicion(
    one: Solution, other: Solution, *, reason: str, by: Actor, now: datetime
) -> DuplicateSuspicion:
    """Ask a person whether two solutions are one; asked once a pair, and not again once decided.

    Whoever hands in what looks like another solution causes the question, whatever their rights.
    """
    first, second = sorted((one, other), key=lambda each: each.pk)
    suspicion, is_new = DuplicateSuspicion.objects.get_or_create(
        first=first, second=second, defaults={"reason": reason, "found_at": now}
    )
    if is_new:
        record(
            "catalogue.duplicate_suspected",
            subject=suspicion,
            by=by,
            now=now,
            data={"first": first.public_id, "second": second.public_id},
        )
    return suspicion


@transaction.atomic
def decide_distinct(suspicion: DuplicateSuspicion, *, by: Actor, now: datetime) -> None:
    """A person has looked: these are two solutions."""
    require(rules.may_decide_duplicates(by))
    _require_impartial(*_lock_pair(suspicion.first, suspicion.second), by=by)
    suspicion = DuplicateSuspicion.objects.select_for_update().get(pk=suspicion.pk)
    DUPLICATE.require_move(suspicion.state, "distinct")
    suspicion.state, suspicion.decided_at = "distinct", now
    suspicion.save(update_fields=["state", "decided_at"])
    record("catalogue.duplicate_rejected", subject=suspicion, by=by, now=now)


@transaction.atomic
def merge(source: Solution, *, into: Solution, reason: str, by: Actor, now: datetime) -> Merge:
    """Make two solutions one: everything of `source` moves to `into`, its address leads there, and it can be undone.

    A use that both have confirmed stays with each; the one of `source` comes back with the undoing. Raises `Refused`
    where two organisations own what would be one, or one of them writes at both: a person settles that first.
    """
    require(rules.may_decide_duplicates(by))
    source, into = _lock_pair(source, into)
    _require_impartial(source, into, by=by)
    if source.pk == into.pk:
        raise Refused("Eine Lösung kann nicht mit sich selbst zusammengeführt werden.")
    if into.state != "published":
        raise Refused(
            f"Das Ziel „{into.name}“ ist nicht veröffentlicht. Wählen Sie eine veröffentlichte Lösung."
        )
    SOLUTION.require_move(source.state, "merged")
    require_nothing_in_between(source, into)
    moved: dict[str, Any] = {model.__name__: _move(model, source, into) for model in _MOVING}
    moved |= move_ownership(source, into)
    moved["joined_at"] = _join(moved["Listing"], now)
    moved["ConfirmedUse"] = _move_uses(source, into)
    moved["above"] = move_above(source, into)
    merge_record = Merge.objects.create(
        source=source, target=into, reason=reason[:300], moved=moved, merged_at=now
    )
    source.state, source.merged_into = "merged", into
    source.lock_version += 1
    source.save(update_fields=["state", "merged_into", "lock_version"])
    _settle_suspicion(source, into, "merged", now)
    record(
        "catalogue.solutions_merged",
        subject=source,
        by=by,
        now=now,
        data={"into": into.public_id, "merge": merge_record.public_id},
    )
    publish_changes(into, by=by, now=now)
    return merge_record


@transaction.atomic
def undo_merge(merge_record: Merge, *, by: Actor, now: datetime) -> Solution:
    """Take a merge back: what moved returns, as far as it still exists, and both are published again."""
    require(rules.may_decide_duplicates(by))
    merge_record = Merge.objects.select_for_update().get(pk=merge_record.pk)
    if merge_record.undone_at:
        raise Refused("Diese Zusammenführung ist schon rückgängig gemacht.")
    source, target = _lock_pair(merge_record.source, merge_record.target)
    _require_impartial(source, target, by=by)
    if source.merged_into_id != target.pk:
        raise Refused("Diese Zusammenführung gilt nicht mehr.")
    if target.state != "published":
        raise Refused(
            f"„{target.name}“ ist selbst nicht mehr veröffentlicht. Wurde es in eine andere Lösung überführt, "
            "machen Sie zuerst diese jüngere Zusammenführung rückgängig."
        )
    if not Listing.objects.filter(pk__in=merge_record.moved["Listing"], solution=target).exists():
        raise Refused("Die Einträge der Quellen, die zurückkehren müssten, gibt es nicht mehr.")
    for model in (*_MOVING, ConfirmedUse):
        model.objects.filter(pk__in=merge_record.moved[model.__name__], solution=target).update(
            solution=source
        )
    move_ownership_back(merge_record)
    move_back_above(merge_record)
    for key, joined_at in merge_record.moved["joined_at"].items():
        Listing.objects.filter(pk=int(key), solution=source).update(joined_at=joined_at)
    # Rows that the harvest wrote since then follow their listing.
    for model in (ClaimedUse, Release, Funding):
        model.objects.filter(listing__solution=source).update(solution=source)
    source.state, source.merged_into = "published", None
    source.save(update_fields=["state", "merged_into"])
    merge_record.undone_at = now
    merge_record.save(update_fields=["undone_at"])
    _settle_suspicion(source, target, "open", now)
    record("catalogue.merge_undone", subject=source, by=by, now=now, data={"merge": merge_record.public_id})
    publish_changes(source, by=by, now=now)
    publish_changes(target, by=by, now=now)
    return source


def _lock_pair(one: Solution, other: Solution) -> tuple[Solution, Solution]:
    # Always in the order of the keys: two merges of the same pair must not wait for each other.
    rows = {
        row.pk: row
        for row in Solution.objects.select_for_update().filter(pk__in={one.pk, other.pk}).order_by("pk")
    }
    return rows[one.pk], rows[other.pk]


def _require_impartial(*pair: Solution, by: Actor) -> None:
    """Asked once both rows are held: nobody gains or loses a side meanwhile."""
    sides = [side for each in sides_of(pair).values() for side in each]
    require(rules.may_decide_pair(by, sides), rules.NOT_BETWEEN_THESE)


def _move(model: type, source: Solution, into: Solution) -> list[int]:
    rows = model.objects.filter(solution=source)  # type: ignore[attr-defined]
    keys = list(rows.values_list("pk", flat=True))
    rows.update(solution=into)
    return keys


def _join(keys: list[int], now: datetime) -> dict[str, str]:
    """Let the moved listings come after the target's own; returns since when each had been where it was."""
    rows = Listing.objects.filter(pk__in=keys)
    before = {str(row.pk): row.joined_at.isoformat() for row in rows}
    rows.update(joined_at=now)
    return before


def _move_uses(source: Solution, into: Solution) -> list[int]:
    taken = ConfirmedUse.objects.filter(solution=into).values("organisation")
    rows = ConfirmedUse.objects.filter(solution=source).exclude(organisation__in=taken)
    keys = list(rows.values_list("pk", flat=True))
    ConfirmedUse.objects.filter(pk__in=keys).update(solution=into)
    return keys


def _settle_suspicion(one: Solution, other: Solution, state: str, now: datetime) -> None:
    first, second = sorted((one.pk, other.pk))
    DuplicateSuspicion.objects.filter(first_id=first, second_id=second).update(
        state=state, decided_at=None if state == "open" else now
    )
