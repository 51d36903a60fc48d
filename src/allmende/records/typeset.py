"""From a document's parts to a PDF: tagged for those who listen (PDF/UA-1), made to be kept (PDF/A).

The program of the typesetter is one fixed file; everything of the document reaches it as data. It reads no fonts of the
system and no network: packages are not loaded, the only folder it sees is that of its own file.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

from allmende.lib.signing import Signer
from allmende.records import letters, sealed_pdf
from allmende.records.blocks import Document

Standard = Literal["ua-1", "a-2a", "a-3a"]
PROGRAM = Path(__file__).parent / "content" / "document.typ"
# PDF/A-2a forbids attached files of other kinds, PDF/A-3a is the same with them.
PLAIN: Sequence[Standard] = ("ua-1", "a-2a")
WITH_FILES: Sequence[Standard] = ("ua-1", "a-3a")


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF. `relation`: "source" (what the pages were made from) or "supplement"."""

    name: str
    data: str
    about: str
    kind: str = "application/json"
    relation: str = "supplement"


def pdf(document: Document, *, signer: Signer | None = None, files: Sequence[Attached] = ()) -> bytes:
    """The document as PDF/UA-1 and PDF/A-2a, with files as PDF/A-3a; with a signer signed over all its bytes.

    The same document gives the same bytes, but for the signature of another key.
    """
    standards = WITH_FILES if files else PLAIN
    made: bytes = _compile(
        document, files, "pdf", standards=standards, mark=sealed_pdf.NO_MARK if signer else ""
    )
    return sealed_pdf.signed(made, signer) if signer else made


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF of ours has."""
    return len(re.findall(rb"/Type/Page\b", pdf))


def pictures(document: Document, *, ppi: float = 70) -> list[bytes]:
    """Each page as PNG, to be looked at."""
    made: Any = _compile(document, (), "png", ppi=ppi)
    return list(made) if isinstance(made, list) else [made]


def _compile(
    document: Document,
    files: Sequence[Attached],
    form: Literal["pdf", "png"],
    *,
    standards: Sequence[Standard] = (),
    mark: str = "",
    ppi: float | None = None,
) -> Any:
    """Bytes; of pictures a list of them where there are several pages."""
    at = document.at.astimezone(UTC)
    said = letters.readable_in(document.as_data()) | {"mark": mark, "at": _parts(at)}
    return typst.compile(
        PROGRAM,
        root=PROGRAM.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format=form,
        ppi=ppi,
        sys_inputs={"document": json.dumps(said), "files": json.dumps([asdict(file) for file in files])},
        pdf_standards=list(standards),
        timestamp=int(at.timestamp()),
    )


def _parts(at: datetime) -> list[int]:
    return [at.year, at.month, at.day, at.hour, at.minute, at.second]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(settings.RECORD_FONTS_DIR)]
    )
