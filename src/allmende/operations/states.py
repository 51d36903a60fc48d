"""Lifecycle of what has to go."""

from allmende.lib.states import Lifecycle

DISPOSAL = Lifecycle(
    labels={
        "due": "fällig",
        "blocked": "gesperrt",
        "offered": "dem Archiv angeboten",
        "erased": "gelöscht",
        "gone": "von selbst erledigt",
    },
    moves={
        # Without the duty to offer, what is due is erased at once; with it, only after the archive was asked.
        "due": frozenset({"blocked", "offered", "erased", "gone"}),
        "blocked": frozenset({"due", "gone"}),
        "offered": frozenset({"blocked", "erased", "gone"}),
        "erased": frozenset(),
        "gone": frozenset(),
    },
)
OPEN = ("due", "blocked", "offered")
