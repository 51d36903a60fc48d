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
            "Verwaltet Quellen und Abgleiche, Regionen und Konten und entscheidet über zweifelhafte Dubletten.",
            of_platform=True,
        ),
        Role(
            "catalogue_editor",
            "Redaktion",
            "Pflegt Einträge, zieht sie mit Grund zurück und führt Dubletten zusammen.",
            of_platform=True,
        ),
        Role(
            "municipality_editor",
            "Digitalisierung der Kommune",
            "Bestätigt und beendet für die eigene Kommune, welche Lösungen sie einsetzt.",
            of_platform=False,
        ),
        Role(
            "provider_editor",
            "Angebote des Anbieters",
            "Stellt Angebote der eigenen Organisation ein und hält sie aktuell.",
            of_platform=False,
        ),
    )
}
STAFF = ("operator_admin", "catalogue_editor")
