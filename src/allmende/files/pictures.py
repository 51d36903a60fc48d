"""Pictures from strangers: opened under limits, drawn anew, without anything else that was in the file. Pure."""

import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from allmende.files.limits import LARGEST_LOGO, LONGEST_SIDE, MOST_POINTS
from allmende.lib.refusals import Refused

# Nobody else's readers are asked: Pillow knows some forty formats, and each is a door.
FORMATS = ("PNG", "JPEG", "WEBP")
TOO_LARGE = "Das Bild ist größer als 5 MB. Speichern Sie es kleiner und laden Sie es noch einmal hoch."
TOO_MANY_POINTS = (
    "Das Bild hat mehr als 25 Millionen Bildpunkte. Verkleinern Sie es, zum Beispiel auf 1.000 × 1.000, und laden Sie "
    "es noch einmal hoch."
)
IS_SVG = (
    "SVG-Dateien nehmen wir nicht an, weil sie Programme enthalten können. Speichern Sie das Logo als PNG, zum "
    "Beispiel mit „Exportieren“ in Ihrem Zeichenprogramm, und laden Sie diese Datei hoch."
)
UNREADABLE = "Das ist kein Bild, das wir lesen können. Laden Sie das Logo als PNG, JPEG oder WebP hoch."
BROKEN = "Das Bild ist beschädigt oder unvollständig. Speichern Sie es neu und laden Sie es noch einmal hoch."
EMPTY = "Die Datei ist leer. Wählen Sie eine andere."

# What Pillow is known to raise on files made to hurt. Its own bomb check warns first, which may be an error here.
_HARM = (
    OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, AttributeError, MemoryError, EOFError,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """Bytes that we wrote, their type (`image/png` or `image/jpeg`), its ending, and their size in points."""

    data: bytes
    content_type: str
    ending: str
    width: int
    height: int


def redrawn(data: bytes) -> Picture:
    """The picture in at most 512 × 512 points, first frame only, upright, without metadata.

    Raises `Refused` with what to do for anything else than PNG, JPEG and WebP within the limits.
    """
    if not data:
        raise Refused(EMPTY)
    if len(data) > LARGEST_LOGO:
        raise Refused(TOO_LARGE)
    if _looks_like_svg(data):
        raise Refused(IS_SVG)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            return _drawn(picture)
    except UnidentifiedImageError:
        raise Refused(UNREADABLE) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_MANY_POINTS) from None
    except _HARM:
        raise Refused(BROKEN) from None


def _looks_like_svg(data: bytes) -> bool:
    return re.search(rb"<(?:[a-z]+:)?svg[\s>]", data[:4096].replace(b"\x00", b""), re.IGNORECASE) is not None


def _drawn(picture: Image.Image) -> Picture:
    # The header says how large it is; nothing has been unpacked yet.
    if picture.width * picture.height > MOST_POINTS:
        raise Refused(TOO_MANY_POINTS)
    is_photo = picture.format == "JPEG"
    if is_photo:
        picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    whole = ImageOps.exif_transpose(picture).convert("RGB" if is_photo else "RGBA")
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A fresh picture of nothing but points: comments, places, profiles and names stay behind.
    fresh = Image.frombytes(whole.mode, whole.size, whole.tobytes())
    out = BytesIO()
    if is_photo:
        fresh.save(out, "JPEG", quality=88, optimize=True)
    else:
        fresh.save(out, "PNG", optimize=True)
    kind = "jpeg" if is_photo else "png"
    return Picture(out.getvalue(), f"image/{kind}", "jpg" if is_photo else "png", *fresh.size)
