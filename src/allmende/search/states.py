"""Lifecycles of the search."""

from allmende.lib.states import Lifecycle

# A miss that was answered and is asked for in vain once more comes back by itself: the answer is not found.
MISS = Lifecycle(
    labels={"open": "offen", "answered": "beantwortet", "not_ours": "nicht unsere Sache"},
    moves={
        "open": frozenset({"answered", "not_ours"}),
        "answered": frozenset({"open", "not_ours"}),
        "not_ours": frozenset({"open", "answered"}),
    },
)
