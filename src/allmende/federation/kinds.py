"""What the harvest records in the journal."""

KINDS = {
    "federation.source_added": "Quelle eingetragen",
    "federation.source_changed": "Quelle geändert",
    "federation.source_paused": "Quelle angehalten",
    "federation.source_resumed": "Quelle wieder aufgenommen",
    "federation.run_requested": "Abgleich angefordert",
    "federation.trial_requested": "Probelauf angefordert",
    "federation.run_finished": "Abgleich mit Änderungen beendet",
    "federation.record_reviewed": "zurückgestellten Eintrag angesehen",
    "federation.missing_accepted": "fehlende Einträge nach Prüfung übernommen",
}
