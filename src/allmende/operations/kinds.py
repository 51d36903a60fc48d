"""What operations record in the journal."""

KINDS = {
    "operations.backup_written": "Sicherung geschrieben",
    "operations.backup_restored": "Sicherung zurückgespielt",
    "operations.job_retried": "gescheiterten Auftrag noch einmal begonnen",
    "operations.disposal_blocked": "Löschung gesperrt",
    "operations.disposal_offered": "dem Archiv angeboten",
    "operations.disposal_erased": "nach Ablauf der Frist gelöscht",
    "operations.job_dropped": "gescheiterten Auftrag verworfen",
}
