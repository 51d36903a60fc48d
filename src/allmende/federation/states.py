"""How a harvest run ends."""

from allmende.lib.states import Lifecycle

RUN = Lifecycle(
    labels={
        "running": "läuft",
        "complete": "vollständig",
        "incomplete": "unvollständig",
        "failed": "gescheitert",
        "interrupted": "abgebrochen",
    },
    moves={
        "running": frozenset({"complete", "incomplete", "failed", "interrupted"}),
        "complete": frozenset(),
        "incomplete": frozenset(),
        "failed": frozenset(),
        "interrupted": frozenset(),
    },
)
