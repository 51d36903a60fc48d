"""Say who took over from whom: taken from an official file, proposed by comparison or a person, decided by a person."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.regions import queries, rules
from allmende.regions.drafts import Finding, SuccessionDraft
from allmende.regions.models import Region, RegionSuccession
from allmende.regions.states import SUCCESSION


@transaction.atomic
def confirm_succession(
    succession: RegionSuccession, *, by: Actor, now: datetime.datetime
) -> RegionSuccession:
    """From now on whatever refers to the old region learns the new one. Raises `Refused` where the old one is still
    valid or the succession would lead back to where it began."""
    require(rules.may_decide_succession(by))
    return _decide(succession, "confirmed", by=by, now=now)


@transaction.atomic
def reject_succession(succession: RegionSuccession, *, by: Actor, now: datetime.datetime) -> RegionSuccession:
    """The proposal is wrong, or a confirmed succession was a mistake; no comparison proposes it again."""
    require(rules.may_decide_succession(by))
    return _decide(succession, "rejected", by=by, now=now)


@transaction.atomic
def propose_succession(
    predecessor: Region,
    successor: Region,
    *,
    reason: str,
    by: Actor,
    now: datetime.datetime,
    on: datetime.date | None = None,
    share: Decimal | None = None,
) -> RegionSuccession:
    """Enter what no comparison found; it waits for confirmation like any other proposal."""
    require(rules.may_decide_succession(by))
    _require_possible(predecessor, successor)
    if not reason.strip():
        raise Refused("Nennen Sie den Grund, zum Beispiel das Gesetz oder den Beschluss.")
    if RegionSuccession.objects.filter(predecessor=predecessor, successor=successor).exists():
        raise Refused("Diese Nachfolge ist schon eingetragen.")
    succession = RegionSuccession.objects.create(
        predecessor=predecessor,
        successor=successor,
        on=on,
        share=share,
        origin="person",
        reason=reason.strip()[:300],
    )
    _journal("regions.succession_proposed", succession, by=by, now=now)
    return succession


def take_official(
    drafts: Iterable[SuccessionDraft], *, by: Actor, now: datetime.datetime
) -> tuple[int, tuple[Finding, ...]]:
    """Record successions of a changes file as confirmed: how many are new, and what could not be used.

    Runs in the transaction of an import. What a person has decided before stays as it is.
    """
    written, findings = 0, []
    for draft in drafts:
        try:
            written += _take_one(draft, by=by, now=now)
        except Refused as refused:
            findings.append(
                Finding("warning", f"{draft.predecessor_key} → {draft.successor_key}: {refused.message}")
            )
    return written, tuple(findings)


def keep_proposals(drafts: Sequence[SuccessionDraft]) -> None:
    """Keep what a comparison proposes; a pair that is known already, decided or not, stays as it is."""
    keys = {key for draft in drafts for key in (draft.predecessor_key, draft.successor_key)}
    found = Region.objects.filter(key__in=keys).order_by("valid_to")
    # Where a key was used twice, the last to end is the one that vanished now.
    ended = {region.key: region for region in found if region.valid_to is not None}
    current = {region.key: region for region in found if region.valid_to is None}
    RegionSuccession.objects.bulk_create(
        [
            RegionSuccession(
                predecessor=ended[draft.predecessor_key],
                successor=current[draft.successor_key],
                on=draft.on,
                share=_as_decimal(draft.share),
                origin="comparison",
                reason=draft.reason[:300],
            )
            for draft in drafts
        ],
        ignore_conflicts=True,
    )


def _take_one(draft: SuccessionDraft, *, by: Actor, now: datetime.datetime) -> int:
    predecessor = queries.by_key(draft.predecessor_key, with_invented=False)
    successor = queries.by_key(draft.successor_key, with_invented=False)
    if predecessor is None or successor is None:
        missing = draft.predecessor_key if predecessor is None else draft.successor_key
        raise Refused(f"Ein Gebiet mit dem Schlüssel {missing} ist nicht bekannt.")
    known = RegionSuccession.objects.filter(predecessor=predecessor, successor=successor).first()
    if known is not None and known.state == "rejected":
        raise Refused(
            "Eine Person hat diese Nachfolge abgelehnt; dabei bleibt es, bis sie anders entscheidet."
        )
    if known is not None and known.state == "confirmed":
        return 0
    _require_possible(predecessor, successor)
    succession = known or RegionSuccession(predecessor=predecessor, successor=successor)
    succession.origin = "changes_file"
    succession.on = draft.on or succession.on
    succession.share = _as_decimal(draft.share) or succession.share
    succession.state, succession.decided_by, succession.decided_at = "confirmed", str(by), now
    succession.save()
    return 1


def _decide(
    succession: RegionSuccession, target: str, *, by: Actor, now: datetime.datetime
) -> RegionSuccession:
    current = RegionSuccession.objects.select_for_update().get(pk=succession.pk)
    SUCCESSION.require_move(current.state, target)
    if target == "confirmed":
        _require_possible(current.predecessor, current.successor)
    current.state, current.decided_by, current.decided_at = target, str(by), now
    current.save(update_fields=["state", "decided_by", "decided_at"])
    _journal(f"regions.succession_{target}", current, by=by, now=now)
    return current


def _require_possible(predecessor: Region, successor: Region) -> None:
    if predecessor.pk == successor.pk:
        raise Refused("Ein Gebiet kann nicht sein eigener Nachfolger sein.")
    if predecessor.is_invented != successor.is_invented:
        raise Refused("Ein erfundenes Gebiet und ein wirkliches folgen einander nicht nach.")
    if predecessor.valid_to is None:
        raise Refused(f"{predecessor.title} ({predecessor.key}) gibt es noch und hat keinen Nachfolger.")
    if predecessor.pk in queries.confirmed_heirs(successor):
        raise Refused(
            f"{successor.title} ({successor.key}) ging selbst in {predecessor.title} ({predecessor.key}) auf: "
            "Die Nachfolge wäre ein Kreis."
        )


def _as_decimal(share: float | None) -> Decimal | None:
    return None if share is None else Decimal(str(round(share, 4)))


def _journal(kind: str, succession: RegionSuccession, *, by: Actor, now: datetime.datetime) -> None:
    keys = {"predecessor": succession.predecessor.key, "successor": succession.successor.key}
    record(kind, subject=succession, by=by, now=now, data=keys)
