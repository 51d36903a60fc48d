"""What an organisation has in the catalogue follows when it is merged into another, and comes back with the undoing.

Two of a kind that may be there once only (a use of the same solution, a change of the same offer in preparation) stay
each where it is; that of the merged one comes back with it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from allmende.catalogue.actions.claims import owner_origin
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import (
    ClaimedUse,
    ConfirmedUse,
    EntryClaim,
    LaterEdit,
    Listing,
    MissingSolution,
    Notice,
    Offer,
    Solution,
    WorkingCopy,
)
from allmende.lib.actors import Actor
from allmende.organisations.actions.moving import moved, moved_back
from allmende.organisations.models import Organisation

_PARTIES = ("supplier", "operator", "seller")
_OWNED: tuple[type[models.Model], ...] = (
    WorkingCopy,
    ConfirmedUse,
    ClaimedUse,
    EntryClaim,
    LaterEdit,
    MissingSolution,
)
_SAID_TWICE = "Beide Einträge der Organisation hatten das gemeldet; sie sind jetzt zusammengeführt."


def move(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> dict[str, Any]:
    kept: dict[str, Any] = {party: _offers(party, source, target) for party in _PARTIES}
    kept["claims_ended"] = _doubled_claims(source, target, by=by, now=now)
    for model in _OWNED:
        rows = model._default_manager.filter(organisation=source)
        if model is EntryClaim:
            rows = rows.exclude(pk__in=kept["claims_ended"])
        kept[model.__name__] = moved(rows, organisation=target)
    kept["Listing"] = _own_words(source, target, by=by, now=now)
    about = Notice.objects.filter(subject_type="organisation", subject_id=source.public_id)
    kept["Notice"] = moved(about, subject_id=target.public_id)
    _publish(kept, by=by, now=now)
    return kept


def move_back(
    source: Organisation, target: Organisation, kept: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    for party in _PARTIES:
        moved_back(Offer, kept[party], still={party: target}, **{party: source})
    for model in _OWNED:
        moved_back(model, kept[model.__name__], still={"organisation": target}, organisation=source)
    before, after = (owner_origin(each, by=by, now=now) for each in (source, target))
    moved_back(Listing, kept["Listing"], still={"origin": after}, origin=before)
    still = {"subject_id": target.public_id}
    moved_back(Notice, kept["Notice"], still=still, subject_id=source.public_id)
    open_again = {"state": "refused", "decision_reason": _SAID_TWICE}
    moved_back(
        EntryClaim,
        kept["claims_ended"],
        still=open_again,
        state="open",
        decided_at=None,
        decided_by="",
        decision_reason="",
    )
    _publish(kept, by=by, now=now)


def _offers(party: str, source: Organisation, target: Organisation) -> list[int]:
    return moved(Offer.objects.filter(**{party: source}), **{party: target})


def _doubled_claims(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> list[int]:
    """Both say that an entry is theirs: one claim is enough, and the one that the desk has granted stays."""
    lasting = EntryClaim.objects.filter(state__in=("open", "granted"))
    there = {each.solution_id: each for each in lasting.filter(organisation=target)}
    ended = []
    for mine in lasting.filter(organisation=source, solution__in=there).order_by("pk"):
        doubled = there[mine.solution_id] if mine.state == "granted" else mine
        EntryClaim.objects.filter(pk=doubled.pk).update(
            state="refused", decided_at=now, decided_by=by.id, decision_reason=_SAID_TWICE
        )
        ended.append(doubled.pk)
    return ended


def _own_words(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> list[int]:
    """What the one says of its entries, the other says now; where it has said something itself, that stays too."""
    mine = Listing.objects.filter(origin__code=f"eigen-{source.public_id}")
    if not mine.exists():
        return []
    origin = owner_origin(target, by=by, now=now)
    told = Listing.objects.filter(origin=origin).values("solution")
    return moved(mine.exclude(solution__in=told), origin=origin)


def _publish(kept: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """Who offers, uses and says is part of what is public: the next edition of each entry concerned."""
    for solution in Solution.objects.select_for_update().filter(pk__in=_concerned(kept)).order_by("pk"):
        publish_changes(solution, by=by, now=now)


def _concerned(kept: Mapping[str, Any]) -> set[int]:
    return {
        *_solutions(Offer, (key for party in _PARTIES for key in kept[party])),
        *_solutions(ConfirmedUse, kept["ConfirmedUse"]),
        *_solutions(ClaimedUse, kept["ClaimedUse"]),
        *_solutions(Listing, kept["Listing"]),
    }


def _solutions(model: type[models.Model], keys: Iterable[int]) -> Iterable[int]:
    return model._default_manager.filter(pk__in=set(keys)).values_list("solution_id", flat=True)
