"""What organisations hold at two entries that become one: ownership, and what they are writing."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from allmende.catalogue.models import EntryClaim, Merge, Solution, WorkingCopy
from allmende.catalogue.states import OPEN_COPY
from allmende.lib.refusals import Refused

LASTING = ("open", "granted")


def require_nothing_in_between(source: Solution, into: Solution) -> None:
    """Raise `Refused` with all that hinders the merge, each with who has to do what."""
    hindrances = [*_two_owners(source, into), *_undecided(source, into), *_writing_at_both(source, into)]
    if hindrances:
        raise Refused(" ".join(hindrances))


def move_ownership(source: Solution, into: Solution) -> dict[str, list[int]]:
    """Let claims and open working copies follow; what the target has already stays. Returns the keys of what moved."""
    claims = _lasting(source).exclude(organisation__in=_lasting(into).values("organisation"))
    return {"EntryClaim": _moved(claims, into), "WorkingCopy": _moved(_open(source), into)}


def move_ownership_back(done: Merge) -> None:
    """What moved returns, decided or not. What has been begun since goes with the offer or the claim it belongs to."""
    source, target = done.source, done.target
    # Merges of earlier versions moved neither.
    claims = EntryClaim.objects.filter(pk__in=done.moved.get("EntryClaim", []), solution=target)
    if _lasting(source).filter(state="granted").exists():
        # Its owner owned both and stayed; whoever was granted the one since then has that one.
        claims = claims.exclude(state="granted")
    owners = list(claims.filter(state="granted").values_list("organisation", flat=True))
    claims.update(solution=source)
    here = _open(target)
    here.filter(pk__in=done.moved.get("WorkingCopy", [])).update(solution=source)
    here.filter(offer__solution=source).update(solution=source)
    # Of an entry, only its owner writes.
    begun = here.filter(kind="change_solution", organisation__in=owners, begun_at__gt=done.merged_at)
    begun.update(solution=source)


def _lasting(solution: Solution) -> QuerySet[EntryClaim]:
    return EntryClaim.objects.filter(solution=solution, state__in=LASTING)


def _open(solution: Solution) -> QuerySet[WorkingCopy]:
    return WorkingCopy.objects.filter(solution=solution, state__in=OPEN_COPY)


def _moved(rows: QuerySet[Any], into: Solution) -> list[int]:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=keys).update(solution=into)
    return keys


def _two_owners(source: Solution, into: Solution) -> Iterator[str]:
    granted = EntryClaim.objects.filter(solution__in=(source, into), state="granted")
    owners = {each.solution_id: each.organisation for each in granted.select_related("organisation")}
    if len(set(owners.values())) == 2:
        yield (
            f"„{source.name}“ gehört zu {owners[source.pk].name}, „{into.name}“ zu {owners[into.pk].name}. "
            "Klären Sie, wer recht hat, und beenden Sie zuerst die andere Übernahme."
        )


def _undecided(source: Solution, into: Solution) -> Iterator[str]:
    """Who owns the one and has claimed the other: decided first, so that no ownership is lost on the way."""
    waiting = _lasting(into).filter(state="open").values("organisation")
    for claim in (
        _lasting(source).filter(state="granted", organisation__in=waiting).select_related("organisation")
    ):
        yield (
            f"{claim.organisation.name} hat auch „{into.name}“ als eigenen Eintrag gemeldet. Entscheiden Sie zuerst "
            "darüber."
        )


def _writing_at_both(source: Solution, into: Solution) -> Iterator[str]:
    """Two texts of one organisation for one thing: only its people can say which holds."""
    there = {(copy.organisation_id, copy.kind) for copy in _open(into).filter(offer=None)}
    for copy in _open(source).filter(offer=None).select_related("organisation").order_by("pk"):
        if (copy.organisation_id, copy.kind) in there:
            yield (
                f"{copy.organisation.name} arbeitet an beiden Einträgen ({copy.get_kind_display()}). Bitten Sie darum, "
                "eine der beiden Fassungen einzureichen oder zu verwerfen, oder entscheiden Sie darüber."
            )
