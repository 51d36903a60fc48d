"""What organisations record in the journal."""

KINDS = {
    "organisations.registered": "Organisation eingetragen",
    "organisations.accredited": "Organisation akkreditiert",
    "organisations.role_granted": "Rolle vergeben",
    "organisations.role_ended": "Rolle beendet",
}
