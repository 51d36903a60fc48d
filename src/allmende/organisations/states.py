"""Lifecycles of organisations and of those who want to act for them."""

from allmende.lib.states import Lifecycle

ACCREDITATION = Lifecycle(
    labels={
        "named": "nur genannt",
        "applied": "beantragt",
        "accredited": "bestätigt",
        "refused": "abgelehnt",
        "suspended": "ausgesetzt",
        "merged": "zusammengeführt",
    },
    moves={
        "named": frozenset({"accredited", "merged"}),
        "applied": frozenset({"accredited", "refused"}),
        "accredited": frozenset({"suspended", "merged"}),
        # Whoever applies again is a new organisation: what staff refused stays as it was.
        "refused": frozenset(),
        "suspended": frozenset({"accredited"}),
        # Undoing brings back what it was.
        "merged": frozenset({"named", "accredited"}),
    },
)
# Organisations that nobody has vouched for are seen by those who applied, and by staff.
PUBLIC_STATES = ("named", "accredited", "suspended")

CLAIM = Lifecycle(
    labels={
        "open": "wird geprüft",
        "code_sent": "Brief ist unterwegs",
        "granted": "bestätigt",
        "refused": "abgelehnt",
        "withdrawn": "zurückgezogen",
    },
    moves={
        "open": frozenset({"code_sent", "granted", "refused", "withdrawn"}),
        # A new letter, or back to the staff where the code was tried too often.
        "code_sent": frozenset({"code_sent", "open", "granted", "refused", "withdrawn"}),
        "granted": frozenset(),
        "refused": frozenset(),
        "withdrawn": frozenset(),
    },
)
JOINING = Lifecycle(
    labels={"open": "offen", "accepted": "angenommen", "refused": "abgelehnt", "withdrawn": "zurückgezogen"},
    moves={
        "open": frozenset({"accepted", "refused", "withdrawn"}),
        "accepted": frozenset(),
        "refused": frozenset(),
        "withdrawn": frozenset(),
    },
)
PROPOSAL = Lifecycle(
    labels={"open": "offen", "granted": "bestätigt", "refused": "abgelehnt"},
    moves={"open": frozenset({"granted", "refused"}), "granted": frozenset(), "refused": frozenset()},
)
MERGE = Lifecycle(
    labels={
        "proposed": "vorgeschlagen",
        "merged": "zusammengeführt",
        "refused": "abgelehnt",
        "undone": "rückgängig gemacht",
    },
    moves={
        "proposed": frozenset({"merged", "refused"}),
        "merged": frozenset({"undone"}),
        "refused": frozenset(),
        "undone": frozenset(),
    },
)
