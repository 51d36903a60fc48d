"""Documents from strangers: which type their content is, whatever they are called. Pure.

The list is short on purpose: PDF, and text and tables of the two office families without macros. This is a sieve and
no proof: what a reader makes of a file is the reader's affair, which is why documents are only ever saved, not shown.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from allmende.files.limits import LARGEST_DOCUMENT, LARGEST_INDEX, MOST_PARTS, MOST_UNPACKED
from allmende.lib.refusals import Refused

TOO_LARGE = "Die Datei ist größer als 10 MB. Verkleinern Sie sie, oder teilen Sie sie auf."
EMPTY = "Die Datei ist leer. Wählen Sie eine andere."
UNKNOWN = (
    "Diese Art von Datei nehmen wir nicht an. Laden Sie eine PDF-Datei hoch, oder ein Dokument oder eine Tabelle aus "
    "einem Büroprogramm (ODT, ODS, DOCX, XLSX). Am Namen allein liegt es nicht: Es zählt, was in der Datei steht."
)
OLD_OFFICE = (
    "Das ist ein altes oder ein verschlüsseltes Büroformat. Speichern Sie die Datei ohne Passwort als PDF, DOCX oder "
    "XLSX und laden Sie diese hoch."
)
ENCRYPTED = "Die Datei ist verschlüsselt, wir können sie nicht prüfen. Speichern Sie sie ohne Passwort."
ACTIVE = (
    "Die Datei enthält Makros, Skripte oder andere Dateien. Speichern Sie sie ohne diese: als einfaches PDF, oder als "
    "Dokument ohne Makros."
)
FAR = "Die Datei lädt beim Öffnen etwas aus dem Netz nach. Speichern Sie sie als PDF, dann steht alles darin."
BROKEN = (
    "Die Datei ist beschädigt oder unvollständig. Speichern Sie sie neu und laden Sie sie noch einmal hoch."
)
TOO_MUCH = "In der Datei steckt ausgepackt zu viel. Speichern Sie sie als PDF und laden Sie diese hoch."


@dataclass(frozen=True)
class DocumentType:
    """`ending` is what its name has to end with; `label` is for pages."""

    content_type: str
    ending: str
    label: str


PDF = DocumentType("application/pdf", "pdf", "PDF")
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."
ODT = DocumentType(f"{_OPEN_DOCUMENT}text", "odt", "ODT")
ODS = DocumentType(f"{_OPEN_DOCUMENT}spreadsheet", "ods", "ODS")
DOCX = DocumentType(f"{_OFFICE}wordprocessingml.document", "docx", "DOCX")
XLSX = DocumentType(f"{_OFFICE}spreadsheetml.sheet", "xlsx", "XLSX")
TYPES: Mapping[str, DocumentType] = {each.content_type: each for each in (PDF, ODT, ODS, DOCX, XLSX)}
# The part that makes an archive a document of Microsoft's family.
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def document_type(data: bytes) -> DocumentType:
    """The type found in the content; raises `Refused` with what to do for anything else."""
    if not data:
        raise Refused(EMPTY)
    if len(data) > LARGEST_DOCUMENT:
        raise Refused(TOO_LARGE)
    for beginning, find in _BEGINNINGS.items():
        if data.startswith(beginning):
            return find(data)
    raise Refused(UNKNOWN)


def _pdf(data: bytes) -> DocumentType:
    if not re.match(rb"%PDF-[12]\.\d[\r\n \t]", data):
        raise Refused(UNKNOWN)
    # Readers look for the end within the last kilobyte; more behind it is not a PDF any more.
    if b"%%EOF" not in data[-1024:]:
        raise Refused(BROKEN)
    # What says so openly; inside compressed parts it takes a scanner.
    if re.search(rb"/(JavaScript|Launch|EmbeddedFiles|RichMedia)\b", data):
        raise Refused(ACTIVE)
    return PDF


def _old_office(_: bytes) -> DocumentType:
    raise Refused(OLD_OFFICE)


def _archive(data: bytes) -> DocumentType:
    """Read through to its end under limits: what it claims to unpack to, and that it is whole."""
    if data[-22:-18] != b"PK\x05\x06":
        # Something stands behind the archive: then it may be two files at once.
        raise Refused(BROKEN)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _require_harmless(archive)
            return _office_type(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError, NotImplementedError):
        raise Refused(BROKEN) from None


def _require_harmless(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(TOO_MUCH)
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or any(_leads_away(name) for name in names):
        raise Refused(BROKEN)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(ENCRYPTED)
    if any(_is_active(name.lower()) for name in names):
        raise Refused(ACTIVE)
    # Never reads more of a part than it claims to hold, and compares its checksum.
    if archive.testzip() is not None:
        raise Refused(BROKEN)


def _leads_away(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _is_active(name: str) -> bool:
    """Macros of both families, controls, and packed programs."""
    parts = name.split("/")
    return (
        parts[0] in ("basic", "scripts")
        or "activex" in parts
        or parts[-1].startswith(("vbaproject", "vbadata", "oleobject"))
        or parts[-1].endswith((".exe", ".dll", ".js", ".vbs", ".jar", ".class", ".scr", ".bat", ".cmd"))
    )


def _office_type(archive: zipfile.ZipFile) -> DocumentType:
    names = archive.namelist()
    if names[0] == "mimetype" and {"content.xml", "META-INF/manifest.xml"} <= set(names):
        return _open_document(archive)
    if "[Content_Types].xml" in names:
        return _office(archive, names)
    raise Refused(UNKNOWN)


def _open_document(archive: zipfile.ZipFile) -> DocumentType:
    named = _part(archive, "mimetype").decode("ascii", "replace")
    found = TYPES.get(named)
    if found not in (ODT, ODS):
        raise Refused(UNKNOWN)
    manifest = _tree(archive, "META-INF/manifest.xml")
    if any(node.tag.endswith("}encryption-data") for node in manifest.iter()):
        raise Refused(ENCRYPTED)
    return found


def _office(archive: zipfile.ZipFile, names: list[str]) -> DocumentType:
    mains = [found for part, found in _MAIN_PARTS.items() if part in names]
    if len(mains) != 1:
        raise Refused(UNKNOWN)
    listed = {
        str(node.get("ContentType", "")).lower() for node in _tree(archive, "[Content_Types].xml").iter()
    }
    if any("macroenabled" in each or "vba" in each or "activex" in each for each in listed):
        raise Refused(ACTIVE)
    if f"{mains[0].content_type}.main+xml" not in listed:
        raise Refused(UNKNOWN)
    for name in names:
        if name.endswith(".rels"):
            _require_near(_tree(archive, name))
    return mains[0]


def _require_near(relations: Element) -> None:
    """Links that people click may lead anywhere; a template or a picture that is fetched on opening may not."""
    for node in relations.iter(_RELATION):
        is_far = node.get("TargetMode") == "External"
        if is_far and not str(node.get("Type", "")).endswith("/hyperlink"):
            raise Refused(FAR)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST_INDEX:
        raise Refused(TOO_MUCH)
    return archive.read(name)


def _tree(archive: zipfile.ZipFile, name: str) -> Element:
    try:
        tree: Element = fromstring(_part(archive, name), forbid_dtd=True)
    except (ParseError, ValueError):  # what defusedxml forbids is a ValueError
        raise Refused(BROKEN) from None
    return tree


_BEGINNINGS: Mapping[bytes, Callable[[bytes], DocumentType]] = {
    b"%PDF-": _pdf,
    b"PK\x03\x04": _archive,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _old_office,
}
