"""Reads Destatis' Gemeindeverzeichnis in its format GV100AD: bytes in, an edition and findings out. No database.

Fixed width, one kind of line (Satzart) per level, columns counted from 1 in the description of the data set:
Satzart 1–2, Gebietsstand 3–10, ARS 11–15 (Kreis) and 19–22 (Verband), Gemeinde 16–18, name 23–72,
Textkennzeichen 123–124, area in hectares 129–139, population 140–150, post code of the seat 166–170.
"""

import datetime
import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace

from allmende.lib.refusals import Refused
from allmende.regions import levels, names
from allmende.regions.drafts import Finding, RegionDraft, RegisterDraft

ATTRIBUTION = (
    "Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Gebietsstand {as_of:%d.%m.%Y}, "
    "dl-de/by-2-0 (www.govdata.de/dl-de/by-2-0), Daten verändert"
)
# An edition has 3.5 MB; whatever is ten times as large is something else.
MAX_BYTES = 40_000_000
MAX_FINDINGS = 50

LAND_LINE, BEZIRK_LINE, REGION_LINE, KREIS_LINE, VERBAND_LINE, GEMEINDE_LINE = (
    "10",
    "20",
    "30",
    "40",
    "50",
    "60",
)
# Where the last field that we need ends, and how many digits the key has that follows the date.
_NEEDED_LENGTH = {
    LAND_LINE: 24,
    BEZIRK_LINE: 24,
    REGION_LINE: 24,
    KREIS_LINE: 124,
    VERBAND_LINE: 124,
    GEMEINDE_LINE: 170,
}
_KEY_COLUMNS = {
    LAND_LINE: 2,
    BEZIRK_LINE: 3,
    REGION_LINE: 4,
    KREIS_LINE: 5,
    VERBAND_LINE: 5,
    GEMEINDE_LINE: 8,
}
_LEFT_OUT_LINES = {
    BEZIRK_LINE: "Regierungsbezirke und statistische Regionen",
    REGION_LINE: "Regionen in Baden-Württemberg",
}
_WRONG_FILE = (
    "Das ist kein Gemeindeverzeichnis im Format GV100AD{why}. "
    "Laden Sie beim Statistischen Bundesamt das „Gemeindeverzeichnis GV100AD“ als Textdatei (ASCII) herunter."
)


class _BadLineError(ValueError):
    """A line that cannot be read; the message is a German sentence."""


@dataclass
class _Reading:
    """What has been read so far."""

    as_of: str = ""
    lines: int = 0
    regions: dict[str, RegionDraft] = field(default_factory=dict)
    inhabitants: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, draft: RegionDraft) -> None:
        if draft.key in self.regions:
            raise _BadLineError(f"Der Schlüssel {draft.key} kommt zweimal vor.")
        self.regions[draft.key] = draft


def read(content: bytes) -> RegisterDraft:
    """Read one edition.

    Raises `Refused` for a file that is something else. Lines that cannot be read, and whole parts that are
    missing (a truncated file), are findings of severity error; who imports decides what they mean.
    """
    text, findings = _decoded(content)
    reading = _Reading(findings=findings)
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip(" \x1a"):
            continue
        reading.lines += 1
        _read_line(reading, number, line)
    if not reading.regions:
        raise Refused(_WRONG_FILE.format(why=f": Keine der {reading.lines} Zeilen ist lesbar"))
    _find_missing_parts(reading)
    return _edition(reading, hashlib.sha256(content).hexdigest())


def _decoded(content: bytes) -> tuple[str, list[Finding]]:
    if not content.strip():
        raise Refused("Die Datei ist leer.")
    if content.startswith(b"PK"):
        raise Refused(
            "Das ist ein ZIP-Archiv. Entpacken Sie es und geben Sie die Textdatei an, die darin liegt."
        )
    if len(content) > MAX_BYTES:
        raise Refused(_WRONG_FILE.format(why=f": Sie hat {len(content) // 1_000_000} MB statt etwa 4 MB"))
    try:
        text, findings = content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        # Editions of former years are not in UTF-8.
        text = content.decode("cp1252", errors="replace")
        findings = [Finding("warning", "Die Datei ist nicht in UTF-8; sie wurde als Windows-1252 gelesen.")]
    if text[:2] not in _NEEDED_LENGTH or not text[2:10].isdecimal():
        raise Refused(_WRONG_FILE.format(why=": Die erste Zeile beginnt nicht mit Satzart und Gebietsstand"))
    return text, findings


def _read_line(reading: _Reading, number: int, line: str) -> None:
    try:
        _read_head(reading, line)
        _READERS[line[:2]](reading, line)
    except _BadLineError as bad:
        _add_error(reading, str(bad), number)
        reading.left_out["Zeilen mit Fehlern"] += 1


def _read_head(reading: _Reading, line: str) -> None:
    kind = line[:2]
    if kind not in _NEEDED_LENGTH:
        raise _BadLineError(f"Die Satzart „{kind}“ gibt es nicht.")
    if len(line) < _NEEDED_LENGTH[kind]:
        raise _BadLineError(
            f"Die Zeile ist abgeschnitten: {len(line)} Zeichen, nötig sind {_NEEDED_LENGTH[kind]}."
        )
    reading.as_of = reading.as_of or _checked_date(line[2:10])
    if line[2:10] != reading.as_of:
        raise _BadLineError(
            f"Der Gebietsstand {line[2:10]} weicht von dem der ersten Zeile ab ({reading.as_of})."
        )
    key = line[10 : 10 + _KEY_COLUMNS[kind]]
    if not (key.isascii() and key.isdecimal()):
        raise _BadLineError(f"Der Schlüssel „{key}“ besteht nicht nur aus Ziffern.")
    if key[:2] not in levels.REAL_LAND_KEYS:
        raise _BadLineError(f"Ein Land mit dem Schlüssel {key[:2]} gibt es nicht.")
    if not line[22:72].strip():
        raise _BadLineError(f"Zum Schlüssel {key} fehlt der Name.")


def _checked_date(digits: str) -> str:
    try:
        datetime.date.fromisoformat(digits)
    except ValueError:
        raise _BadLineError(f"Der Gebietsstand „{digits}“ ist kein Datum.") from None
    return digits


def _read_land(reading: _Reading, line: str) -> None:
    reading.add(_draft(line, line[10:12], "", None))


def _read_left_out(reading: _Reading, line: str) -> None:
    reading.left_out[_LEFT_OUT_LINES[line[:2]]] += 1


def _read_kreis(reading: _Reading, line: str) -> None:
    reading.add(_draft(line, line[10:15], _type_code(line, "4"), line[10:12]))


def _read_verband(reading: _Reading, line: str) -> None:
    code = _type_code(line, "5")
    if code == levels.WITHOUT_VERBAND_CODE:
        reading.left_out["Zeilen für Gemeinden ohne Verband"] += 1
        return
    reading.add(_draft(line, line[10:15] + _verband(line), code, line[10:15]))


def _read_gemeinde(reading: _Reading, line: str) -> None:
    code = _type_code(line, "6")
    ars = line[10:15] + _verband(line) + line[15:18]
    population, area = _number(line[139:150], "Einwohnerzahl"), _number(line[128:139], "Fläche")
    # The people of a gemeindefreies Gebiet are counted in their Kreis and Land, as the official sums do.
    for key in {ars[:2], ars[:5], ars[:9]}:
        reading.inhabitants[key] += population
    if code in levels.UNINCORPORATED_CODES:
        reading.left_out[f"gemeindefreie Gebiete ({levels.UNINCORPORATED_CODES[code].split(', ')[1]})"] += 1
        return
    parent = ars[:9] if ars[:9] in reading.regions else ars[:5]
    postcode = line[165:170].strip()
    if not (postcode == "" or (len(postcode) == 5 and postcode.isdecimal())):
        raise _BadLineError(f"Die Postleitzahl „{postcode}“ hat nicht fünf Ziffern.")
    reading.add(_draft(line, ars, code, parent, population=population, area_ha=area, postcode=postcode))


_READERS = {
    LAND_LINE: _read_land,
    BEZIRK_LINE: _read_left_out,
    REGION_LINE: _read_left_out,
    KREIS_LINE: _read_kreis,
    VERBAND_LINE: _read_verband,
    GEMEINDE_LINE: _read_gemeinde,
}


def _draft(
    line: str,
    ars: str,
    code: str,
    parent_key: str | None,
    *,
    population: int | None = None,
    area_ha: int | None = None,
    postcode: str = "",
) -> RegionDraft:
    key = levels.key_from_ars(ars)
    return RegionDraft(
        key=key,
        ars=ars,
        level=levels.level_of(key, code),
        official_name=names.official_name(line[22:72]),
        type_code=code,
        parent_key=parent_key,
        population=population,
        area_ha=area_ha,
        postcode=postcode,
    )


def _type_code(line: str, first_digit: str) -> str:
    code = line[122:124]
    known = (
        code in levels.DESIGNATIONS
        or code in levels.UNINCORPORATED_CODES
        or code == levels.WITHOUT_VERBAND_CODE
    )
    if not (known and code.startswith(first_digit)):
        raise _BadLineError(f"Das Textkennzeichen „{code}“ ist für die Satzart {line[:2]} nicht bekannt.")
    return code


def _verband(line: str) -> str:
    number = line[18:22]
    if not (number.isascii() and number.isdecimal()):
        raise _BadLineError(f"Die Nummer des Gemeindeverbandes „{number}“ besteht nicht nur aus Ziffern.")
    return number


def _number(digits: str, what: str) -> int:
    if not (digits.isascii() and digits.isdecimal()):
        raise _BadLineError(f"{what}: „{digits.strip()}“ ist keine Zahl.")
    return int(digits)


def _find_missing_parts(reading: _Reading) -> None:
    """A file cut off between two lines looks whole line by line; what is missing above or below tells."""
    missing = sorted(levels.REAL_LAND_KEYS - set(reading.regions))
    if missing:
        _add_error(reading, f"Diese Länder fehlen: {', '.join(missing)}. Die Datei ist unvollständig.")
    keys_of_gemeinden = [draft.key for draft in reading.regions.values() if draft.level == levels.GEMEINDE]
    inhabited = {key[:length] for key in keys_of_gemeinden for length in (2, 5)}
    for draft in reading.regions.values():
        if draft.parent_key is not None and draft.parent_key not in reading.regions:
            _add_error(
                reading, f"{draft.official_name} ({draft.key}) gehört zu {draft.parent_key}, das fehlt."
            )
        if len(draft.key) <= 5 and draft.key not in inhabited:
            _add_error(reading, f"Zu {draft.official_name} ({draft.key}) fehlt jede Gemeinde.")


def _add_error(reading: _Reading, message: str, line: int | None = None) -> None:
    if len(reading.findings) < MAX_FINDINGS:
        reading.findings.append(Finding("error", message, line))


def _edition(reading: _Reading, digest: str) -> RegisterDraft:
    as_of = datetime.date.fromisoformat(reading.as_of)
    # Parents before children, and below that by key: the order in which they are written.
    drafts = sorted(reading.regions.values(), key=lambda draft: (_depth(draft), draft.key))
    return RegisterDraft(
        as_of=as_of,
        source="gv100ad",
        digest=digest,
        attribution=ATTRIBUTION.format(as_of=as_of),
        regions=tuple(_with_inhabitants(draft, reading.inhabitants) for draft in drafts),
        left_out=dict(sorted(reading.left_out.items())),
        findings=tuple(reading.findings),
        lines=reading.lines,
    )


def _depth(draft: RegionDraft) -> int:
    return (2, 5, 9, 8).index(len(draft.key))


def _with_inhabitants(draft: RegionDraft, inhabitants: Counter[str]) -> RegionDraft:
    """The register counts inhabitants per Gemeinde only; what lies above gets the sum."""
    if draft.level == levels.GEMEINDE:
        return draft
    return replace(draft, population=inhabitants[draft.key])
