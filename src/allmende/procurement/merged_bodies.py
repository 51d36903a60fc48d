"""A town's own rules when it is merged into another, and when the two part again.

They follow only for days on which the other has no rule of its own: a merger never changes which limits hold where
some held before. What is left stays with the old name, and can be read there.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from allmende.lib.actors import Actor
from allmende.organisations.actions.moving import moved, moved_back
from allmende.organisations.models import Organisation
from allmende.procurement.models import RuleSet


def move(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> dict[str, Any]:
    held = list(RuleSet.objects.filter(organisation=target).exclude(state="withdrawn"))
    own = RuleSet.objects.select_for_update().filter(organisation=source).order_by("pk")
    free = [each.pk for each in own if each.state == "withdrawn" or not any(_meet(each, one) for one in held)]
    return {"RuleSet": moved(RuleSet.objects.filter(pk__in=free), organisation=target)}


def move_back(
    source: Organisation, target: Organisation, kept: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    moved_back(RuleSet, kept.get("RuleSet", ()), still={"organisation": target}, organisation=source)


def _meet(one: RuleSet, other: RuleSet) -> bool:
    """Whether there is a day on which both hold."""
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)
