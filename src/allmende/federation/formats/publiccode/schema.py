"""The shape of publiccode.yml 0.x as a table: which keys there are, which type each has, in the order of checking.

The order matters: the reference parser decodes key by key and reports the first wrong type only.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A string; numbers and booleans are taken as their words. `optional`: an absent one differs from an empty one."""

    optional: bool = False


@dataclass(frozen=True)
class Link:
    """A string that can be taken apart as an address."""


@dataclass(frozen=True)
class Flag:
    """true or false, nothing else."""


@dataclass(frozen=True)
class ListOf:
    item: "Type"
    or_single: bool = False
    """One value instead of a list of one is allowed."""


@dataclass(frozen=True)
class Section:
    """A mapping with known keys. `optional`: may be absent as a whole."""

    keys: Mapping[str, "Type"]
    optional: bool = False


@dataclass(frozen=True)
class ByLanguage:
    """A mapping whose keys are language tags."""

    section: Section


Type = Text | Link | Flag | ListOf | Section | ByLanguage

_TEXT = Text()
_MAYBE = Text(optional=True)
_TEXTS = ListOf(_TEXT)

ORGANISATION = {"uri": _TEXT, "name": _MAYBE}

DESCRIPTION = Section(
    {
        "localisedName": _MAYBE,
        "genericName": _TEXT,
        "shortDescription": _TEXT,
        "longDescription": _TEXT,
        "documentation": Link(),
        "apiDocumentation": Link(),
        "features": _TEXTS,
        "screenshots": _TEXTS,
        "videos": ListOf(Link()),
        "awards": _TEXTS,
    }
)

DEPENDENCIES = ListOf(
    Section(
        {"name": _TEXT, "versionMin": _MAYBE, "versionMax": _MAYBE, "optional": Flag(), "version": _MAYBE}
    )
)

ITALY = Section(
    {
        "countryExtensionVersion": _MAYBE,
        "conforme": Section(
            {
                "lineeGuidaDesign": Flag(),
                "modelloInteroperabilita": Flag(),
                "misureMinimeSicurezza": Flag(),
                "gdpr": Flag(),
            },
            optional=True,
        ),
        "riuso": Section({"codiceIPA": _TEXT}),
        "piattaforme": Section(
            {"spid": Flag(), "pagopa": Flag(), "cie": Flag(), "anpr": Flag(), "io": Flag()}
        ),
    },
    optional=True,
)

PUBLICCODE = Section(
    {
        "publiccodeYmlVersion": _TEXT,
        "name": _TEXT,
        "applicationSuite": _TEXT,
        "url": Link(),
        "landingURL": Link(),
        "isBasedOn": ListOf(Link(), or_single=True),
        "softwareVersion": _TEXT,
        "releaseDate": _MAYBE,
        "logo": _MAYBE,
        "monochromeLogo": _MAYBE,
        "organisation": Section(ORGANISATION, optional=True),
        "inputTypes": _TEXTS,
        "outputTypes": _TEXTS,
        "platforms": _TEXTS,
        "categories": _TEXTS,
        "usedBy": _TEXTS,
        "fundedBy": ListOf(Section(ORGANISATION)),
        "roadmap": Link(),
        "developmentStatus": _TEXT,
        "softwareType": _TEXT,
        "supports": ListOf(Section({"id": _TEXT})),
        "intendedAudience": Section(
            {"scope": _TEXTS, "countries": _TEXTS, "unsupportedCountries": _TEXTS}, optional=True
        ),
        "description": ByLanguage(DESCRIPTION),
        "legal": Section(
            {"license": _TEXT, "mainCopyrightOwner": _MAYBE, "repoOwner": _MAYBE, "authorsFile": _MAYBE}
        ),
        "maintenance": Section(
            {
                "type": _TEXT,
                "contractors": ListOf(
                    Section({"name": _TEXT, "email": _MAYBE, "website": Link(), "until": _TEXT})
                ),
                "contacts": ListOf(
                    Section({"name": _TEXT, "email": _MAYBE, "affiliation": _MAYBE, "phone": _MAYBE})
                ),
            }
        ),
        "localisation": Section({"localisationReady": Flag(), "availableLanguages": _TEXTS}),
        "dependsOn": Section(
            {"open": DEPENDENCIES, "proprietary": DEPENDENCIES, "hardware": DEPENDENCIES}, optional=True
        ),
        "IT": ITALY,
        "it": ITALY,
    }
)
