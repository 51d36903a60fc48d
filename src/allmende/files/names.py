"""Names that people gave to files, cleaned: for showing and for saving, never for a place on our disk."""

import re
import unicodedata

from allmende.files.limits import LONGEST_NAME

# Forbidden in names on some system, or a mark of a path or a header.
_FORBIDDEN = re.compile(r'[<>:"|?*%;\x00-\x1f\x7f]')
# Reserved on Windows, whatever follows the dot.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
FALLBACK = "Unterlage"


def clean_name(given: str, ending: str) -> str:
    """The last part of a path, without what deceives or breaks: `Preise 2026.pdf`. Cleaning twice changes nothing.

    `ending` (without dot) is that of the type found in the content; another one at the end of the name stays before
    it, so that nothing is hidden: `Rechnung.exe.pdf`. At most `LONGEST_NAME` letters.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    visible = "".join(" " if letter.isspace() else letter for letter in last if _is_plain(letter))
    stem = " ".join(_FORBIDDEN.sub(" ", visible).split()).rstrip(". ")
    if stem.lower().endswith(f".{ending}"):
        stem = stem[: -len(ending) - 1]
    stem = _shortened(stem, LONGEST_NAME - len(ending) - 1) or FALLBACK
    if _RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"{FALLBACK} {stem}"
    return f"{stem}.{ending}"


def _is_plain(letter: str) -> bool:
    """No control, no format mark (which can turn the direction of writing), no private or missing letter."""
    return letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _shortened(stem: str, most: int) -> str:
    return unicodedata.normalize("NFC", stem.strip(". ")[:most]).strip(". ")
