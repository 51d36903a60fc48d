"""What notifications record in the journal: what people choose, never what they were told."""

KINDS = {
    "notifications.preference_changed": "Benachrichtigungen eingestellt",
    "notifications.unsubscribed": "Benachrichtigungen per E-Mail abbestellt",
    "notifications.search_saved": "Suche gespeichert",
    "notifications.search_dropped": "gespeicherte Suche gelöscht",
}
