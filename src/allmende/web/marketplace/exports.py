"""Tables as files: a spreadsheet and a text file that a spreadsheet opens."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font

# A cell that begins so is read as a formula by spreadsheet programs, whoever wrote it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = 38
# What a cell of a spreadsheet holds.
_LONGEST = 32_767


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark, as German spreadsheet programs expect; formulas are defused."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [[_harmless(cell) for cell in row] for row in rows]
    )
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    # Some programs drop blanks in front.
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_xlsx(rows: Sequence[Sequence[str]], *, title: str, notes: Sequence[str]) -> bytes:
    """One sheet with a heading row that stays in view; every cell is text, never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "B2"
    for place in range(len(rows[0])):
        sheet.column_dimensions[chr(ord("A") + place)].width = _WIDTH
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, text, bold=number == 0 or place == 0) for place, text in enumerate(row)])
    for note in ["", *notes]:
        sheet.append([_cell(sheet, note, bold=False)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool) -> Cell:
    # Letters that XML cannot hold end a file half-way.
    clean = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    if len(clean) > _LONGEST:
        clean = f"{clean[: _LONGEST - 1]}…"
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
