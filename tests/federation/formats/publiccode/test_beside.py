"""Files beside the publiccode.yml, for whoever knows them."""

import struct

import pytest

from tests.federation.formats.publiccode.cast import full, keys, messages, read


def png(width: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + struct.pack(">II", width, 100)
        + b"\x08\x06\0\0\0"
    )


WHOLE = {
    "../logo.svg": b"<svg/>",
    "bilder/logo.svg": b"<svg/>",
    "bilder/logo.png": png(400),
    "bilder/karte.png": b"",
    "AUTHORS": b"Team",
}


def test_all_is_well_where_the_files_lie() -> None:
    reading = read(full(), siblings=WHOLE.get)
    assert (reading.decision, keys(reading, "error")) == ("publish", [])


def test_without_knowledge_only_names_are_checked() -> None:
    assert keys(read(full("bilder/logo.svg", "bilder/fehlt.svg")), "error") == []


@pytest.mark.parametrize(
    ("logo", "sentence"),
    [
        (
            "bilder/fehlt.svg",
            "gibt es im Repository nicht; legen Sie die Datei an oder berichtigen Sie den Pfad.",
        ),
        ("../logo.svg", "gibt es im Repository nicht; legen Sie die Datei an oder berichtigen Sie den Pfad."),
        ("bilder/klein.png", "ist nur 60 Pixel breit; verwenden Sie ein Bild mit mindestens 120 Pixeln."),
        ("bilder/kein.png", "ist kein lesbares PNG-Bild; speichern Sie das Bild neu."),
        (
            "bilder/logo.gif",
            "endet nicht auf .svg oder .svgz oder .png; verwenden Sie eine Datei in einem dieser Formate.",
        ),
    ],
)
def test_a_logo_that_cannot_be_shown_says_why(logo: str, sentence: str) -> None:
    files = WHOLE | {"bilder/klein.png": png(60), "bilder/kein.png": b"GIF89a", "bilder/logo.gif": b""}
    reading = read(full("bilder/logo.svg", logo), siblings=files.get)
    assert reading.decision == "publish_with_warnings"
    assert messages(reading, "logo") == [f"„{logo}“ in „logo“ {sentence}"]


def test_a_wide_png_is_fine() -> None:
    assert keys(read(full("bilder/logo.svg", "bilder/logo.png"), siblings=WHOLE.get), "error") == []


def test_missing_screenshots_and_authors_are_errors() -> None:
    text = full("bilder/karte.png", "bilder/fehlt.jpg").replace("legal:\n", "legal:\n  authorsFile: FEHLT\n")
    assert keys(read(text, siblings=WHOLE.get), "error") == [
        "description.de.screenshots[0]",
        "legal.authorsFile",
    ]
