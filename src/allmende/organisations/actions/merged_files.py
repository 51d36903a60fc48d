"""Files follow when two organisations become one: the room they take up, and the logo where the other has none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allmende.files.actions import change_owner, give_back
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation


def move(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> dict[str, Any]:
    return change_owner(source.public_id, target.public_id)


def move_back(
    source: Organisation, target: Organisation, kept: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    give_back(kept, before=source.public_id, after=target.public_id)
