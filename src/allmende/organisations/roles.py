"""Roles are plain data: a code that rules ask for, and a description that an administrator can read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """`of_platform`: held on the platform itself; otherwise held in one organisation."""

    code: str
    label: str
    description: str
    of_platform: bool


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "operator_admin",
            "Betrieb",
            "Stößt Abgleiche an, bestätigt Nachfolgen von Gemeinden und löscht, wenn ein Gesetz es verlangt.",
            of_platform=True,
        ),
        Role(
            "catalogue_editor",
            "Redaktion",
            "Sieht durch, was zurückgestellt ist, zieht Einträge mit Grund zurück und führt Dubletten zusammen.",
            of_platform=True,
        ),
        Role(
            "municipality_editor",
            "Digitalisierung der Kommune",
            "Gibt an, welche Lösungen die eigene Kommune einsetzt und seit wann.",
            of_platform=False,
        ),
        Role(
            "provider_editor",
            "Angebote des Anbieters",
            "Spricht für die Angebote der eigenen Organisation. Seiten zum Einstellen gibt es noch nicht.",
            of_platform=False,
        ),
    )
}
STAFF = ("operator_admin", "catalogue_editor")
