"""What accounts record in the journal."""

KINDS = {
    "accounts.registered": "Konto angelegt",
    "accounts.address_changed": "E-Mail-Adresse des Kontos geändert",
    "accounts.password_changed": "Passwort geändert",
    "accounts.second_factor_added": "Zweiter Faktor eingerichtet",
    "accounts.second_factor_removed": "Zweiter Faktor entfernt",
    "accounts.identity_provider_joined": "Konto mit einem Anbieter verbunden",
    "accounts.identity_provider_parted": "Verbindung mit einem Anbieter gelöst",
    "accounts.sessions_ended": "Anmeldungen beendet",
    "accounts.renamed": "Name des Kontos geändert",
    "accounts.exported": "Daten des Kontos mitgenommen",
    "accounts.erased": "Konto gelöscht",
    "accounts.dropped": "Nie bestätigte Konten gelöscht",
}
