"""Text from strangers: which characters the bytes of a file stand for, said aloud where it was a guess."""

import codecs
from dataclasses import dataclass

from allmende.catalogue.drafts import Finding, Severity

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)

_WESTERN_SIGNS = frozenset("§°«»·©®€„“”‚‘’‹›–—…•½¼¾²³¹×±µ¿¡ªº\xa0\xad")
"""Signs beside letters that a Western text in Windows-1252 holds; others mean that we guessed wrong."""


@dataclass(frozen=True)
class Decoded:
    """`text` is None where the bytes are no text; the findings say why or what was guessed."""

    text: str | None
    findings: tuple[Finding, ...] = ()


def decode_text(content: bytes) -> Decoded:
    """UTF-8 as every format here asks for; UTF-16, UTF-32 and Windows-1252 are read with an error finding."""
    if not content.strip():
        return _none("Die Datei ist leer; tragen Sie die Angaben ein oder löschen Sie sie.")
    for mark, codec, label in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _marked(content, codec, label)
    if b"\0" in content:
        return _none(
            "Die Datei enthält Binärdaten und keinen Text; legen Sie an diese Stelle eine Textdatei in UTF-8."
        )
    if content.startswith(codecs.BOM_UTF8):
        return _with_mark(content)
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _western(content, error.start)


def _with_mark(content: bytes) -> Decoded:
    try:
        text = content[len(codecs.BOM_UTF8) :].decode("utf-8")
    except UnicodeDecodeError as error:
        return _western(content[len(codecs.BOM_UTF8) :], error.start)
    return Decoded(
        text,
        (
            _finding(
                "info",
                "Die Datei beginnt mit einer unsichtbaren Bytereihenfolge-Marke; speichern Sie sie als UTF-8 ohne BOM.",
                1,
            ),
        ),
    )


def _marked(content: bytes, codec: str, label: str) -> Decoded:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        return _none(
            f"Die Datei gibt sich als {label} aus, ist aber nicht lesbar; speichern Sie sie als UTF-8."
        )
    if "\0" in text:
        return _none(
            "Die Datei enthält Binärdaten und keinen Text; legen Sie an diese Stelle eine Textdatei in UTF-8."
        )
    message = f"Die Datei ist in {label} gespeichert und nicht in UTF-8; speichern Sie sie als UTF-8."
    return Decoded(text, (_finding("error", message, 1),))


def _western(content: bytes, position: int) -> Decoded:
    line = content.count(b"\n", 0, position) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not _looks_western(text):
        return _none(
            "Die Datei ist nicht in UTF-8 gespeichert und enthält unlesbare Zeichen; speichern Sie sie als UTF-8.",
            line,
        )
    message = (
        "Die Datei ist in Windows-1252 (Latin-1) gespeichert und nicht in UTF-8; speichern Sie sie als UTF-8."
    )
    return Decoded(text, (_finding("error", message, line),))


def _looks_western(text: str) -> bool:
    """Any bytes can be taken for Windows-1252; a text in it is mostly plain letters with some umlauts or accents."""
    beyond = [sign for sign in text if not sign.isascii()]
    plain = sum(sign.isascii() and sign.isalpha() for sign in text)
    return 0 < len(beyond) * 5 <= plain and all(sign.isalpha() or sign in _WESTERN_SIGNS for sign in beyond)


def _none(message: str, line: int | None = None) -> Decoded:
    return Decoded(None, (_finding("error", message, line),))


def _finding(severity: Severity, message: str, line: int | None) -> Finding:
    return Finding(severity=severity, key="", message=message, line=line)
