"""The reader as a whole: decisions about whole files, names of files, and nothing that it cannot bear."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.catalogue.drafts import Reading
from allmende.federation.formats.publiccode import PUBLICCODE
from allmende.federation.formats.publiccode.schema import PUBLICCODE as SCHEMA
from tests.federation.formats.publiccode.cast import context, full, minimal, read


@pytest.mark.parametrize(
    ("path", "is_wanted"),
    [
        ("publiccode.yml", True),
        ("ordner/publiccode.yaml", True),
        ("PUBLICCODE.YML", True),
        ("kreis__parkplan__publiccode.yml", True),
        ("parkplan.publiccode.yml", True),
        ("parkplan.yml", False),
        ("publiccode.yml.bak", False),
        ("publiccode.md", False),
    ],
)
def test_which_files_are_wanted(path: str, is_wanted: bool) -> None:
    assert PUBLICCODE.wants(path, context()) == is_wanted


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"",
            "Die Datei ist nicht lesbar: Die Datei ist leer; tragen Sie die Angaben ein oder löschen Sie sie.",
        ),
        (b"# nichts\n", "Die Datei enthält nur Kommentare; tragen Sie die Angaben ein oder löschen Sie sie."),
        (
            b"- eins\n- zwei\n",
            "Die Datei enthält keine Angaben in der Form „Schlüssel: Wert“; schreiben Sie sie nach dem Standard "
            "publiccode.yml.",
        ),
        (
            b"services:\n  web:\n    image: muster\nvolumes: {}\n",
            "Die Datei enthält keine Angaben nach dem Standard publiccode.yml; ist sie etwas anderes, nehmen Sie sie "
            "aus der Quelle, sonst ergänzen Sie Name, Adresse, Beschreibung und Lizenz.",
        ),
        (
            b"name: Baustein A\n",
            "Es fehlt jede Adresse; tragen Sie unter „url“ das Repository oder unter „landingURL“ eine Webseite ein.",
        ),
        (
            b"\x00\x01",
            "Die Datei ist nicht lesbar: Die Datei enthält Binärdaten und keinen Text; legen Sie an diese Stelle eine "
            "Textdatei in UTF-8.",
        ),
    ],
)
def test_what_is_kept_back_says_why(content: bytes, reason: str) -> None:
    reading = read(content)
    assert (reading.decision, reading.reasons, reading.standard_valid) == ("quarantine", (reason,), False)


def test_all_reasons_come_at_once() -> None:
    reading = read("publiccodeYmlVersion: '0'\nname: TODO\nurl: https://example.com/a\nplatforms: [web]\n")
    assert reading.reasons == (
        "Der Name „TODO“ ist ein Platzhalter aus der Vorlage; ersetzen Sie ihn durch den Namen der Software.",
        "Die Adresse „https://example.com/a“ unter „url“ ist ein Platzhalter aus der Vorlage; ersetzen Sie sie "
        "durch die Adresse des Repositorys.",
    )


def test_a_latin_1_file_is_published_with_a_warning_to_its_owner() -> None:
    reading = read(minimal().encode("latin-1"))
    assert (reading.decision, reading.standard_valid) == ("publish_with_warnings", False)
    assert reading.draft is not None
    assert reading.draft.texts[0].summary == "Zeigt Wasserstände kleiner Bäche auf einer Karte."


def test_the_version_is_told() -> None:
    assert [read(minimal()).standard_version, read(minimal('"0"', '"0.4"')).standard_version] == ["0", "0.4"]


def test_the_same_bytes_read_the_same() -> None:
    assert read(full()) == read(full())


def _is_sound(reading: Reading) -> bool:
    published = reading.draft is not None
    return published == (not reading.reasons) and len(reading.findings) <= 101


@given(st.binary(max_size=500))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_reading(content: bytes) -> None:
    assert _is_sound(read(content))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_gives_a_reading(data: st.DataObject) -> None:
    content = full().encode()
    at = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(at, min(len(content), at + 40)))
    assert _is_sound(read(content[:at] + data.draw(st.binary(max_size=6)) + content[end:]))


VALUES = st.recursive(
    st.one_of(
        st.sampled_from(
            ["", "~", "true", "yes", "1", "0.5", "https://a.test/b", "de", "2026-01-01", "{}", "[]", "|"]
        ),
        st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "uri", "de", "id", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SCHEMA.keys, "landingUrl", "tags", "x"]), VALUES, max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_values_under_the_known_keys_give_a_reading(values: dict[str, object]) -> None:
    import yaml

    text = yaml.safe_dump(
        {"name": "Pegelblick", "url": "https://git.muster.test/a"} | values, allow_unicode=True
    )
    reading = read(text)
    assert _is_sound(reading)
    assert reading.standard_valid == all(finding.severity != "error" for finding in reading.findings)


def test_a_normal_file_is_read_in_a_few_milliseconds() -> None:
    content = full().encode()
    read(content)
    started = time.perf_counter()
    for _ in range(20):
        read(content)
    # A loose bound against something quadratic, not a measurement.
    assert (time.perf_counter() - started) / 20 < 0.25
