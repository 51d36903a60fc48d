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

# What somebody prepares: a new offer or a change, until it is published or given up.
WORKING_COPY = Lifecycle(
    labels={
        "draft": "in Arbeit",
        "submitted": "in Prüfung",
        "returned": "zurückgegeben",
        "accepted": "veröffentlicht",
        "dropped": "verworfen",
    },
    moves={
        # Changes of what is published already are live at once: from draft to accepted.
        "draft": frozenset({"submitted", "accepted", "dropped"}),
        "submitted": frozenset({"draft", "returned", "accepted", "dropped"}),
        "returned": frozenset({"submitted", "accepted", "dropped"}),
        "accepted": frozenset(),
        "dropped": frozenset(),
    },
)
# While one of these lasts, there is no second working copy of the same thing.
OPEN_COPY = ("draft", "submitted", "returned")

# An organisation says that an entry is its own.
ENTRY_CLAIM = Lifecycle(
    labels={"open": "zu prüfen", "granted": "bestätigt", "refused": "abgelehnt", "ended": "beendet"},
    moves={
        "open": frozenset({"granted", "refused", "ended"}),
        "granted": frozenset({"ended"}),
        "refused": frozenset(),
        "ended": frozenset(),
    },
)

# A change that is live already and that the desk has yet to look at.
LATER_EDIT = Lifecycle(
    labels={"open": "zur Kenntnis", "asked": "nachgefragt", "acknowledged": "zur Kenntnis genommen"},
    moves={
        "open": frozenset({"asked", "acknowledged"}),
        "asked": frozenset({"open", "acknowledged"}),
        "acknowledged": frozenset(),
    },
)

# A town names a solution that it uses or misses and that is not here yet.
MISSING_SOLUTION = Lifecycle(
    labels={
        "open": "wird geprüft",
        "entered": "aufgenommen",
        "known": "stand schon hier",
        "declined": "nicht aufgenommen",
        "withdrawn": "zurückgenommen",
    },
    moves={
        "open": frozenset({"entered", "known", "declined", "withdrawn"}),
        "entered": frozenset(),
        "known": frozenset(),
        "declined": frozenset(),
        "withdrawn": frozenset(),
    },
)

# What does not come back: one person proposes, another does it.
ERASURE = Lifecycle(
    labels={
        "open": "wartet auf eine zweite Person",
        "done": "ausgeführt",
        "refused": "abgelehnt",
        "taken_back": "zurückgenommen",
    },
    moves={
        "open": frozenset({"done", "refused", "taken_back"}),
        "done": frozenset(),
        "refused": frozenset(),
        "taken_back": frozenset(),
    },
)

# Somebody says that an entry is wrong or against the law. Against the side concerned only after it was heard.
NOTICE = Lifecycle(
    labels={
        "open": "eingegangen",
        "hearing": "Anhörung läuft",
        "answered": "Stellungnahme liegt vor",
        "decided": "entschieden",
        "appealed": "Einspruch eingelegt",
        "closed": "abgeschlossen",
    },
    moves={
        "open": frozenset({"hearing", "decided"}),
        "hearing": frozenset({"answered", "decided"}),
        "answered": frozenset({"hearing", "decided"}),
        "decided": frozenset({"appealed", "closed"}),
        "appealed": frozenset({"closed"}),
        "closed": frozenset(),
    },
)
