"""The keys of the top level, and the short sections."""

import re

from allmende.federation.formats.publiccode import beside
from allmende.federation.formats.publiccode.addresses import (
    IPA_SCHEME,
    is_address,
    is_organisation_uri,
    is_uri,
)
from allmende.federation.formats.publiccode.beside import Siblings
from allmende.federation.formats.publiccode.decoding import Values
from allmende.federation.formats.publiccode.languages import is_language_tag
from allmende.federation.formats.publiccode.licences import is_licence_expression
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.rules.small import (
    DROP,
    check_choice,
    check_each,
    check_web_address,
    cut,
    is_date,
    need,
)
from allmende.federation.formats.publiccode.vocabulary import (
    CATEGORIES,
    COUNTRIES,
    DEVELOPMENT_STATUSES,
    SCOPES,
    SOFTWARE_TYPES,
    SUPPORT_ALIASES,
)

_MEDIA_TYPE = re.compile(r" *[A-Za-z0-9][A-Za-z0-9!#$&^_-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126} *")


def check_top(values: Values, report: Report) -> None:
    need(report, "name", values["name"], "tragen Sie den Namen der Software ein")
    url = values["url"]
    if need(report, "url", url if url is None else True, "tragen Sie die Adresse des Repositorys ein"):
        _check_repository(url, report)
    check_web_address(report, "landingURL", values["landingURL"])
    for at, origin in enumerate(values["isBasedOn"] or ()):
        if origin is not None and not is_address(origin):
            key = f"isBasedOn[{at}]"
            report.error(
                key, f"„{key}“ ist keine Adresse: „{cut(origin)}“; nennen Sie das Repository mit https://."
            )
    released = values["releaseDate"]
    if released is not None and not is_date(released):
        report.error(
            "releaseDate",
            f"„releaseDate“ ist kein Datum: „{cut(released)}“; schreiben Sie es als JJJJ-MM-TT, etwa 2026-03-31.",
        )
    check_web_address(report, "roadmap", values["roadmap"])
    check_choice(
        report,
        "developmentStatus",
        values["developmentStatus"],
        DEVELOPMENT_STATUSES,
        f"wählen Sie eine von {', '.join(DEVELOPMENT_STATUSES)}",
    )
    check_choice(
        report,
        "softwareType",
        values["softwareType"],
        SOFTWARE_TYPES,
        "wählen Sie zum Beispiel standalone/web",
    )


def _check_repository(url: str, report: Report) -> None:
    if not is_address(url):
        report.error(
            "url", f"„url“ ist keine Adresse: „{cut(url)}“; nennen Sie das Repository mit https:// vorn."
        )


def check_images(values: Values, report: Report, siblings: Siblings) -> None:
    if values["monochromeLogo"]:
        report.warning(
            "monochromeLogo", "„monochromeLogo“ ist veraltet und fällt künftig weg; verwenden Sie „logo“."
        )
    for key in ("logo", "monochromeLogo"):
        path = values[key]
        problem = beside.logo_problem(path, siblings) if path else None
        if problem:
            report.error(key, f"„{cut(path)}“ in „{key}“ {problem}.")


def check_organisations(values: Values, report: Report) -> None:
    if values["organisation"] is not None:
        _check_organisation(values["organisation"], "organisation", report)
    for at, funder in enumerate(values["fundedBy"] or ()):
        _check_organisation(funder, f"fundedBy[{at}]", report)


def _check_organisation(organisation: Values, path: str, report: Report) -> None:
    key = f"{path}.uri"
    uri = organisation["uri"]
    if not need(report, key, uri, "nennen Sie die Adresse der Organisation, etwa ihre Website"):
        return
    if is_organisation_uri(uri):
        return
    if uri.startswith(IPA_SCHEME):
        report.error(
            key, f"„{cut(uri)}“ in „{key}“ ist kein iPA-Code; berichtigen Sie ihn nach dem IndicePA."
        )
    else:
        report.error(
            key,
            f"„{cut(uri)}“ in „{key}“ ist keine Adresse; nennen Sie die Website mit https:// oder eine urn:.",
        )


def check_lists(values: Values, report: Report) -> None:
    for key in ("inputTypes", "outputTypes"):
        sentence = (
            "„{value}“ ist kein Medientyp; schreiben Sie ihn wie text/csv oder streichen Sie „" + key + "“."
        )
        check_each(report, key, values[key], lambda value: bool(_MEDIA_TYPE.fullmatch(value)), sentence)
        if values[key] is not None:
            report.warning(key, f"„{key}“ {DROP}.")
    if not values["platforms"]:
        report.missing(
            "platforms", "Die Pflichtangabe „platforms“ fehlt; nennen Sie als Liste zum Beispiel „web“."
        )
    check_each(
        report,
        "categories",
        values["categories"],
        CATEGORIES.__contains__,
        "„{value}“ steht nicht in der Liste der Kategorien; wählen Sie eine aus der Liste des Standards oder „other“.",
    )
    for at, support in enumerate(values["supports"] or ()):
        _check_support(support["id"], f"supports[{at}].id", report)


def _check_support(identifier: str, key: str, report: Report) -> None:
    if not need(report, key, identifier, "nennen Sie den Standard oder das Gesetz als alias: oder Adresse"):
        return
    if identifier.startswith("alias:"):
        if identifier.removeprefix("alias:") not in SUPPORT_ALIASES:
            report.error(
                key,
                f"Den Kurznamen „{cut(identifier)}“ gibt es nicht; wählen Sie einen von {', '.join(SUPPORT_ALIASES)} "
                "oder schreiben Sie die Adresse aus.",
            )
    elif not is_uri(identifier):
        report.error(
            key, f"„{cut(identifier)}“ in „{key}“ ist weder Adresse noch urn:; schreiben Sie sie ganz aus."
        )


def check_audience(audience: Values, report: Report) -> None:
    check_each(
        report,
        "intendedAudience.scope",
        audience.get("scope"),
        SCOPES.__contains__,
        "„{value}“ steht nicht in der Liste der Einsatzbereiche; wählen Sie einen aus der Liste des Standards.",
    )
    for name in ("countries", "unsupportedCountries"):
        for at, country in enumerate(audience.get(name) or ()):
            _check_country(country, f"intendedAudience.{name}[{at}]", report)


def _check_country(country: str, key: str, report: Report) -> None:
    if country.upper() not in COUNTRIES or country not in (country.upper(), country.lower()):
        report.error(
            key, f"„{cut(country)}“ ist kein Länderkürzel; schreiben Sie zwei Großbuchstaben wie DE."
        )
    elif country == country.lower():
        report.warning(key, f"Kleingeschriebene Länderkürzel sind veraltet; schreiben Sie {country.upper()}.")


def check_legal(legal: Values, report: Report, siblings: Siblings) -> None:
    licence = legal["license"]
    is_given = need(report, "legal.license", licence, "nennen Sie die Lizenz als SPDX-Kürzel, etwa EUPL-1.2")
    if is_given and not is_licence_expression(licence):
        report.error(
            "legal.license",
            f"„{cut(licence)}“ ist kein SPDX-Lizenzkürzel; schreiben Sie zum Beispiel EUPL-1.2.",
        )
    authors = legal["authorsFile"]
    if authors is not None:
        report.warning("legal.authorsFile", f"„legal.authorsFile“ {DROP}.")
        problem = beside.authors_problem(authors, siblings)
        if problem:
            report.error("legal.authorsFile", f"„{cut(authors)}“ in „legal.authorsFile“ {problem}.")
    if legal["repoOwner"] is not None:
        report.warning(
            "legal.repoOwner", "„legal.repoOwner“ ist veraltet; verwenden Sie „organisation.name“."
        )


def check_localisation(localisation: Values, report: Report) -> None:
    need(
        report,
        "localisation.localisationReady",
        localisation["localisationReady"],
        "schreiben Sie true oder false",
    )
    languages = localisation["availableLanguages"]
    key = "localisation.availableLanguages"
    if not languages:
        report.missing(key, f"Die Sprachen „{key}“ fehlen; nennen Sie als Liste zum Beispiel de.")
    sentence = "„{value}“ ist kein Sprachkürzel nach BCP 47; schreiben Sie zum Beispiel de, en oder de-AT."
    check_each(report, key, languages, is_language_tag, sentence)


def check_dependencies(dependencies: Values, report: Report) -> None:
    for kind in ("open", "proprietary", "hardware"):
        for at, dependency in enumerate(dependencies.get(kind) or ()):
            need(report, f"dependsOn.{kind}[{at}].name", dependency["name"], "nennen Sie, was gebraucht wird")
