"""What the catalogue records in the journal."""

KINDS = {
    "catalogue.origin_known": "Herkunft eingetragen oder geändert",
    "catalogue.solution_published": "Lösung veröffentlicht",
    "catalogue.solution_changed": "Lösung geändert",
    "catalogue.solution_withdrawn": "Lösung zurückgezogen",
    "catalogue.solution_restored": "Lösung wieder veröffentlicht",
    "catalogue.solution_erased": "Lösung gelöscht",
    "catalogue.contact_erased": "Kontakt gelöscht",
    "catalogue.solutions_merged": "Lösungen zusammengeführt",
    "catalogue.merge_undone": "Zusammenführung rückgängig gemacht",
    "catalogue.duplicate_suspected": "mögliche Dublette gemeldet",
    "catalogue.duplicate_rejected": "mögliche Dublette als verschieden beurteilt",
    "catalogue.listing_missing": "Quelle nennt die Lösung nicht mehr",
    "catalogue.listing_returned": "Quelle nennt die Lösung wieder",
    "catalogue.offer_published": "Angebot veröffentlicht",
    "catalogue.offer_changed": "Angebot geändert",
    "catalogue.offer_withdrawn": "Angebot zurückgezogen",
    "catalogue.use_confirmed": "Nutzung von der Kommune bestätigt",
    "catalogue.use_ended": "Nutzung von der Kommune beendet",
}
