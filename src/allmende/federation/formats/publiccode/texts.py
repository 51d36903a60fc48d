"""The words of a description, by language: German first, then English, then as the file has them."""

import re

from allmende.catalogue.drafts import TextDraft
from allmende.federation.formats.privacy import without_emails
from allmende.federation.formats.publiccode.lenient import (
    UNKNOWN_LANGUAGE,
    child,
    language_of,
    line_of,
    link_of,
    text_of,
    texts_of,
)
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.yaml_source import Node

_TEXT_KEYS = ("shortDescription", "longDescription", "features", "localisedName", "genericName")
_MARKUP = re.compile(
    r"<\s*(?:script|iframe|object|embed|style|form|img|svg|a|div|span|p|br|ul|ol|li|table|b|i|h[1-6])\b[^<>]{0,300}/?>"
    r"|javascript:|\bon(?:error|load|click|mouseover)\s*=",
    re.IGNORECASE,
)
_RANK = {"de": 0, "en": 1}


def texts_by_language(description: Node | None, report: Report) -> tuple[TextDraft, ...]:
    """All texts that say anything. What looks like HTML is kept (and cleaned before it is shown) but remarked."""
    texts: dict[str, TextDraft] = {}
    for tag, node in _languages(description, report):
        text = _text(tag, node)
        if text and text.language not in texts:
            texts[text.language] = text
            _remark_markup(tag, text, report)
    ordered = sorted(texts.values(), key=lambda text: _RANK.get(text.language.partition("-")[0], 2))
    if ordered and not any(text.language.partition("-")[0] == "de" for text in ordered):
        report.note(
            "description",
            "Es gibt keinen deutschen Text; ergänzen Sie unter „description“ einen Abschnitt „de“.",
        )
    return tuple(ordered)


def _languages(description: Node | None, report: Report) -> list[tuple[str, Node]]:
    if description is None or description.kind == "sequence":
        return []
    if description.is_scalar or any(description.entry(key) for key in _TEXT_KEYS):
        report.note(
            "description",
            "Die Sprache der Beschreibung fehlt; setzen Sie die Texte unter ein Sprachkürzel wie „de“.",
        )
        sections = [
            (entry.name, entry.value) for entry in description.entries if entry.value.kind == "mapping"
        ]
        return [*sections, (UNKNOWN_LANGUAGE, description)]
    return [(entry.name, entry.value) for entry in description.entries]


def _shown(text: str | None) -> str | None:
    return without_emails(text) if text else text


def _text(tag: str, node: Node) -> TextDraft | None:
    language = language_of(tag) or UNKNOWN_LANGUAGE
    if node.is_scalar:
        words = text_of(node)
        return TextDraft(language=language, description=words) if words else None
    text = TextDraft(
        language=language,
        name=line_of(child(node, "localisedName")),
        summary=_shown(line_of(child(node, "shortDescription"))),
        description=_shown(text_of(child(node, "longDescription"))),
        features=tuple(without_emails(each) for each in texts_of(child(node, "features"))),
        documentation_url=link_of(child(node, "documentation")),
    )
    return text if text != TextDraft(language=language) else None


def _remark_markup(tag: str, text: TextDraft, report: Report) -> None:
    key = f"description.{tag}"
    named = (
        ("shortDescription", text.summary),
        ("longDescription", text.description),
        ("localisedName", text.name),
    )
    for field, words in (*named, ("features", "\n".join(text.features))):
        if words and _MARKUP.search(words):
            report.note(
                f"{key}.{field}",
                f"Der Text „{key}.{field}“ enthält HTML oder ein Skript, das wir nicht ausführen; schreiben Sie reinen "
                "Text oder einfaches Markdown.",
            )
