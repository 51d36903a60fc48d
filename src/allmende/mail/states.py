"""The life of a letter."""

from allmende.lib.states import Lifecycle

LETTER = Lifecycle(
    labels={
        "queued": "wartet",
        "sent": "verschickt",
        "failed": "nicht verschickt",
        "bounced": "nicht angekommen",
    },
    moves={
        # A bounce may be here before the worker that died has noted what it sent.
        "queued": frozenset({"sent", "failed", "bounced"}),
        "sent": frozenset({"bounced"}),
        "failed": frozenset(),
        "bounced": frozenset(),
    },
)
