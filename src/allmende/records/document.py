"""From a document's parts to a DOCX to go on with: real headings, tables whose header row repeats, language German."""

from io import BytesIO

import docx
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table as DocxTable

from allmende.records.blocks import Block, Document, Facts, Heading, Items, Paragraph, Table
from allmende.records.letters import without_controls

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx_of(document: Document) -> bytes:
    """The document as DOCX; its signature is a file beside it, since whoever goes on with it changes it."""
    made = docx.Document()
    _describe(made, document)
    _styles(made)
    _frame(made, document)
    made.add_heading(_clean(document.title), level=0)
    if document.subtitle:
        made.add_paragraph(_clean(document.subtitle), style="Subtitle")
    for block in document.blocks:
        _add(made, block)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def _describe(made: Docx, document: Document) -> None:
    told = made.core_properties
    told.title, told.author, told.language = (
        _clean(document.title)[:255],
        _clean(document.author)[:255],
        "de-DE",
    )
    # The library's template brings texts of its own.
    told.comments, told.subject = "", ""
    told.created = told.modified = document.at.replace(tzinfo=None)
    told.last_modified_by = _clean(document.author)[:255]


def _styles(made: Docx) -> None:
    normal = made.styles["Normal"]
    normal.font.size = Pt(10)
    for style in made.styles.element.iter(qn("w:lang")):
        for which in ("w:val", "w:eastAsia"):
            style.set(qn(which), "de-DE")


def _frame(made: Docx, document: Document) -> None:
    section = made.sections[0]
    if document.state:
        section.header.paragraphs[0].text = _clean(document.state)
    foot = section.footer.paragraphs[0]
    foot.text = _clean(document.running) + " · Seite "
    foot.style = made.styles["Footer"]
    run = foot.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), str(kind))
        run._r.append(part)


def _add(made: Docx, block: Block) -> None:
    match block:
        case Heading(text, level):
            made.add_heading(_clean(text), level=level)
        case Paragraph(text, kind):
            style = {"text": "Normal", "note": "Intense Quote", "typed": "Quote"}[kind]
            made.add_paragraph(_clean(text), style=style)
        case Facts(pairs):
            for label, value in pairs:
                line = made.add_paragraph()
                line.add_run(f"{_named(_clean(label))} ").bold = True
                line.add_run(_clean(value))
        case Items(texts):
            for text in texts:
                made.add_paragraph(_clean(text), style="List Bullet")
        case Table():
            _add_table(made, block)


def _named(label: str) -> str:
    """A question has its mark already."""
    return label if label.endswith("?") else f"{label}:"


def _add_table(made: Docx, block: Table) -> None:
    made.add_paragraph(_clean(block.caption), style="Caption")
    # Cell by cell through the library, a table of 200 rows takes seconds: it looks for each among all.
    table = made.add_table(rows=len(block.rows) + 1, cols=len(block.header), style="Table Grid")
    for row, texts in zip(table._tbl.tr_lst, [block.header, *block.rows], strict=True):
        for cell, text in zip(row.tc_lst, texts, strict=True):
            _fill(cell.p_lst[0], _clean(text), is_header=row is table._tbl.tr_lst[0])
    _repeat_header(table)
    made.add_paragraph()


def _fill(paragraph: object, text: str, *, is_header: bool) -> None:
    run = paragraph.add_r()  # type: ignore[attr-defined]
    run.text = text
    if is_header:
        run.get_or_add_rPr().append(OxmlElement("w:b"))


def _repeat_header(table: DocxTable) -> None:
    told = table._tbl.tr_lst[0].get_or_add_trPr()
    told.append(OxmlElement("w:tblHeader"))


def _clean(text: str) -> str:
    """XML has no control characters."""
    return without_controls(text)
