import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.files.limits import LONGEST_NAME
from allmende.files.names import clean_name

NAMES = st.text(max_size=300) | st.text(alphabet='a./\\\u202e\n\r\x00\u200b "%;:CONäéé\u0301', max_size=80)


@pytest.mark.parametrize(
    ("given_name", "ending", "expected"),
    [
        ("Preise 2026.pdf", "pdf", "Preise 2026.pdf"),
        ("Preise 2026.PDF", "pdf", "Preise 2026.pdf"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("C:\\Users\\x\\Preise.docx", "docx", "Preise.docx"),
        ("Preise\r\nSet-Cookie: a=b.pdf", "pdf", "Preise Set-Cookie a=b.pdf"),
        ("Rechnung\u202efdp.exe", "pdf", "Rechnungfdp.exe.pdf"),
        ("Rechnung.exe", "pdf", "Rechnung.exe.pdf"),
        ("Nu\u200bll\x00breite.pdf", "pdf", "Nullbreite.pdf"),
        ("U\u0308bersicht.pdf", "pdf", "Übersicht.pdf"),
        ("Barrierefreiheits\u00aderklärung.pdf", "pdf", "Barrierefreiheitserklärung.pdf"),
        ("", "pdf", "Unterlage.pdf"),
        (".pdf", "pdf", "Unterlage.pdf"),
        ("...", "odt", "Unterlage.odt"),
        ("con.pdf", "pdf", "Unterlage con.pdf"),
        ("LPT1.alt.pdf", "pdf", "Unterlage LPT1.alt.pdf"),
        ('a"b;c%41<d>|?.pdf', "pdf", "a b c 41 d.pdf"),
        ("x" * 400, "pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_keeps_what_people_read_and_loses_what_deceives(
    given_name: str, ending: str, expected: str
) -> None:
    assert clean_name(given_name, ending) == expected


@given(NAMES, st.sampled_from(["pdf", "docx", "ods"]))
def test_whatever_a_name_holds_a_clean_one_holds_no_path_no_line_and_no_hidden_sign(
    name: str, ending: str
) -> None:
    clean = clean_name(name, ending)
    assert len(clean) <= LONGEST_NAME + len("Unterlage ")
    assert clean.endswith(f".{ending}")
    assert not clean.startswith((".", " "))
    assert [letter for letter in clean if letter in '/\\<>:"|?*%;'] == []
    assert {unicodedata.category(letter) for letter in clean} & {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
        "Zl",
        "Zp",
    } == set()
    assert clean.encode()
    assert clean == unicodedata.normalize("NFC", clean)


@given(NAMES, st.sampled_from(["pdf", "docx", "ods"]))
def test_cleaning_twice_changes_nothing(name: str, ending: str) -> None:
    once = clean_name(name, ending)
    assert clean_name(once, ending) == once
