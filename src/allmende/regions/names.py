"""Names of regions: what people call a place, and the folded form in which names are compared."""

import re
import unicodedata

# Bavaria's names carry their rank as an abbreviation.
_ABBREVIATED_RANKS = {"M": "Markt", "St": "Stadt", "GKSt": "Große Kreisstadt"}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
# A name with one of these already says what it is a name of.
_SAYS_WHAT_IT_IS = re.compile(r"kreis|region|verband|^(VVG|GVV|Amt|EG|VG)\b", re.IGNORECASE)


def official_name(raw: str) -> str:
    """The register's name with plain spaces and its abbreviated rank written out: `Marktl, M` → `Marktl, Markt`."""
    parts = [" ".join(part.split()) for part in raw.split(",")]
    if len(parts) > 1:
        parts[-1] = _ABBREVIATED_RANKS.get(parts[-1], parts[-1])
    return ", ".join(part for part in parts if part)


def short_name(official: str) -> str:
    """What people say: `Kiel, Landeshauptstadt` → `Kiel`, `Unterneukirchen (VGem)` → `Unterneukirchen`."""
    return official.split(", ")[0].removesuffix(" (VGem)")


def folded(text: str) -> str:
    """Lower case, ä as ae and ß as ss, no accents, one space between words: `Bad Düben/Nord` → `bad dueben nord`."""
    plain = unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS)
    letters = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", letters).strip()


def with_designation(name: str, designation: str) -> str:
    """`Landkreis Gifhorn`, but `Heidekreis`, `Region Hannover`: a name that says what it is stays alone."""
    return name if _SAYS_WHAT_IT_IS.search(name) else f"{designation} {name}"
