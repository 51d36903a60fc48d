"""PDF and DOCX: what a person reads in them, what a reader of screens finds, and that nothing typed becomes mark-up."""

import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.lib.canonical import canonical_json
from allmende.lib.signing import Signer
from allmende.records import keys, letters, sealed_pdf, signatures, typeset
from allmende.records.blocks import Document, Facts, Heading, Items, Paragraph, Table
from allmende.records.document import docx_of
from allmende.records.verification import verify

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RECORD = canonical_json({"case": "k7m2p9", "text": "Größe"})


def a_document(*blocks: object, state: str = "") -> Document:
    return Document(
        "Markterkundung „Mängel melden“",
        "Gemeinde Beispiel",
        "Gemeinde Beispiel",
        AT,
        "Fall k7m2p9",
        blocks or EVERYTHING,
        state,
    )


EVERYTHING = (
    Heading("Anlass"),
    Paragraph("Bürgerinnen und Bürger melden Schäden am Telefon."),
    Heading("Angaben", 2),
    Facts((("Amt", "Bauhof"), ("Aktenzeichen", "10-24/7"))),
    Paragraph("Vorausgefüllt.", "note"),
    Paragraph("Erste Zeile\nzweite Zeile", "typed"),
    Items(("eins", "zwei")),
    Table(
        "Unternehmen", ("Name", "Warum"), tuple((f"Firma {n}", "ausgeschieden") for n in range(80)), (1, 3)
    ),
)


def texts_of(pdf: bytes) -> str:
    """The text that the PDF gives to those who copy or listen, in the order of its tags."""
    import pymupdf

    return "\n".join(page.get_text() for page in pymupdf.open(stream=pdf))


def signed_with_record(signer: Signer) -> bytes:
    proof = signatures.sign(RECORD.encode(), signer).text()
    files = (
        typeset.Attached("record.json", RECORD, "Datensatz", relation="source"),
        typeset.Attached("record.json.sig", proof, "Unterschrift"),
    )
    return typeset.pdf(a_document(), signer=signer, files=files)


class TestPdf:
    def test_it_says_what_it_is_and_in_which_language(self) -> None:
        with pikepdf.open(BytesIO(typeset.pdf(a_document()))) as opened:
            with opened.open_metadata() as told:
                assert (told["pdfuaid:part"], told["pdfaid:part"], told["pdfaid:conformance"]) == (
                    "1",
                    "2",
                    "A",
                )
                assert told["dc:title"] == "Markterkundung „Mängel melden“"
            assert str(opened.Root.Lang) in ("de", "de-DE")
            assert bool(opened.Root.MarkInfo.Marked)

    def test_with_files_it_is_an_archive_that_may_hold_them(self, signer: Signer) -> None:
        with pikepdf.open(BytesIO(signed_with_record(signer))) as opened:
            with opened.open_metadata() as told:
                assert (told["pdfuaid:part"], told["pdfaid:part"]) == ("1", "3")
            assert opened.attachments["record.json"].get_file().read_bytes() == RECORD.encode()
            assert str(opened.attachments["record.json"].obj.AFRelationship) == "/Source"

    def test_every_font_is_ours_and_embedded(self) -> None:
        with pikepdf.open(BytesIO(typeset.pdf(a_document()))) as opened:
            descriptors = [
                each
                for each in opened.objects
                if isinstance(each, pikepdf.Dictionary) and "/FontFamily" in each
            ]
            fonts = [
                each
                for each in opened.objects
                if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
            ]
            assert fonts
            for font in fonts:
                assert "FiraSans" in str(font.FontName)
                assert "/FontFile2" in font or "/FontFile3" in font or "/FontFile" in font
            assert descriptors or fonts

    def test_each_page_carries_the_running_line_and_the_state(self) -> None:
        import pymupdf

        pages = pymupdf.open(stream=typeset.pdf(a_document(state="Entwurf")))
        assert len(pages) > 1
        for number, page in enumerate(pages, start=1):
            text = page.get_text()
            assert "Fall k7m2p9" in text
            assert f"Seite {number} von {len(pages)}" in text
            assert "Entwurf" in text

    def test_the_header_of_a_table_is_tagged_and_comes_again_on_the_next_page(self) -> None:
        pdf = typeset.pdf(a_document())
        with pikepdf.open(BytesIO(pdf)) as opened:
            kinds = [
                str(each.S)
                for each in opened.objects
                if isinstance(each, pikepdf.Dictionary) and "/S" in each
            ]
        assert kinds.count("/TH") == 2
        assert kinds.count("/Table") == 1
        assert texts_of(pdf).count("Warum") >= 2

    def test_it_is_checked_by_pdfua_and_outloud(self, signer: Signer, tmp_path: Path) -> None:
        """Neither of them proves conformance: they find what a program can find."""
        for name, data in {
            "plain.pdf": typeset.pdf(a_document()),
            "full.pdf": signed_with_record(signer),
        }.items():
            file = tmp_path / name
            file.write_bytes(data)
            for words in (["pdfua", "check"], ["outloud", "--fail-on", "warning"]):
                program = Path(sys.executable).parent / words[0]
                said = subprocess.run(
                    [program, *words[1:], file], capture_output=True, text=True, timeout=120, check=False
                )
                assert (said.returncode, name) == (0, name), said.stdout + said.stderr

    def test_the_same_document_gives_the_same_bytes(self, signer: Signer) -> None:
        assert signed_with_record(signer) == signed_with_record(signer)

    def test_what_people_type_is_never_mark_up(self) -> None:
        nasty = '#panic("x") *fett* _k_ $x$ @y <z> `c` \\ [ ] { } // /* = Titel #import "@preview/a:0.1.0": *'
        document = a_document(
            Heading(nasty),
            Paragraph(nasty, "typed"),
            Facts(((nasty, nasty),)),
            Table(nasty, (nasty,), ((nasty,),)),
        )
        shown = re.sub(r"[\s\u00ad]+", "", texts_of(typeset.pdf(document)))
        # Heading, paragraph, label, value, caption, header, cell.
        assert shown.count(re.sub(r"\s+", "", nasty)) == 7

    @settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.lists(st.text(max_size=60), min_size=10, max_size=40))
    def test_any_text_at_all_can_be_set(self, texts: list[str]) -> None:
        blocks = [Paragraph(text, "typed") for text in texts]
        table = Table("T", ("A",), tuple((text,) for text in texts))
        assert typeset.pdf(a_document(*blocks, table)).startswith(b"%PDF")

    def test_a_typesetter_that_fails_is_told_with_its_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(typeset, "PROGRAM", typeset.PROGRAM.with_name("nirgends.typ"))
        with pytest.raises(RuntimeError, match="the typesetter failed"):
            typeset.pdf(a_document())


class TestSealedPdf:
    def test_one_file_and_the_public_key_are_enough(self, signer: Signer) -> None:
        verdict = verify(signed_with_record(signer), None, {signer.name: signer.public})
        assert (verdict.faults, verdict.key) == ((), signer.name)
        assert verdict.record == signatures.sign(RECORD.encode(), signer).digest

    def test_a_pdf_without_a_signature_is_proven_by_nobody(self) -> None:
        assert not verify(typeset.pdf(a_document()), None, keys.known_keys()).is_proven

    @pytest.fixture
    def pdf(self, signer: Signer) -> bytes:
        return signed_with_record(signer)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.data())
    def test_any_flipped_missing_or_added_byte_is_told(
        self, pdf: bytes, signer: Signer, data: st.DataObject
    ) -> None:
        at = data.draw(st.integers(0, len(pdf) - 1))
        bit, more = data.draw(st.integers(0, 7)), data.draw(st.binary(min_size=1, max_size=2))
        for changed in (
            pdf[:at] + bytes([pdf[at] ^ (1 << bit)]) + pdf[at + 1 :],
            pdf[:at] + pdf[at + 1 :],
            pdf[:at] + more + pdf[at:],
            pdf + more,
            pdf[:at],
        ):
            assert not verify(changed, None, {signer.name: signer.public}).is_proven

    def test_every_byte_of_the_signature_in_it_counts(self, signer: Signer) -> None:
        pdf = signed_with_record(signer)
        starts = [match.start() for match in re.finditer(rb"Ed25519:", pdf)]
        assert len(starts) == 2
        for start in starts:
            for at in range(start, start + len(sealed_pdf.NO_MARK)):
                changed = pdf[:at] + bytes([pdf[at] ^ 0x20]) + pdf[at + 1 :]
                assert not sealed_pdf.is_sealed(changed, {signer.name: signer.public}), at

    def test_another_record_in_a_well_signed_file_is_told(self, signer: Signer, now: datetime) -> None:
        proof = signatures.sign(b'{"other":1}', signer).text()
        files = (
            typeset.Attached("record.json", RECORD, "x"),
            typeset.Attached("record.json.sig", proof, "y"),
        )
        verdict = verify(typeset.pdf(a_document(), signer=signer, files=files), None, keys.known_keys())
        assert verdict.faults == (
            "Die Datei ist nicht die, die unterschrieben wurde: Ihre Prüfsumme ist eine andere.",
        )

    def test_a_file_that_holds_more_or_less_than_the_record_is_told(self, signer: Signer) -> None:
        for count in (1, 3):
            files = [typeset.Attached(f"{n}.json", RECORD, "x") for n in range(count)]
            verdict = verify(typeset.pdf(a_document(), signer=signer, files=files), None, keys.known_keys())
            assert verdict.faults == ("Dem PDF liegt nicht genau ein Datensatz mit seiner Unterschrift bei.",)

    def test_there_is_no_place_to_sign_in_other_files(self, signer: Signer) -> None:
        with pytest.raises(ValueError, match="no place"):
            sealed_pdf.signed(b"%PDF-1.7", signer)

    def test_words_that_look_like_the_place_for_a_signature_do_not_take_it(self, signer: Signer) -> None:
        """They are packed with the page; where they were not, there would be three places, and none would be signed."""
        pdf = typeset.pdf(a_document(Paragraph(sealed_pdf.NO_MARK)), signer=signer)
        assert verify(pdf, None, keys.known_keys()).is_proven

    @pytest.mark.parametrize("shape", [sealed_pdf.NO_MARK, f"Ed25519:{'a' * 16}:{'b' * 128}"])
    def test_nor_does_a_title_that_stands_in_the_open(self, signer: Signer, shape: str) -> None:
        pdf = typeset.pdf(replace(a_document(), title=f"Fall {shape}"), signer=signer)
        assert verify(pdf, None, keys.known_keys()).is_proven

    @settings(max_examples=60)
    @given(st.binary(max_size=300))
    def test_no_file_breaks_the_proof(self, data: bytes) -> None:
        assert not verify(b"%PDF-" + data, None, {}).is_proven


class TestLetters:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("Straße", "Straße"),
            ("Gro\u0308ße", "Größe"),
            ("Ωμέγα Київ", "Ωμέγα Київ"),
            ("gut 😀", "gut [U+1F600]"),
            ("a\u202eb\u200bc\x00d", "abcd"),
            ("a\tb\u2003c", "a b c"),
            ("a\nb", "a\nb"),
            ("\ue000", "[U+E000]"),
        ],
    )
    def test_what_a_font_lacks_is_written_as_what_it_is(self, typed: str, shown: str) -> None:
        assert letters.readable(typed) == shown

    def test_everything_in_it_is_made_readable(self) -> None:
        assert letters.readable_in({"a": ["x😀", 1, None, {"b": "\x07"}]}) == {
            "a": ["x[U+1F600]", 1, None, {"b": ""}]
        }


class TestDocx:
    def opened(self, document: Document) -> docx.document.Document:
        return docx.Document(BytesIO(docx_of(document)))

    def test_headings_are_headings_and_tables_repeat_their_header(self) -> None:
        opened = self.opened(a_document())
        assert [
            (each.style.name, each.text)
            for each in opened.paragraphs
            if each.style.name.startswith("Heading")
        ] == [("Heading 1", "Anlass"), ("Heading 2", "Angaben")]
        table = opened.tables[0]
        assert [cell.text for cell in table.rows[0].cells] == ["Name", "Warum"]
        assert len(table.rows) == 81
        assert (
            table.rows[0]._tr.trPr.tblHeader_lst if hasattr(table.rows[0]._tr.trPr, "tblHeader_lst") else True
        )
        assert "w:tblHeader" in table._tbl.tr_lst[0].xml
        assert "w:tblHeader" not in table._tbl.tr_lst[1].xml

    def test_its_language_is_german(self) -> None:
        data = docx_of(a_document())
        styles = zipfile.ZipFile(BytesIO(data)).read("word/styles.xml").decode()
        assert set(re.findall(r'w:lang[^>]*w:val="([^"]+)"', styles)) == {"de-DE"}
        assert self.opened(a_document()).core_properties.language == "de-DE"

    def test_the_state_stands_above_each_page_and_the_case_below(self) -> None:
        section = self.opened(a_document(state="Entwurf")).sections[0]
        assert section.header.paragraphs[0].text == "Entwurf"
        assert section.footer.paragraphs[0].text.startswith("Fall k7m2p9 · Seite ")

    def test_letters_that_xml_cannot_hold_are_left_out(self) -> None:
        opened = self.opened(a_document(Paragraph("a\x00b\ud800c\u202ed😀")))
        assert opened.paragraphs[-1].text == "abcd😀"

    def test_the_same_words_as_in_the_pdf(self) -> None:
        pdf = texts_of(typeset.pdf(a_document()))
        opened = self.opened(a_document())
        for word in ("Bauhof", "10-24/7", "Vorausgefüllt.", "zwei", "Firma 79"):
            assert word in pdf
            assert any(word in each.text for each in opened.paragraphs) or any(
                word in cell.text for cell in opened.tables[0].column_cells(0)
            )


def test_a_table_needs_as_many_cells_as_its_header() -> None:
    with pytest.raises(ValueError, match="„T“ has not as many cells"):
        Table("T", ("A", "B"), (("1",),))
