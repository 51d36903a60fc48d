import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from allmende.files import documents
from allmende.files.documents import DOCX, ODS, ODT, PDF, XLSX, DocumentType, document_type
from allmende.files.limits import LARGEST_DOCUMENT, MOST_PARTS
from allmende.lib.refusals import Refused
from tests.files.making import RELATIONS, archive, office, open_document, pdf, relations, types

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        document_type(data)
    return refused.value.message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pdf(), PDF),
        (pdf().replace(b"1.7", b"2.0"), PDF),
        (open_document("text"), ODT),
        (open_document("spreadsheet"), ODS),
        (office("docx"), DOCX),
        (office("xlsx"), XLSX),
    ],
    ids=["pdf", "pdf 2", "odt", "ods", "docx", "xlsx"],
)
def test_five_types_are_known_by_their_content(data: bytes, expected: DocumentType) -> None:
    assert document_type(data) == expected


def test_a_table_that_a_program_wrote_is_known() -> None:
    out, book = BytesIO(), Workbook()
    book.active["A1"] = "Preis"
    book.active["A1"].hyperlink = "https://beispiel.example"
    book.save(out)
    assert document_type(out.getvalue()) == XLSX


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<html>" + pdf(),
        b"\n" + pdf(),
        b"GIF89a" + pdf(),
        b"%PDF-<script>" + pdf(),
        b"MZ\x90\x00",
        b"#!/bin/sh\n",
        b"{\\rtf1}",
        b"Preis;12",
        b"\x00",
        archive({"a.txt": "a"}),
        office("pptx"),
        open_document("presentation"),
        open_document("text-template"),
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refusal(data) == documents.UNKNOWN


def test_html_behind_a_pdf_is_refused_and_inside_it_stays_a_pdf() -> None:
    """The second is served as a file to save, never as a page: tests/web/files."""
    page = b"<html><script>alert(1)</script></html>"
    assert refusal(pdf(behind=page * 30)) == documents.BROKEN
    assert document_type(pdf(inside=page)) == PDF


@pytest.mark.parametrize(
    "inside", [b"/JavaScript (app.alert(1))", b"/S/Launch/F", b"/EmbeddedFiles<<", b"/RichMedia"]
)
def test_a_pdf_that_says_it_acts_is_refused(inside: bytes) -> None:
    assert refusal(pdf(inside=inside)) == documents.ACTIVE


def test_a_pdf_that_breaks_off_is_refused() -> None:
    assert refusal(pdf()[:-8]) == documents.BROKEN


def test_nothing_and_too_much_are_refused() -> None:
    assert refusal(b"") == documents.EMPTY
    assert refusal(pdf(inside=bytes(11_000_000))) == documents.TOO_LARGE
    assert refusal(pdf(inside=bytes(LARGEST_DOCUMENT))) == documents.TOO_LARGE


def test_old_and_encrypted_office_files_are_refused_with_the_way_out() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)) == documents.OLD_OFFICE


MACROS = [
    office("docx", **{"word/vbaProject.bin": b"x"}),
    office("docx", **{"word/vbaData.xml": b"x"}),
    office("xlsx", **{"xl/activeX/activeX1.bin": b"x"}),
    office("docx", **{"word/embeddings/oleObject1.bin": b"x"}),
    office("docx", **{"word/media/run.EXE": b"x"}),
    open_document("text", **{"Basic/Standard/Module1.xml": "x"}),
    open_document("text", **{"Scripts/python/go.py": "x"}),
    office(
        "docx",
        **{"[Content_Types].xml": types(MAIN, "application/vnd.ms-word.document.macroEnabled.main+xml")},
    ),
    office("docx", **{"[Content_Types].xml": types(MAIN, "application/vnd.ms-office.vbaProject")}),
]


@pytest.mark.parametrize("data", MACROS)
def test_macros_controls_and_packed_programs_are_refused(data: bytes) -> None:
    assert refusal(data) == documents.ACTIVE


def test_a_document_that_is_not_what_its_list_says_is_refused() -> None:
    assert refusal(office("docx", **{"[Content_Types].xml": types("text/html")})) == documents.UNKNOWN
    assert refusal(office("docx", **{"xl/workbook.xml": "<main/>"})) == documents.UNKNOWN


def relation(kind: str, *, far: bool) -> str:
    mode = ' TargetMode="External"' if far else ""
    return relations(f'<Relationship Id="1" Type="{RELATIONS}/{kind}" Target="https://x.example"{mode}/>')


def test_links_may_lead_away_and_what_is_fetched_on_opening_may_not() -> None:
    part = "word/_rels/settings.xml.rels"
    assert document_type(office("docx", **{part: relation("hyperlink", far=True)})) == DOCX
    assert document_type(office("docx", **{part: relation("image", far=False)})) == DOCX
    for kind in ("attachedTemplate", "image", "frame", "oleObject"):
        assert refusal(office("docx", **{part: relation(kind, far=True)})) == documents.FAR


def test_a_zip_bomb_in_a_document_is_refused_before_it_is_unpacked() -> None:
    bomb = office("docx", **{f"word/media/{at}.bmp": bytes(21_000_000) for at in range(5)})
    assert len(bomb) < 200_000
    assert refusal(bomb) == documents.TOO_MUCH


def test_a_part_that_unpacks_to_more_than_it_claims_is_refused() -> None:
    honest = office("docx", **{"word/media/bild.bmp": bytes(5_000_000)})
    assert document_type(honest) == DOCX
    lying = honest.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    assert refusal(lying) == documents.BROKEN


def test_too_many_parts_are_refused() -> None:
    crowd = office("docx", **{f"word/media/{at}": "" for at in range(MOST_PARTS)})
    assert refusal(crowd) == documents.TOO_MUCH


@pytest.mark.parametrize("name", ["../boese.xml", "/etc/passwd", "word/../../x", "C:/x", "word\\..\\x"])
def test_a_part_whose_name_leads_out_is_refused(name: str) -> None:
    data = office("docx", **{name: "x"}) if "\\" not in name else _with_backslash(name)
    assert refusal(data) == documents.BROKEN


def _with_backslash(name: str) -> bytes:
    stand_in = name.replace("\\", "+")
    return office("docx", **{stand_in: "x"}).replace(stand_in.encode(), name.encode())


def test_two_parts_of_one_name_are_refused() -> None:
    out = BytesIO(office("docx"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as packed:
        packed.writestr("word/document.xml", "<other/>")
    assert refusal(out.getvalue()) == documents.BROKEN


def test_whatever_stands_before_or_behind_an_archive_makes_it_two_files() -> None:
    whole = office("docx")
    assert refusal(whole + b"<script>alert(1)</script>") == documents.BROKEN
    assert refusal(archive({"[Content_Types].xml": types(MAIN)}, comment=b"<script>")) == documents.BROKEN
    assert refusal(b"<html>" + whole) == documents.UNKNOWN


def test_what_is_encrypted_is_refused_since_nobody_can_look_inside() -> None:
    entry = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
    assert refusal(open_document("text", manifest=entry)) == documents.ENCRYPTED
    locked = bytearray(office("docx"))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refusal(bytes(locked)) == documents.ENCRYPTED


@pytest.mark.parametrize(
    "tree",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><Types>&b;</Types>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><Types/>',
        "<Types>",
        "",
    ],
)
def test_a_list_that_cannot_be_read_safely_is_refused(tree: str) -> None:
    assert refusal(office("docx", **{"[Content_Types].xml": tree})) == documents.BROKEN
    assert refusal(open_document("text", **{"META-INF/manifest.xml": tree})) == documents.BROKEN


def test_a_list_that_is_too_long_is_not_read() -> None:
    long = types(*["application/xml"] * 40_000)
    assert refusal(office("docx", **{"[Content_Types].xml": long})) == documents.TOO_MUCH


@given(st.binary(min_size=1, max_size=60), st.integers(0, 2000), st.sampled_from(["docx", "odt", "pdf"]))
def test_whatever_is_overwritten_in_a_document_it_has_a_type_or_is_refused(
    noise: bytes, at: int, kind: str
) -> None:
    whole = {"docx": office("docx"), "odt": open_document("text"), "pdf": pdf()}[kind]
    at = min(at, len(whole))
    try:
        found = document_type(whole[:at] + noise + whole[at + len(noise) :])
    except Refused:
        return
    assert found in documents.TYPES.values()


@given(st.binary(max_size=300))
def test_whatever_follows_the_beginning_of_an_archive_is_refused(noise: bytes) -> None:
    for beginning in (b"PK\x03\x04", b"PK\x03\x04" + bytes(20) + b"PK\x05\x06"):
        with pytest.raises(Refused):
            document_type(beginning + noise)
