"""Lifecycles of organisations and of those who want to act for them."""

from allmende.lib.states import Lifecycle

ACCREDITATION = Lifecycle(
    labels={
        "named": "nur genannt",
        "applied": "beantragt",
        "accredited": "akkreditiert",
        "refused": "abgelehnt",
        "suspended": "ausgesetzt",
    },
    moves={
        "named": frozenset({"accredited"}),
        "applied": frozenset({"accredited", "refused"}),
        "accredited": frozenset({"suspended"}),
        "refused": frozenset({"applied"}),
        "suspended": frozenset({"accredited"}),
    },
)
# Organisations that nobody has vouched for are seen by those who applied, and by staff.
PUBLIC_STATES = ("named", "accredited", "suspended")
