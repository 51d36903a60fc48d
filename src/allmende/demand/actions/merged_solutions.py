"""What was said of a solution follows when it is merged into another, and comes back with the undoing."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from allmende.catalogue.models import Solution
from allmende.demand.models import NeedResponse, Outcome
from allmende.organisations.actions.moving import moved, moved_back

_ABOUT: tuple[type[models.Model], ...] = (NeedResponse, Outcome)


def move(source: Solution, target: Solution) -> dict[str, Any]:
    return {
        model.__name__: moved(model._default_manager.filter(solution=source), solution=target)
        for model in _ABOUT
    }


def move_back(source: Solution, target: Solution, kept: Mapping[str, Any]) -> None:
    for model in _ABOUT:
        moved_back(model, kept.get(model.__name__, ()), still={"solution": target}, solution=source)
