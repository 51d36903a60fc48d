"""What files record in the journal: on what they are about, and on themselves where a program has looked at them."""

KINDS = {
    "files.logo_stored": "Logo hochgeladen",
    "files.document_stored": "Unterlage hochgeladen",
    "files.removed": "Datei entfernt",
    "files.retired": "Unterlage nicht mehr gezeigt, in früheren Ausgaben noch da",
    "files.scan_clean": "Datei geprüft: nichts gefunden",
    "files.scan_infected": "Datei geprüft: Schadsoftware gefunden",
    "files.scan_missing": "Datei nicht geprüft: kein Scanner eingerichtet",
}
