from allmende.lib.states import Lifecycle

FILE = Lifecycle(
    labels={
        "received": "wartet auf die Prüfung",
        "clean": "geprüft",
        "unchecked": "nicht geprüft",
        "redrawn": "neu gezeichnet",
        "infected": "Schadsoftware gefunden",
        "retired": "nur noch in früheren Ausgaben",
        "removed": "entfernt",
    },
    moves={
        "received": frozenset({"clean", "unchecked", "infected", "removed"}),
        # A scanner that is set up later looks at what was let through without one.
        "unchecked": frozenset({"clean", "infected", "retired", "removed"}),
        "clean": frozenset({"retired", "removed"}),
        # No longer shown, but an edition that anybody may cite names it; so the scanner looks at it as well.
        "retired": frozenset({"infected", "removed"}),
        # A logo: nothing of the bytes that came in is left, so there is nothing to look for.
        "redrawn": frozenset({"removed"}),
        "infected": frozenset({"removed"}),
        "removed": frozenset(),
    },
)

# What anybody may get, if they may see what it is about.
SERVED = ("clean", "unchecked", "redrawn")
# What takes up room of its owner.
KEPT = ("received", *SERVED, "retired")
# What has bytes on the disk.
LYING = KEPT
