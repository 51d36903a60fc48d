"""Lifecycles of the catalogue."""

from allmende.lib.states import Lifecycle

SOLUTION = Lifecycle(
    labels={
        "draft": "Entwurf",
        "published": "veröffentlicht",
        "withdrawn": "zurückgezogen",
        "merged": "zusammengeführt",
        "erased": "gelöscht",
    },
    moves={
        "draft": frozenset({"published", "withdrawn", "erased"}),
        "published": frozenset({"withdrawn", "merged", "erased"}),
        "withdrawn": frozenset({"published", "erased"}),
        "merged": frozenset({"published", "erased"}),
        "erased": frozenset(),
    },
)

OFFER = Lifecycle(
    labels={"draft": "Entwurf", "published": "veröffentlicht", "withdrawn": "zurückgezogen"},
    moves={
        "draft": frozenset({"published", "withdrawn"}),
        "published": frozenset({"withdrawn"}),
        "withdrawn": frozenset({"published"}),
    },
)

# What a town itself says about its use.
USE = Lifecycle(
    labels={"pilot": "im Test", "productive": "im Einsatz", "ended": "beendet"},
    moves={
        "pilot": frozenset({"productive", "ended"}),
        "productive": frozenset({"ended", "pilot"}),
        "ended": frozenset({"pilot", "productive"}),
    },
)

DUPLICATE = Lifecycle(
    labels={"open": "zu prüfen", "merged": "zusammengeführt", "distinct": "verschieden"},
    moves={
        "open": frozenset({"merged", "distinct"}),
        "merged": frozenset({"open"}),
        "distinct": frozenset({"open"}),
    },
)
