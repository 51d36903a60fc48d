"""Lifecycles of a market exploration and of its parts."""

from allmende.lib.states import Lifecycle

CASE = Lifecycle(
    labels={
        "running": "läuft",
        "submitted": "zur Freigabe",
        "frozen": "abgeschlossen",
        "stopped": "abgebrochen",
        "erased": "gelöscht",
    },
    moves={
        "running": frozenset({"submitted", "stopped"}),
        "submitted": frozenset({"running", "frozen"}),
        "frozen": frozenset({"erased"}),
        "stopped": frozenset({"erased"}),
        "erased": frozenset(),
    },
)

CANDIDATE = Lifecycle(
    labels={"open": "noch offen", "kept": "bleibt", "dropped": "ausgeschieden"},
    moves={
        "open": frozenset({"kept", "dropped"}),
        "kept": frozenset({"dropped", "open"}),
        "dropped": frozenset({"kept", "open"}),
    },
)

QUESTIONNAIRE = Lifecycle(
    labels={"draft": "in Arbeit", "sent": "verschickt", "closed": "geschlossen"},
    moves={
        "draft": frozenset({"sent"}),
        "sent": frozenset({"closed"}),
        # A longer deadline, granted to all, opens it again.
        "closed": frozenset({"sent"}),
    },
)

INQUIRY = Lifecycle(
    labels={
        "planned": "vorgesehen",
        "sent": "verschickt",
        "bounced": "nicht zugestellt",
        "opened": "geöffnet",
        "answered": "beantwortet",
        "declined": "abgesagt",
        "silent": "keine Antwort",
    },
    moves={
        "planned": frozenset({"sent"}),
        "sent": frozenset({"bounced", "opened", "answered", "declined", "silent"}),
        "bounced": frozenset({"sent", "opened", "answered", "declined", "silent"}),
        "opened": frozenset({"bounced", "answered", "declined", "silent"}),
        # An answer may be changed until the deadline.
        "answered": frozenset({"answered", "declined"}),
        "declined": frozenset({"answered"}),
        # With a longer deadline everybody may answer after all.
        "silent": frozenset({"sent", "opened", "answered", "declined"}),
    },
)
