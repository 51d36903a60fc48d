"""Lifecycle of one version of a rule set."""

from allmende.lib.states import Lifecycle

# What was released is never edited: it gets an end, or it is withdrawn because it was wrong from the start.
RULE_SET = Lifecycle(
    labels={"proposed": "wartet auf eine zweite Person", "released": "hinterlegt", "withdrawn": "zurückgezogen"},
    moves={
        "proposed": frozenset({"released", "withdrawn"}),
        "released": frozenset({"withdrawn"}),
        "withdrawn": frozenset(),
    },
)  # fmt: skip
