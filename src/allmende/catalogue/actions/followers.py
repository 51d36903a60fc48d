"""What packages above do with their rows when two solutions become one, and when they are two again."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings

from allmende.catalogue.models import Merge, Solution


class Mover(Protocol):
    """A module with these two functions; settings name them, so that upper packages join without being imported.

    `move` returns what `move_back` needs, as JSON. All of it happens in the transaction of the merge.
    """

    def move(self, source: Solution, target: Solution) -> dict[str, Any]: ...

    def move_back(self, source: Solution, target: Solution, kept: Mapping[str, Any]) -> None: ...


def move_above(source: Solution, target: Solution) -> dict[str, Any]:
    """By the name of each package, for the record of the merge."""
    return {name: mover.move(source, target) for name, mover in _movers().items()}


def move_back_above(merge: Merge) -> None:
    """What a merge of before a package was there did not move, that package leaves."""
    for name, mover in _movers().items():
        mover.move_back(merge.source, merge.target, merge.moved.get("above", {}).get(name, {}))


def _movers() -> dict[str, Mover]:
    return {name: cast(Mover, import_module(path)) for name, path in settings.SOLUTION_MERGED.items()}
