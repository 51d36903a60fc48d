"""The reader: from the bytes of one page to what we make of it."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from allmende.catalogue.drafts import Finding, Reading
from allmende.federation.formats.base import Context
from allmende.federation.formats.markdown.front_matter import Page, split_page
from allmende.federation.formats.markdown.mapping import Refusal, draft_of
from allmende.federation.formats.markdown.profile import Profile, problems_of
from allmende.federation.formats.publiccode.lenient import line_of
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.text_source import decode_text
from allmende.federation.formats.yaml_source import Node, read_yaml_text

_LANGUAGE_NAMES = {"en": "englische", "fr": "französische", "it": "italienische", "pl": "polnische"}


class Markdown:
    """Pages of a catalogue kept as files. What the source's profile may say stands in `profile.Profile`."""

    code = "markdown"
    label = "Markdown mit Vorspann"
    version = 2

    def profile_problems(self, profile: Mapping[str, Any]) -> tuple[str, ...]:
        return problems_of(profile)

    def wants(self, path: str, context: Context) -> bool:
        """Every Markdown page, so that the report also names those that are no entries."""
        return PurePosixPath(path).suffix.lower() in (".md", ".markdown")

    def read(self, content: bytes, *, path: str, context: Context) -> Reading:
        """Read one page; never raises for what it holds."""
        profile = Profile.of(context.profile)
        if reason := _no_entry(path, profile):
            return _left_out(reason, profile, path)
        decoded = decode_text(content)
        if decoded.text is None:
            return _kept_back(decoded.findings, profile, path)
        page = split_page(decoded.text)
        if page.front_matter is None:
            return _without_front_matter(page, profile, path)
        source = read_yaml_text(page.front_matter, first_line=2)
        if source.root is None or source.root.kind != "mapping":
            findings = (*decoded.findings, *(source.findings or (_error(_NO_KEYS, 1),)))
            return _kept_back(findings, profile, path)
        if reason := _excluded(source.root, profile):
            return _left_out(reason, profile, path)
        report = Report(root=source.root, findings=[*decoded.findings, *source.findings])
        return _read_entry(source.root, page.body, path, profile, context, report)


def _read_entry(
    root: Node, body: str, path: str, profile: Profile, context: Context, report: Report
) -> Reading:
    try:
        draft = draft_of(root, body, profile, context, report)
    except Refusal as refusal:
        for reason in refusal.reasons:
            report.error("", reason)
        return Reading(
            decision="quarantine",
            reasons=refusal.reasons,
            findings=report.all(),
            record_url=profile.address_of(path),
            record_licence=profile.licence,
        )
    findings = report.all()
    is_clean = all(finding.severity == "info" for finding in findings)
    return Reading(
        decision="publish" if is_clean else "publish_with_warnings",
        draft=draft,
        findings=findings,
        record_url=profile.address_of(path),
        record_licence=profile.licence,
    )


_NO_KEYS = (
    "Der Vorspann der Seite enthält keine Angaben in der Form „Schlüssel: Wert“; "
    "tragen Sie mindestens den Namen ein."
)


def _no_entry(path: str, profile: Profile) -> str | None:
    """Why a page is none of ours by its place alone."""
    language = profile.translation(path)
    if language:
        name = _LANGUAGE_NAMES.get(language, f"anderssprachige ({language})")
        return f"Das ist die {name} Fassung einer Seite; übernommen wird die deutsche."
    if PurePosixPath(path).stem.lower() in ("index", "_index", "readme"):
        return "Das ist eine Übersichtsseite und kein Eintrag über eine Lösung."
    if not profile.is_entry(path):
        return "Die Seite liegt außerhalb des Ordners mit den Einträgen; sie erklärt etwas oder leitet an."
    return None


def _without_front_matter(page: Page, profile: Profile, path: str) -> Reading:
    if page.is_open:
        message = "Der Vorspann beginnt mit „---“ und endet nicht; schließen Sie ihn mit einer Zeile „---“."
        return _kept_back((_error(message, 1),), profile, path)
    return _left_out("Die Seite hat keinen Vorspann und ist deshalb kein Eintrag.", profile, path)


def _excluded(root: Node, profile: Profile) -> str | None:
    """Why a page is none of ours by what it says of itself."""
    for key, value in profile.never.items():
        if _is(root, key, value):
            return f"Die Seite ist mit „{key}: {value}“ als Entwurf oder Beiwerk gekennzeichnet."
    for key, value in profile.only.items():
        if not _is(root, key, value):
            return f"Die Seite ist kein Eintrag: Es fehlt „{key}: {value}“."
    return None


def _is(root: Node, key: str, value: str) -> bool:
    """`true`, `True` and `1` are one."""
    written = (line_of(root.get(key)) or "").lower()
    return written == value.lower() or (value.lower() == "true" and written in ("1", "yes", "ja"))


def _left_out(reason: str, profile: Profile, path: str) -> Reading:
    return Reading(
        decision="leave_out",
        reasons=(reason,),
        record_url=profile.address_of(path),
        record_licence=profile.licence,
    )


def _kept_back(findings: tuple[Finding, ...], profile: Profile, path: str) -> Reading:
    reasons = tuple(dict.fromkeys(each.message for each in findings if each.severity == "error"))
    return Reading(
        decision="quarantine",
        reasons=reasons or (_NO_KEYS,),
        findings=findings,
        record_url=profile.address_of(path),
        record_licence=profile.licence,
    )


def _error(message: str, line: int | None) -> Finding:
    return Finding(severity="error", key="", message=message, line=line)


MARKDOWN = Markdown()
