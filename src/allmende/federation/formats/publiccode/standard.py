"""The first verdict: what the standard says, as its reference parser would.

Rules and their order follow publiccode-parser-go (facts; code and words are ours). Nothing here asks the network.
"""

from dataclasses import dataclass

from allmende.catalogue.drafts import Severity
from allmende.federation.formats.publiccode import rules
from allmende.federation.formats.publiccode.beside import NOTHING_KNOWN, Siblings
from allmende.federation.formats.publiccode.decoding import Decoded, Mistake, Values, decode
from allmende.federation.formats.publiccode.places import key_on_line, place_of
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.schema import (
    PUBLICCODE,
    ByLanguage,
    Flag,
    Link,
    ListOf,
    Section,
    Text,
    Type,
)
from allmende.federation.formats.publiccode.vocabulary import LATEST_VERSION, SUPPORTED_VERSIONS
from allmende.federation.formats.yaml_source import Node, Source


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`report` goes on collecting our own remarks; `values` are the decoded ones, None where nothing could be."""

    is_valid: bool
    version: str | None
    report: Report
    values: Values | None


def judge(source: Source, siblings: Siblings = NOTHING_KNOWN) -> Verdict:
    """Check a file that was read. `siblings` answers what lies beside it."""
    report = Report(root=source.root, findings=list(source.findings))
    report.is_shadowed = report.has_errors()
    root = source.root
    if root is None or root.kind != "mapping":
        if not report.has_errors():
            report.error("publiccodeYmlVersion", _VERSION_MISSING)
        return Verdict(is_valid=False, version=None, report=report, values=None)
    version = _check_version(root, report)
    decoded = decode(root, PUBLICCODE)
    _report_mistakes(root, decoded, report)
    rules.check(decoded.values, report, siblings)
    return Verdict(is_valid=not report.has_errors(), version=version, report=report, values=decoded.values)


_VERSION_MISSING = (
    f'Die Angabe „publiccodeYmlVersion“ fehlt; schreiben Sie publiccodeYmlVersion: "{LATEST_VERSION}" in die erste '
    "Zeile."
)


def _check_version(root: Node, report: Report) -> str | None:
    """After an error here the reference parser stops, so all that follows is shadowed."""
    node = root.get("publiccodeYmlVersion")
    if node is None:
        report.error("publiccodeYmlVersion", _VERSION_MISSING)
    elif node.kind != "string":
        wanted = f'schreiben Sie "{node.text or LATEST_VERSION}" in Anführungszeichen.'
        report.error(
            "publiccodeYmlVersion", f"Die Versionsangabe „publiccodeYmlVersion“ ist kein Text; {wanted}"
        )
    elif node.text not in SUPPORTED_VERSIONS:
        report.error(
            "publiccodeYmlVersion",
            f'Die Version „{shown(node.text)}“ gibt es nicht oder nicht mehr; schreiben Sie "{LATEST_VERSION}" und '
            "prüfen Sie die Angaben.",
        )
    else:
        _warn_of_old(node.text, report)
        return node.text
    report.is_shadowed = True
    return node.text or None if node else None


def _warn_of_old(version: str, report: Report) -> None:
    if version != "0" and not version.startswith(LATEST_VERSION):
        report.warning(
            "publiccodeYmlVersion",
            f'Version {version} ist nicht die neueste; schreiben Sie "0" oder "{LATEST_VERSION}", wir lesen die '
            f"Datei schon jetzt als {LATEST_VERSION}.",
        )


def _report_mistakes(root: Node, decoded: Decoded, report: Report) -> None:
    mistake = decoded.first
    if mistake and mistake.path != "publiccodeYmlVersion":  # of the version we have spoken
        key = "" if mistake.kind == "address" else key_on_line(root, mistake.line)
        severity: Severity = "info" if report.is_shadowed else "error"
        report.at(severity, key, _message(mistake), mistake.line, mistake.column)
    for mistake in decoded.shadowed:
        line, column = place_of(root, mistake.path)
        report.at("info", mistake.path, _message(mistake), line or mistake.line, column or mistake.column)


def _message(mistake: Mistake) -> str:
    path = shown(mistake.path)
    if mistake.kind == "unknown":
        return f"Den Schlüssel „{path}“ kennt der Standard nicht; prüfen Sie die Schreibweise oder streichen Sie ihn."
    if mistake.kind == "address":
        return f"„{path}“ ist keine Adresse: „{shown(mistake.found)}“; schreiben Sie sie ganz aus, mit https:// vorn."
    return f"„{path}“ hat die falsche Form: {_FOUND[mistake.found]}; schreiben Sie hier {_wanted(mistake.wanted)}."


_FOUND = {
    "mapping": "da steht ein Abschnitt mit eigenen Schlüsseln",
    "sequence": "da steht eine Liste",
    "string": "da steht ein Text",
    "number": "da steht eine Zahl",
    "boolean": "da steht ein Wahrheitswert",
    "null": "da steht nichts",
}


def _wanted(type_: Type | None) -> str:
    match type_:
        case Text():
            return "einen Text"
        case Link():
            return "eine Adresse"
        case Flag():
            return "true oder false ohne Anführungszeichen"
        case ListOf():
            return "eine Liste, jeder Eintrag in einer eigenen Zeile mit „- “ davor"
        case ByLanguage():
            return "einen Abschnitt je Sprache, zum Beispiel „de:“"
        case Section(keys=keys):
            return f"einen Abschnitt mit den Schlüsseln {', '.join(keys)}"
    return "den passenden Wert"


def shown(text: str) -> str:
    """A stranger's words inside our sentence: one line, not endless."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 80 else one_line[:79] + "…"
