"""From a document's parts to a PDF: tagged for those who listen (PDF/UA-1), made to be kept (PDF/A).

The program of the typesetter is one fixed file; everything of the document reaches it as data. It reads no fonts of the
system and no network: packages are not loaded, the only folder it sees is that of its own file.
"""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from django.conf import settings

from allmende.lib.signing import Signer
from allmende.records import letters, sealed_pdf
from allmende.records.blocks import Document

Standard = Literal["ua-1", "a-2a", "a-3a"]
# Seconds. A record of 200 entries takes half a one.
LONGEST = 60
SETTER = Path(__file__).parent / "setter.py"
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
    mark = sealed_pdf.NO_MARK if signer else ""
    [made] = _compile(document, files, "pdf", standards=standards, mark=mark)
    return sealed_pdf.signed(made, signer) if signer else made


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF of ours has."""
    return len(re.findall(rb"/Type/Page\b", pdf))


def pictures(document: Document, *, ppi: float = 70) -> list[bytes]:
    """Each page as PNG, to be looked at."""
    return _compile(document, (), "png", ppi=ppi)


def _compile(
    document: Document,
    files: Sequence[Attached],
    form: Literal["pdf", "png"],
    *,
    standards: Sequence[Standard] = (),
    mark: str = "",
    ppi: float | None = None,
) -> list[bytes]:
    """One PDF, or a picture of each page. `RuntimeError` where the typesetter fails or takes too long."""
    at = document.at.astimezone(UTC)
    texts = json.loads(sealed_pdf.without_marks(json.dumps(letters.readable_in(document.as_data()))))
    said = texts | {"mark": mark, "at": _parts(at)}
    told = {
        "input": str(PROGRAM),
        "root": str(PROGRAM.parent),
        "fonts": str(settings.RECORD_FONTS_DIR),
        "format": form,
        "ppi": ppi,
        "sys_inputs": {"document": json.dumps(said), "files": json.dumps([asdict(file) for file in files])},
        "pdf_standards": list(standards),
        "timestamp": int(at.timestamp()),
    }
    return _set(json.dumps(told).encode())


def _set(told: bytes) -> list[bytes]:
    """Run the typesetter in a process of its own (`setter`)."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", SETTER], input=told, capture_output=True, check=True, timeout=LONGEST
        )
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", b"") or b""
        raise RuntimeError(f"the typesetter failed: {said.decode(errors='replace')[-1000:]}") from error
    return [base64.b64decode(page) for page in json.loads(done.stdout)]


def _parts(at: datetime) -> list[int]:
    return [at.year, at.month, at.day, at.hour, at.minute, at.second]
