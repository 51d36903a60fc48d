"""What operations record in the journal."""

KINDS = {
    "operations.backed_up": "Sicherung geschrieben",
    "operations.restored": "Sicherung zurückgespielt",
    "operations.job_retried": "gescheiterten Auftrag noch einmal begonnen",
    "operations.job_dropped": "gescheiterten Auftrag verworfen",
}
