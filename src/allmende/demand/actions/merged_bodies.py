"""What an organisation needs, leads and has answered follows when it is merged into another, and comes back.

Where both have answered the same need, each answer stays where it is: one provider says it once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from allmende.demand.models import JointNeed, Need, NeedResponse
from allmende.lib.actors import Actor
from allmende.organisations.actions.moving import moved, moved_back
from allmende.organisations.models import Organisation

_HELD: tuple[tuple[type[models.Model], str], ...] = (
    (Need, "organisation"),
    (JointNeed, "lead"),
    (NeedResponse, "organisation"),
)


def move(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> dict[str, Any]:
    return {
        model.__name__: moved(model._default_manager.filter(**{column: source}), **{column: target})
        for model, column in _HELD
    }


def move_back(
    source: Organisation, target: Organisation, kept: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    for model, column in _HELD:
        moved_back(model, kept.get(model.__name__, ()), still={column: target}, **{column: source})
