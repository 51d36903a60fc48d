"""What the journal says about regions."""

KINDS = {
    "regions.imported": "Gemeindeverzeichnis eingelesen",
    "regions.invented": "Erfundene Gebiete angelegt",
    "regions.size_class_set": "Größenklasse festgelegt",
    "regions.succession_proposed": "Nachfolge vorgeschlagen",
    "regions.succession_confirmed": "Nachfolge bestätigt",
    "regions.succession_rejected": "Nachfolge abgelehnt",
}
