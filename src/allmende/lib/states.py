"""A lifecycle is a table: which state may follow which, and nothing else says so."""

from collections.abc import Mapping
from dataclasses import dataclass

from allmende.lib.refusals import Refused


@dataclass(frozen=True)
class Lifecycle:
    """Allowed moves by state code, and the German label of each state.

    `moves` names for each state the states that may follow it; a state without moves is an end.
    """

    labels: Mapping[str, str]
    moves: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        known = set(self.labels)
        named = set(self.moves).union(*self.moves.values()) if self.moves else set()
        if set(self.moves) != known or named - known:
            raise ValueError("every state needs a label and a line of moves, and no other state may be named")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.labels.items())

    def can_become(self, state: str, target: str) -> bool:
        return target in self.moves[state]

    def require_move(self, state: str, target: str) -> None:
        """Raise `Refused` with both labels where the move is not in the table."""
        if not self.can_become(state, target):
            raise Refused(f"Aus „{self.labels[state]}“ kann nicht „{self.labels[target]}“ werden.")
