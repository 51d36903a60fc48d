"""Roles are plain data: a code that rules ask for, and a description that an administrator can read.

A role says what somebody may do today; further ones of the field (advice, data protection) join when the pages that
they are for exist. `FIELD` says of each role that the field knows what it does here until then.

Whoever offers the operation of others' software (`operator_org` in the field: a public IT provider) has no role of its
own: an offer of that kind is an offer, with the same form, the same desk and the same rights. So `provider_editor`
covers it, and says so. It becomes a role once there is something that only an operator may do.
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
            "Gibt an, welche Lösungen die eigene Kommune einsetzt und seit wann, pflegt das Profil der Kommune, "
            "beschreibt Bedarfe und beginnt Markterkundungen.",
            of_platform=False,
            kinds=MUNICIPAL,
        ),
        Role(
            "procurement_officer",
            "Vergabestelle",
            "Beginnt und führt Markterkundungen, schickt Fragen an Unternehmen und gibt Fälle von Kolleginnen und "
            "Kollegen frei. Was sie selbst führt oder vorgelegt hat, gibt sie nicht frei.",
            of_platform=False,
            kinds=MUNICIPAL,
        ),
        Role(
            "auditor",
            "Rechnungsprüfung",
            "Liest Markterkundungen, für die ihr Einsicht gegeben wurde, mit ihrer ganzen Geschichte. Ändert nichts.",
            of_platform=False,
            kinds=PUBLIC_ADMINISTRATION | MUNICIPAL,
        ),
        Role(
            "provider_editor",
            "Angebote der Organisation",
            "Stellt Angebote und eigene Entwicklungen ein, auch den Betrieb von Software anderer, hält sie aktuell und "
            "zieht sie zurück.",
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


@dataclass(frozen=True)
class FieldRole:
    """A role as the field knows it. `held_as`: code of ours that covers it, "" where it needs none or has none yet."""

    code: str
    label: str
    held_as: str
    today: str
    later: str = ""


FIELD: tuple[FieldRole, ...] = (
    FieldRole(
        "municipality_editor",
        "Digitalisierung einer Kommune",
        "municipality_editor",
        "Sucht, vergleicht und rechnet. Gibt an, was die Kommune nutzt und was fehlt, pflegt ihr Profil, beschreibt "
        "Bedarfe und beginnt Markterkundungen.",
        "Um Rat fragen kommt mit dem Teil „Beratung“.",
    ),
    FieldRole(
        "procurement_officer",
        "Vergabestelle",
        "procurement_officer",
        "Führt Markterkundungen, schickt Fragen an Unternehmen und gibt Fälle von Kolleginnen und Kollegen frei.",
    ),
    FieldRole(
        "decision_maker",
        "Bürgermeisteramt, Kämmerei, Rat",
        "decision_maker",
        "Liest alles, was die eigene Organisation eingetragen hat, und ändert nichts. Die Vorlage für den Rat "
        "bekommt sie aus der Markterkundung.",
    ),
    FieldRole(
        "dpo_iso",
        "Datenschutz und Informationssicherheit",
        "",
        "Liest Angaben und Unterlagen zu Angeboten; dafür braucht niemand eine Rolle.",
        "Nachweise ansehen und bewerten kommt mit dem Teil „Qualität“.",
    ),
    FieldRole(
        "auditor",
        "Rechnungsprüfung",
        "auditor",
        "Liest Markterkundungen, für die eine Kommune Einsicht gegeben hat, mit ihrer ganzen Geschichte. Die "
        "Geschichte jedes Eintrags liest sie wie alle anderen.",
    ),
    FieldRole(
        "provider_editor",
        "Anbieter",
        "provider_editor",
        "Stellt Angebote und eigene Entwicklungen ein, lädt Unterlagen hoch, übernimmt eigene Einträge und nimmt zu "
        "Meldungen Stellung. Sieht passende Bedarfe und beantwortet Fragen von Kommunen.",
    ),
    FieldRole(
        "operator_org",
        "Softwarebetreiber, öffentlicher IT-Dienstleister",
        "provider_editor",
        "Bietet den Betrieb von Software anderer als Angebot an. Dafür ist die Rolle „Angebote der Organisation“ da.",
    ),
    FieldRole(
        "advisor_land",
        "Beratungsstelle eines Landes",
        "",
        "Sucht und vergleicht; dafür braucht niemand eine Rolle.",
        "Anfragen annehmen und beantworten kommt mit dem Teil „Beratung“.",
    ),
    FieldRole(
        "knowledge_editor",
        "Redaktion des Wissens",
        "",
        "Noch nichts.",
        "Wissen sammeln, bewerten und pflegen kommt mit dem Teil „Wissen“.",
    ),
    FieldRole(
        "quality_reviewer",
        "Prüfstelle",
        "quality_reviewer",
        "Meldet sich mit zweitem Faktor an; zu prüfen gibt es noch nichts.",
        "Nachweise prüfen kommt mit dem Teil „Qualität“.",
    ),
    FieldRole(
        "operator_admin",
        "Betrieb",
        "operator_admin",
        "Pflegt Quellen, Organisationen, Rollen und Meldungen, liest das Journal und sieht nach, ob alles läuft.",
    ),
    FieldRole(
        "source_system",
        "Katalog eines Landes (Technik)",
        "",
        "Wird als Quelle eingerichtet und regelmäßig abgeglichen; anmelden muss sich das System nicht.",
        "Selbst Einträge schicken kommt mit der Schnittstelle zum Schreiben.",
    ),
    FieldRole(
        "citizen",
        "Bürgerinnen und Bürger",
        "",
        "Lesen alles Öffentliche und melden Fehler, auch ohne Konto.",
        "Bedarfe unterstützen und Ergebnisse lesen kommt mit dem Teil „Beteiligung“.",
    ),
    FieldRole(
        "public",
        "Wissenschaft und Presse",
        "",
        "Lesen alles Öffentliche und laden Listen herunter; dafür braucht niemand ein Konto.",
        "Statistik kommt mit dem Teil „Auswertung“.",
    ),
)
STAFF = ("operator_admin", "catalogue_editor")
# Who signs in with a second factor, always.
SECOND_FACTOR = (*STAFF, "quality_reviewer")
# What an invitation or a join gives where nobody chose: to read.
LEAST = "decision_maker"


def roles_of_organisations(kind: str) -> list[Role]:
    """Roles that an organisation of that kind can give, in reading order."""
    return [role for role in ROLES.values() if role.fits(kind)]
