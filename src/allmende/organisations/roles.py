"""Roles are plain data: a code that rules ask for, and a description that an administrator can read.

A role says what somebody may do today; further ones of the field (procurement, advice, audit) join when the pages
that they are for exist.
"""

from dataclasses import dataclass, field

# Codes of the vocabulary `organisation_type`, sorted by what an organisation is here.
TOWNS = frozenset({"municipality", "county", "municipal_association"})
MUNICIPAL = TOWNS | {"special_purpose_association", "municipal_company"}
# Who counts as public administration. A public IT provider and a municipal company offer and compete as well: what
# towns tell each other in confidence is not for them (decision record 0081).
PUBLIC_ADMINISTRATION = TOWNS | {"special_purpose_association", "state_body", "federal_body"}


@dataclass(frozen=True)
class Role:
    """`of_platform`: held on the platform itself; otherwise held in one organisation.

    `kinds`: codes of organisations that have this role; empty means all of them.
    """

    code: str
    label: str
    description: str
    of_platform: bool
    kinds: frozenset[str] = field(default_factory=frozenset)

    def fits(self, kind: str) -> bool:
        """Whether an organisation of that kind has this role."""
        return not self.of_platform and (not self.kinds or kind in self.kinds)


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "operator_admin",
            "Betrieb",
            "Stößt Abgleiche an, bestätigt Nachfolgen von Gemeinden und vergibt Rollen der Plattform.",
            of_platform=True,
        ),
        Role(
            "catalogue_editor",
            "Redaktion",
            "Prüft Anmeldungen und neue Einträge, zieht Einträge mit Grund zurück und führt Dubletten zusammen.",
            of_platform=True,
        ),
        Role(
            "quality_reviewer",
            "Prüfstelle",
            "Prüft Nachweise von Anbietern. Meldet sich immer mit zweitem Faktor an.",
            of_platform=True,
        ),
        Role(
            "organisation_admin",
            "Verwaltung der Organisation",
            "Lädt Kolleginnen und Kollegen ein, vergibt und beendet Rollen in der eigenen Organisation und pflegt "
            "ihre Angaben.",
            of_platform=False,
        ),
        Role(
            "municipality_editor",
            "Digitalisierung der Kommune",
            "Gibt an, welche Lösungen die eigene Kommune einsetzt und seit wann, und pflegt das Profil der Kommune.",
            of_platform=False,
            kinds=MUNICIPAL,
        ),
        Role(
            "provider_editor",
            "Angebote der Organisation",
            "Stellt Angebote und eigene Entwicklungen ein, hält sie aktuell und zieht sie zurück.",
            of_platform=False,
        ),
        Role(
            "decision_maker",
            "Mitlesen",
            "Sieht, was die Organisation hier eingetragen hat, auch was nicht öffentlich ist. Ändert nichts.",
            of_platform=False,
        ),
    )
}
STAFF = ("operator_admin", "catalogue_editor")
# Who signs in with a second factor, always.
SECOND_FACTOR = (*STAFF, "quality_reviewer")
# What an invitation or a join gives where nobody chose: to read.
LEAST = "decision_maker"


def roles_of_organisations(kind: str) -> list[Role]:
    """Roles that an organisation of that kind can give, in reading order."""
    return [role for role in ROLES.values() if role.fits(kind)]
