"""Files beside the publiccode.yml: logos, screenshots, the list of authors.

Whoever calls may know them (a checkout, an archive); a reader of a single file does not, and then only the names are
checked.
"""

import struct
from collections.abc import Callable
from pathlib import PurePosixPath

from allmende.federation.formats.publiccode.addresses import NotAnAddress, parse_request_address

Siblings = Callable[[str], bytes | None] | None
"""Gives the content of a file by its path relative to the publiccode.yml, None if there is none. None: nobody knows."""

NOTHING_KNOWN: Siblings = None

LOGO_ENDINGS = (".svg", ".svgz", ".png")
SCREENSHOT_ENDINGS = (".jpg", ".png")
MIN_LOGO_WIDTH = 120
"""Pixels. The standard asks for 1000, the reference parser for 120."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def logo_problem(path: str, siblings: Siblings) -> str | None:
    """What is wrong with a logo, as half a sentence; None where nothing is or nothing can be said."""
    return (
        _outside(path)
        or _ending(path, LOGO_ENDINGS)
        or _missing(path, siblings)
        or _png_problem(path, siblings)
    )


def screenshot_problem(path: str, siblings: Siblings) -> str | None:
    return _outside(path) or _ending(path, SCREENSHOT_ENDINGS) or _missing(path, siblings)


def authors_problem(path: str, siblings: Siblings) -> str | None:
    return _outside(path) or _missing(path, siblings)


def _outside(path: str) -> str | None:
    if path.startswith("/"):
        return "beginnt mit einem Schrägstrich; geben Sie den Pfad ab dem Ordner der Datei an"
    if path.startswith("file:"):
        return "zeigt mit file: auf einen einzelnen Rechner; geben Sie den Pfad im Repository an"
    return None


def _ending(path: str, endings: tuple[str, ...]) -> str | None:
    if _is_remote(path) or PurePosixPath(path).suffix.lower() in endings:
        return None
    return f"endet nicht auf {' oder '.join(endings)}; verwenden Sie eine Datei in einem dieser Formate"


def _missing(path: str, siblings: Siblings) -> str | None:
    if siblings is None or _is_remote(path):
        return None
    if ".." not in PurePosixPath(path).parts and siblings(path) is not None:
        return None
    return "gibt es im Repository nicht; legen Sie die Datei an oder berichtigen Sie den Pfad"


def _png_problem(path: str, siblings: Siblings) -> str | None:
    if siblings is None or _is_remote(path) or not path.lower().endswith(".png"):
        return None
    content = siblings(path) or b""
    if not content.startswith(_PNG_SIGNATURE) or len(content) < 24:
        return "ist kein lesbares PNG-Bild; speichern Sie das Bild neu"
    (width,) = struct.unpack(">I", content[16:20])
    if width < MIN_LOGO_WIDTH:
        return f"ist nur {width} Pixel breit; verwenden Sie ein Bild mit mindestens {MIN_LOGO_WIDTH} Pixeln"
    return None


def _is_remote(path: str) -> bool:
    """A full address: whether it can be reached is not asked here."""
    try:
        parse_request_address(path)
    except NotAnAddress:
        return False
    return True
