"""The typesetter, as a program of its own: reads what to set as JSON from standard input, writes a PDF or pictures.

A process apart, since the typesetter keeps what it has once set: a worker of the web would grow with each document. So
it also ends with its document, whatever somebody put into it. Imports nothing of Allmende and no Django.
"""

import base64
import json
import sys
from typing import Any

import typst


def main() -> None:
    told: dict[str, Any] = json.load(sys.stdin)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[told.pop("fonts")]
    )
    made: Any = typst.compile(font_paths=fonts, ignore_system_fonts=True, **told)
    pages = made if isinstance(made, list) else [made]
    json.dump([base64.b64encode(page).decode() for page in pages], sys.stdout)


if __name__ == "__main__":
    main()
