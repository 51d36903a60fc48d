"""What may happen to a proposed succession. A decision can be corrected: mistakes in it outlive the clerk."""

from allmende.lib.states import Lifecycle

SUCCESSION = Lifecycle(
    labels={"proposed": "vorgeschlagen", "confirmed": "bestätigt", "rejected": "abgelehnt"},
    moves={
        "proposed": frozenset({"confirmed", "rejected"}),
        "confirmed": frozenset({"rejected"}),
        "rejected": frozenset({"confirmed"}),
    },
)
