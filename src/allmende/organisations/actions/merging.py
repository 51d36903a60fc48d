"""Two entries are one organisation: one of the staff says so, another agrees, and it can be taken back."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import IntegrityError, transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.mail.actions import write
from allmende.organisations import rules
from allmende.organisations.models import Organisation, OrganisationMerge
from allmende.organisations.queries import administrators, has_people
from allmende.organisations.roles import MUNICIPAL, PUBLIC_ADMINISTRATION, TOWNS
from allmende.organisations.states import ACCREDITATION, MERGE

BY_ANOTHER = (
    "Das entscheidet eine andere Person als die, die es vorgeschlagen hat, und niemand aus den beiden "
    "Organisationen."
)
_NOT_NOW = {
    "applied": "Über die Anmeldung von {name} ist noch nicht entschieden. Entscheiden Sie zuerst darüber.",
    "refused": "Die Anmeldung von {name} ist abgelehnt. Da gibt es nichts zusammenzuführen.",
    "suspended": "{name} ist ausgesetzt. Lassen Sie die Organisation zuerst wieder zu.",
    "merged": "{name} ist schon mit einer anderen Organisation zusammengeführt.",
}


class Mover(Protocol):
    """What a package does with its rows when two organisations become one; a module with these two functions.

    `move` returns what `move_back` needs, as JSON. Settings name the modules, so that upper packages join without
    being imported. All of it happens in the transaction of the merge: rights and constraints hold at every moment.
    """

    def move(
        self, source: Organisation, target: Organisation, *, by: Actor, now: datetime
    ) -> dict[str, Any]: ...

    def move_back(
        self,
        source: Organisation,
        target: Organisation,
        moved: Mapping[str, Any],
        *,
        by: Actor,
        now: datetime,
    ) -> None: ...


@transaction.atomic
def propose_merge(
    source: Organisation, *, into: Organisation, reason: str, by: Actor, now: datetime
) -> OrganisationMerge:
    """Say that `source` is the same organisation as `into`, which stays. Nothing moves before another confirms."""
    source, into = _locked_pair(source, into)
    require(rules.may_propose_merge(by, source, into))
    _check(source, into)
    if not reason.strip():
        raise Refused("Schreiben Sie, woran Sie erkennen, dass es dieselbe Organisation ist.")
    try:
        with transaction.atomic():
            proposal = OrganisationMerge.objects.create(
                source=source, target=into, reason=reason.strip()[:500], proposed_at=now, proposed_by=str(by)
            )
    except IntegrityError:
        raise Refused(f"Für {source.name} liegt schon ein Vorschlag vor.") from None
    _note("organisations.merge_proposed", proposal, by=by, now=now)
    return proposal


@transaction.atomic
def confirm_merge(proposal: OrganisationMerge, *, by: Actor, now: datetime) -> OrganisationMerge:
    """The second person agrees: everything of the source is the target's now, and its address leads there."""
    merge = _held(proposal)
    require(rules.may_decide_merge(by, merge), BY_ANOTHER)
    source, target = merge.source, merge.target
    MERGE.require_move(merge.state, "merged")
    _check(source, target)
    merge.moved = {name: each.move(source, target, by=by, now=now) for name, each in _movers().items()}
    merge.state, merge.decided_at, merge.decided_by = "merged", now, str(by)
    merge.state_before = source.state
    merge.save()
    ACCREDITATION.require_move(source.state, "merged")
    source.state, source.merged_into = "merged", target
    source.save(update_fields=["state", "merged_into"])
    _note("organisations.merged", merge, by=by, now=now)
    _tell(
        target,
        f"{source.name} und {target.name} sind jetzt eine Organisation",
        f"{source.name} und {target.name} standen doppelt auf Allmende. Die Redaktion hat sie zusammengeführt. "
        f"Alles steht jetzt bei {target.name}: Personen mit ihren Rollen, Angebote und was Sie vorbereitet haben.",
        "Sehen Sie nach, wer jetzt dazugehört, und schreiben Sie uns, wenn etwas nicht stimmt:",
        merge=merge, by=by, now=now,
    )  # fmt: skip
    return merge


@transaction.atomic
def refuse_merge(proposal: OrganisationMerge, *, by: Actor, now: datetime) -> None:
    """Any of the staff says that these are two, or takes back what they proposed."""
    merge = _held(proposal)
    require(rules.may_propose_merge(by, merge.source, merge.target))
    MERGE.require_move(merge.state, "refused")
    merge.state, merge.decided_at, merge.decided_by = "refused", now, str(by)
    merge.save()
    _note("organisations.merge_refused", merge, by=by, now=now)


@transaction.atomic
def undo_merge(merge: OrganisationMerge, *, reason: str, by: Actor, now: datetime) -> Organisation:
    """They were two after all: what moved goes back, as far as it is still there.

    What came to the target since then stays with it: people, offers, invitations. Whoever lost a role meanwhile does
    not get it back.
    """
    merge = _held(merge)
    source, target = merge.source, merge.target
    require(rules.may_propose_merge(by, source, target))
    MERGE.require_move(merge.state, "undone")
    if not reason.strip():
        raise Refused("Schreiben Sie, warum es doch zwei Organisationen sind.")
    if target.state == "merged":
        raise Refused(
            f"{target.name} ist inzwischen selbst zusammengeführt. Machen Sie zuerst diese jüngere Zusammenführung "
            "rückgängig."
        )
    if target.state == "suspended":
        raise Refused(
            f"{target.name} ist ausgesetzt. Beim Trennen bekämen Personen ihre Rechte zurück. Entscheiden Sie zuerst "
            "darüber, und lassen Sie die Organisation wieder zu."
        )
    ACCREDITATION.require_move(source.state, merge.state_before)
    source.state, source.merged_into = merge.state_before, None
    source.save(update_fields=["state", "merged_into"])
    for name, mover in _movers().items():
        mover.move_back(source, target, merge.moved.get(name, {}), by=by, now=now)
    merge.state, merge.undone_at, merge.undone_by = "undone", now, str(by)
    merge.undone_reason = reason.strip()[:500]
    merge.save()
    _note("organisations.merge_undone", merge, by=by, now=now)
    for each in (source, target):
        _tell(
            each,
            f"{source.name} und {target.name} sind wieder zwei Organisationen",
            f"die Redaktion hat die Zusammenführung von {source.name} und {target.name} rückgängig gemacht. "
            f"Der Grund: {merge.undone_reason}",
            "Sehen Sie nach, was bei Ihnen steht:",
            merge=merge, by=by, now=now,
        )  # fmt: skip
    return source


def _check(source: Organisation, into: Organisation) -> None:
    """What keeps two organisations from becoming one: nobody may come to a right by it that nobody has checked."""
    if source.pk == into.pk:
        raise Refused("Eine Organisation lässt sich nicht mit sich selbst zusammenführen.")
    if source.region_id or into.region_id:
        raise Refused("Kommunen führt niemand von Hand zusammen: Das folgt aus dem Gemeindeverzeichnis.")
    for each in (source, into):
        if each.state in _NOT_NOW:
            raise Refused(_NOT_NOW[each.state].format(name=each.name))
    if source.is_accredited and not into.is_accredited:
        raise Refused(
            f"{into.name} ist nur genannt, {source.name} ist bestätigt. Führen Sie umgekehrt zusammen: "
            "Die bestätigte Organisation bleibt."
        )
    if _standing(source) != _standing(into) and has_people(source):
        raise Refused(
            "Nur eine der beiden gehört zur öffentlichen Verwaltung. Beim Zusammenführen bekämen Personen Rechte, "
            "die niemand geprüft hat. Beenden Sie zuerst die Mitgliedschaften. Die Personen lassen sich danach neu "
            "einladen."
        )


def _standing(organisation: Organisation) -> tuple[bool, ...]:
    """What follows from its kind for the people in it."""
    return tuple(organisation.kind in kinds for kinds in (TOWNS, MUNICIPAL, PUBLIC_ADMINISTRATION))


def _movers() -> dict[str, Mover]:
    return {name: cast(Mover, import_module(path)) for name, path in settings.ORGANISATION_MERGED.items()}


def _tell(
    organisation: Organisation, subject: str, *said: str, merge: OrganisationMerge, by: Actor, now: datetime
) -> None:
    for user in administrators(organisation):
        write(
            user.email,
            subject,
            *said,
            f"/organisation/{organisation.public_id}",
            kind="organisations.merge",
            about=merge,
            by=by,
            now=now,
        )


def _note(kind: str, merge: OrganisationMerge, *, by: Actor, now: datetime) -> None:
    """On both: their histories tell it alike."""
    for subject in (merge.source, merge.target):
        data = {
            "merge": merge.public_id,
            "source": merge.source.public_id,
            "target": merge.target.public_id,
        }
        record(kind, subject=subject, by=by, now=now, data=data)


def _locked_pair(one: Organisation, other: Organisation) -> tuple[Organisation, Organisation]:
    """Always in the order of the keys: two merges of the same pair must not wait for each other."""
    rows = Organisation.objects.select_for_update(of=("self",)).filter(pk__in={one.pk, other.pk})
    found = {each.pk: each for each in rows.order_by("pk")}
    return found[one.pk], found[other.pk]


def _held(merge: OrganisationMerge) -> OrganisationMerge:
    source, target = _locked_pair(merge.source, merge.target)
    fresh = OrganisationMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    fresh.source, fresh.target = source, target
    return fresh
