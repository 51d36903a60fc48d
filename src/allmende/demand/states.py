"""Lifecycles of needs, of what providers answer and of joint needs."""

from allmende.lib.states import Lifecycle

NEED = Lifecycle(
    labels={
        "draft": "Entwurf",
        "published": "veröffentlicht",
        "closed": "abgeschlossen",
        "withdrawn": "zurückgezogen",
    },
    moves={
        "draft": frozenset({"published", "withdrawn"}),
        "published": frozenset({"closed", "withdrawn"}),
        "closed": frozenset(),
        "withdrawn": frozenset(),
    },
)

# A provider says that it has something fitting; the town looks at it and may give its contact.
RESPONSE = Lifecycle(
    labels={
        "sent": "eingegangen",
        "noted": "gemerkt",
        "thanked": "beantwortet",
        "taken_back": "zurückgenommen",
    },
    moves={
        "sent": frozenset({"noted", "thanked", "taken_back"}),
        "noted": frozenset({"thanked", "taken_back"}),
        "thanked": frozenset(),
        "taken_back": frozenset(),
    },
)

JOINT_NEED = Lifecycle(
    labels={"open": "offen", "closed": "geschlossen", "ended": "beendet"},
    moves={
        "open": frozenset({"closed", "ended"}),
        "closed": frozenset({"open", "ended"}),
        "ended": frozenset(),
    },
)

JOINING = Lifecycle(
    labels={
        "invited": "eingeladen",
        "joined": "dabei",
        "declined": "abgelehnt",
        "left": "ausgetreten",
        "taken_back": "Einladung zurückgenommen",
    },
    moves={
        "invited": frozenset({"joined", "declined", "taken_back"}),
        "joined": frozenset({"left"}),
        "declined": frozenset({"invited"}),
        "left": frozenset({"invited"}),
        "taken_back": frozenset({"invited"}),
    },
)
