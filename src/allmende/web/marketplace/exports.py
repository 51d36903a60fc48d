"""Tables as files: a spreadsheet and a text file that a spreadsheet opens."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties

# A cell that begins so is read as a formula by spreadsheet programs, whoever wrote it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIRST_WIDTH, _WIDTH = 30, 36
# What a cell of a spreadsheet holds.
_LONGEST = 32_767
_A4 = 9
_LONGEST_SLUG = 30

EURO, EURO_AT_LEAST, DAY = '#,##0.00\\ "€"', '"mindestens "#,##0.00\\ "€"', "DD.MM.YYYY"


@dataclass(frozen=True)
class Figure:
    """A number or a day: as words where only words go, else as a value and the format that writes it alike.

    The format is ours and holds no quotes of others: what a source has said never comes into it unescaped.
    """

    text: str
    value: Decimal | int | date
    format: str


FileCell = str | Figure


def as_csv(rows: Sequence[Sequence[FileCell]]) -> bytes:
    """Semicolons and a byte order mark, as German spreadsheet programs expect; formulas are defused."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [[_harmless(cell.text if isinstance(cell, Figure) else cell) for cell in row] for row in rows]
    )
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    # Some programs drop blanks in front.
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_xlsx(rows: Sequence[Sequence[FileCell]], *, title: str, notes: Sequence[str]) -> bytes:
    """One sheet with a heading row that stays in view; what is no figure is text, never a formula.

    It prints on A4 across, as wide as a page, with the heading on each.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    _lay_out(sheet, columns=len(rows[0]))
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, said, bold=number == 0 or place == 0) for place, said in enumerate(row)])
    for note in ["", *notes]:
        sheet.append([_cell(sheet, note, bold=False)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _lay_out(sheet: Any, *, columns: int) -> None:
    sheet.freeze_panes = "B2"
    for place in range(columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = _WIDTH if place else _FIRST_WIDTH
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "Seite &P von &N"


def _cell(sheet: Any, said: FileCell, *, bold: bool) -> Cell:
    if isinstance(said, Figure):
        cell = WriteOnlyCell(sheet, value=said.value)  # type: ignore[arg-type]  # its stub knows floats only
        cell.number_format = said.format
    else:
        cell = WriteOnlyCell(sheet, value=_writable(said))
        cell.data_type = "s"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    return cell


def _writable(text: str) -> str:
    # Letters that XML cannot hold end a file half-way.
    clean = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 1]}…"


def file_name(names: Sequence[str], day: date, ending: str) -> str:
    """What a file of these solutions is called: letters that every file system and mail program takes."""
    slugs = [slug for slug in map(_slug, names) if slug]
    shown = slugs[:2] if len(slugs) > 3 else slugs
    rest = [f"und-{len(slugs) - len(shown)}-weitere"] if len(slugs) > len(shown) else []
    return f"{'-'.join(['vergleich', *shown, *rest, day.isoformat()])}.{ending}"


def _slug(name: str) -> str:
    # `casefold` makes ss of ß.
    spelled = name.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return slugify(re.sub(r"[^\w\s-]", " ", spelled))[:_LONGEST_SLUG].strip("-")
