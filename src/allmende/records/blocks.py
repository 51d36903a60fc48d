"""A document as its parts, before it is a PDF or a DOCX: both are made from the same.

Texts are data: what somebody typed is never read as mark-up, wherever it ends up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True)
class Heading:
    """`level` 1 to 4; a level follows the one above it without a gap."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """`kind`: "text", "note" (what the program says about the document) or "typed" (what a person wrote, with its
    line breaks)."""

    text: str
    kind: Literal["text", "note", "typed"] = "text"


@dataclass(frozen=True)
class Facts:
    """Pairs of label and value."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Items:
    """A list with points."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Table:
    """Rows have as many cells as the header. `widths` are shares, equal where none are named."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError(f"a row of „{self.caption}“ has not as many cells as the header")


Block = Heading | Paragraph | Facts | Items | Table


@dataclass(frozen=True)
class Document:
    """`running` stands on every page, beside the number; `state` as well, large, where the document is a draft."""

    title: str
    subtitle: str
    author: str
    at: datetime
    running: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    state: str = ""

    def as_data(self) -> dict[str, Any]:
        """Plain data, which the typesetter reads as JSON."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "author": self.author,
            "running": self.running,
            "state": self.state,
            "blocks": [_as_data(block) for block in self.blocks],
        }


def _as_data(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"is": "heading", "text": text, "level": level}
        case Paragraph(text, kind):
            return {"is": "paragraph", "text": text, "kind": kind}
        case Facts(pairs):
            return {"is": "facts", "pairs": [list(pair) for pair in pairs]}
        case Items(texts):
            return {"is": "items", "texts": list(texts)}
        case Table(caption, header, rows, widths):
            return {
                "is": "table",
                "caption": caption,
                "header": list(header),
                "rows": [list(row) for row in rows],
                "widths": list(widths) or [1] * len(header),
            }
