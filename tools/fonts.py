"""Cut KERN's fonts to the letters that German and its neighbours need: 16 KB a weight instead of 130.

Only the weights that KERN's tokens name are made: 400, 500, 600. The originals are under the SIL Open Font License
and declare no reserved name, so the cut fonts may keep theirs; the licence goes with them.

Documents get the fonts whole and unpacked: a record names people and companies as they are written, in Greek or in
Cyrillic as well, and the typesetter reads no packed ones. Which letters there are is written beside them.
"""

import json
import shutil
from collections.abc import Iterable

from fontTools import subset
from fontTools.ttLib import TTFont

from tools.steps import CHECKOUT, VAR

WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}
SOURCE = CHECKOUT / "node_modules" / "@kern-ux" / "native" / "dist" / "fonts" / "fira-sans"
TARGET = VAR / "fonts"
PRINTED = ("Regular", "Medium", "SemiBold")
PRINT_TARGET = VAR / "print-fonts"

LETTERS = [
    *range(0x20, 0x7F),  # ASCII
    *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A: the names of our neighbours
    *(0x218, 0x219, 0x21A, 0x21B, 0x1E9E),  # Romanian, capital sharp s
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2022, 0x2026, 0x2030),
    *(
        0x2039,
        0x203A,
        0x202F,
        0x2009,
        0x20AC,
        0x2190,
        0x2191,
        0x2192,
        0x2193,
        0x2212,
        0x2248,
        0x2260,
        0x2264,
        0x2265,
    ),
]
FEATURES = ["kern", "liga", "locl", "mark", "ccmp", "tnum", "lnum", "case"]
"""Tabular figures (tnum) line up the columns of prices."""


def cut(weight: int) -> int:
    """Write one weight; returns its size in bytes."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.hinting = False  # browsers smooth letters themselves; hints are half of the file
    options.desubroutinize = True
    font = subset.load_font(str(SOURCE / f"FiraSans-{WEIGHTS[weight]}.woff2"), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    path = TARGET / f"fira-sans-{weight}.woff2"
    subset.save_font(font, str(path), options)
    return path.stat().st_size


def unpack(name: str) -> set[int]:
    """Write one font for documents; returns the letters that it has."""
    font = TTFont(SOURCE / f"FiraSans-{name}.woff2")
    font.flavor = None
    font.save(PRINT_TARGET / f"FiraSans-{name}.ttf")
    return set(font.getBestCmap())


def spans(codes: Iterable[int]) -> list[list[int]]:
    """Numbers as pairs of first and last of those that follow each other."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def for_documents() -> None:
    PRINT_TARGET.mkdir(parents=True, exist_ok=True)
    letters = set.intersection(*(unpack(name) for name in PRINTED))
    (PRINT_TARGET / "letters.json").write_text(json.dumps(spans(letters)) + "\n", encoding="ascii")
    shutil.copyfile(TARGET / "OFL.txt", PRINT_TARGET / "OFL.txt")
    notice = (
        (CHECKOUT / "tools" / "fonts-notice.txt").read_text(encoding="utf-8").partition("\nTaken from")[0]
    )
    (PRINT_TARGET / "NOTICE.txt").write_text(
        f"{notice}\nTaken from the package @kern-ux/native and unpacked, otherwise unchanged.\n",
        encoding="utf-8",
    )


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight, name in WEIGHTS.items():
        print(f"{name} ({weight}): {cut(weight)} Bytes")
    shutil.copyfile(CHECKOUT / "LICENSES" / "OFL-1.1.txt", TARGET / "OFL.txt")
    shutil.copyfile(CHECKOUT / "tools" / "fonts-notice.txt", TARGET / "NOTICE.txt")
    for_documents()


if __name__ == "__main__":
    main()
