"""The second verdict: what we do with the file. Lenient where a person would be, strict where it matters."""

import re
from dataclasses import dataclass

from allmende.federation.formats.publiccode.lenient import address_of, child, line_of, text_of
from allmende.federation.formats.publiccode.mapping import Identity
from allmende.federation.formats.publiccode.placeholders import (
    is_placeholder_address,
    is_placeholder_name,
    is_placeholder_text,
)
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.schema import PUBLICCODE
from allmende.federation.formats.publiccode.standard import shown
from allmende.federation.formats.yaml_source import Node

_IDENTIFYING = frozenset(("name", "url", "landingurl", "publiccodeymlversion"))
_KNOWN = frozenset(key.lower() for key in PUBLICCODE.keys) | {"tags", "publiccode-yaml-version"}
_DATA = re.compile(
    r"\s*(?:an?\s+|the\s+|eine?\s+)?(?:collection of (?:\w+ )?data ?sets?\b|sammlung von datensätzen\b"
    r"|data ?sets? (?:of|for|about|with|containing|on)\b|datens(?:atz|ätze) (?:der|des|von|mit|über|zu[mr]?)\b"
    r"|raccolta di dataset\b|jeux? de données (?:de|des|sur)\b)",
    re.IGNORECASE,
)
"""A summary that begins so. Software *for* data sets is software."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Either we know what it is (`identity`), or `reasons` say in German why the file is kept back.

    `start`: as much of the identity as can be used, for a person who completes the rest in a form ("" for a name that
    is missing); None where the file cannot be used at all. `problems`: the reasons with the keys they are about.
    """

    identity: Identity | None = None
    reasons: tuple[str, ...] = ()
    start: Identity | None = None
    problems: tuple[tuple[str, str], ...] = ()


def decide(root: Node | None, report: Report) -> Decision:
    """Look at the file as a careful person would. Remarks go to the report."""
    if root is None:
        return Decision(reasons=_unreadable(report))
    if root.kind != "mapping":
        return Decision(reasons=(_NOT_A_MAPPING,))
    if not _is_publiccode(root):
        return Decision(reasons=(_SOMETHING_ELSE,))
    name = _name(root, report)
    repository = address_of(child(root, "url"), report, "url")
    website = address_of(child(root, "landingURL"), report, "landingURL")
    problems = [
        *(("name", reason) for reason in _name_reasons(name)),
        *_address_reasons(root, repository, website),
        *(("description", reason) for reason in _text_reasons(root)),
    ]
    if problems or name is None:
        wrong = {key for key, _ in problems}
        start = Identity(
            name="" if name is None or "name" in wrong else name,
            repository_url=None if "url" in wrong else repository,
            website_url=website if website and not is_placeholder_address(website) else None,
        )
        reasons = tuple(reason for _, reason in problems)
        return Decision(reasons=reasons, start=start, problems=tuple(problems))
    if website and is_placeholder_address(website):
        report.note(
            "landingURL",
            f"„{shown(website)}“ ist eine Beispieladresse und wird nicht gezeigt; ersetzen Sie sie.",
        )
        website = None
    identity = Identity(name=name, repository_url=repository, website_url=website)
    return Decision(identity=identity, start=identity)


_NOT_A_MAPPING = (
    "Die Datei enthält keine Angaben in der Form „Schlüssel: Wert“; "
    "schreiben Sie sie nach dem Standard publiccode.yml."
)
_SOMETHING_ELSE = (
    "Die Datei enthält keine Angaben nach dem Standard publiccode.yml; ist sie etwas anderes, nehmen Sie sie aus der "
    "Quelle, sonst ergänzen Sie Name, Adresse, Beschreibung und Lizenz."
)


def _unreadable(report: Report) -> tuple[str, ...]:
    messages = [
        finding.message for finding in report.findings if finding.severity == "error" and not finding.key
    ]
    if not messages:
        return ("Die Datei enthält nur Kommentare; tragen Sie die Angaben ein oder löschen Sie sie.",)
    return (f"Die Datei ist nicht lesbar: {messages[-1]}",)


def _is_publiccode(root: Node) -> bool:
    """A stray YAML file may have a name, too; it says nothing else that the standard knows."""
    known = {entry.name.lower() for entry in root.entries} & _KNOWN
    return bool(known & _IDENTIFYING) and (len(known) >= 2 or "name" in known)


def _name(root: Node, report: Report) -> str | None:
    name = line_of(child(root, "name"))
    if name:
        return name[:200]
    description = child(root, "description")
    for entry in description.entries if description else ():
        localised = line_of(child(entry.value, "localisedName"))
        if localised:
            report.note(
                "name",
                f"Der Name fehlt; wir verwenden „{shown(localised)}“ aus der Beschreibung, tragen Sie ihn ein.",
            )
            return localised[:200]
    return None


def _name_reasons(name: str | None) -> list[str]:
    if name is None:
        return ["Der Name der Software fehlt; tragen Sie ihn unter „name“ ein."]
    if is_placeholder_name(name):
        return [
            f"Der Name „{shown(name)}“ ist ein Platzhalter aus der Vorlage; "
            "ersetzen Sie ihn durch den Namen der Software."
        ]
    return []


def _address_reasons(root: Node, repository: str | None, website: str | None) -> list[tuple[str, str]]:
    """At most one reason, with the key that it is about."""
    if repository and is_placeholder_address(repository):
        reason = (
            f"Die Adresse „{shown(repository)}“ unter „url“ ist ein Platzhalter aus der Vorlage; "
            "ersetzen Sie sie durch die Adresse des Repositorys."
        )
        return [("url", reason)]
    if repository:
        return []
    if website and is_placeholder_address(website):
        reason = (
            f"Die Adresse „{shown(website)}“ unter „landingURL“ ist ein Platzhalter aus der Vorlage; ersetzen Sie sie "
            "und tragen Sie unter „url“ das Repository ein."
        )
        return [("landingURL", reason)]
    if website:
        return []
    written = line_of(child(root, "url"))
    if written:
        reason = f"„{shown(written)}“ unter „url“ ist keine Adresse; schreiben Sie sie ganz aus, mit https:// vorn."
        return [("url", reason)]
    reason = "Es fehlt jede Adresse; tragen Sie unter „url“ das Repository oder unter „landingURL“ eine Webseite ein."
    return [("url", reason)]


def _text_reasons(root: Node) -> list[str]:
    description = child(root, "description")
    entries = description.entries if description else ()
    summaries = [(entry.name, text_of(child(entry.value, "shortDescription"))) for entry in entries]
    longs = [(entry.name, text_of(child(entry.value, "longDescription"))) for entry in entries]
    for language, words in (*summaries, *longs):
        if words and is_placeholder_text(words):
            return [
                f"Die Beschreibung „{language}“ enthält noch den Text der Vorlage („{shown(words)}“); beschreiben Sie "
                "statt dessen Ihre Software."
            ]
    if any(words and _DATA.match(words) for _, words in summaries):
        return [
            "Der Eintrag beschreibt Daten und keine Software; veröffentlichen Sie ihn in einem Datenkatalog."
        ]
    return []
