"""YAML from strangers: places, scalars, bounds, broken bytes."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.federation.formats.yaml_source import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_FINDINGS,
    MAX_NODES,
    Source,
    plain_value,
    read_yaml,
    read_yaml_text,
)


def said(source: Source) -> list[tuple[str, str, int | None, int | None]]:
    return [(f.severity, f.message, f.line, f.column) for f in source.findings]


def kinds(text: str) -> dict[str, str]:
    root = read_yaml_text(text).root
    assert root is not None
    return {entry.name: entry.value.kind for entry in root.entries}


def test_every_value_knows_its_line_and_column() -> None:
    root = read_yaml_text("eins: 1\nzwei:\n  - ä: drei\n").root
    assert root is not None
    item = root.get("zwei").items[0]  # type: ignore[union-attr]
    assert [
        (node.line, node.column) for node in (root, root.entries[1].key, item, item.entries[0].value)
    ] == [
        (1, 1),
        (2, 1),
        (3, 5),
        (3, 8),
    ]


def test_front_matter_may_begin_further_down() -> None:
    root = read_yaml_text("name: Pegelblick\n", first_line=2).root
    assert root is not None
    assert root.line == 2


def test_only_true_and_false_are_booleans() -> None:
    assert kinds("a: true\nb: False\nc: yes\nd: no\ne: on\nf: 'true'\ng: NO\n") == {
        "a": "boolean",
        "b": "boolean",
        "c": "string",
        "d": "string",
        "e": "string",
        "f": "string",
        "g": "string",
    }


def test_a_date_stays_a_text_and_a_version_too() -> None:
    assert kinds("a: 2026-03-31\nb: 0.4.0\nc: 0.4\nd: 1_000\ne: 0x1F\nf: .inf\ng: ~\nh:\ni: ''\n") == {
        "a": "string",
        "b": "string",
        "c": "number",
        "d": "number",
        "e": "number",
        "f": "number",
        "g": "null",
        "h": "null",
        "i": "string",
    }


def test_no_tag_builds_anything() -> None:
    source = read_yaml_text("a: !!python/object/apply:os.system ['echo']\nb: !own wert\nc: !!str 7\n")
    assert plain_value(source.root) == {"a": ["echo"], "b": "wert", "c": "7"}
    assert source.findings == ()


def test_plain_values_for_whoever_needs_no_places() -> None:
    assert plain_value(read_yaml_text("a: [1, true, ~, x]\nb: {c: d}\n").root) == {
        "a": ["1", True, None, "x"],
        "b": {"c": "d"},
    }


def test_a_merge_brings_in_what_is_not_there() -> None:
    text = "basis: &b {eins: 1, zwei: 2}\nmehr: {<<: *b, zwei: 22, drei: 3}\nviel: {<<: [*b], eins: 11}\n"
    root = read_yaml_text(text).root
    assert root is not None
    assert plain_value(root.get("mehr")) == {"zwei": "22", "drei": "3", "eins": "1"}
    assert plain_value(root.get("viel")) == {"eins": "11", "zwei": "2"}


def test_a_duplicate_key_is_a_finding_and_the_first_counts() -> None:
    source = read_yaml_text("name: eins\nurl: x\nname: zwei\n")
    assert plain_value(source.root) == {"name": "eins", "url": "x"}
    assert said(source) == [
        (
            "error",
            "Der Schlüssel „name“ steht zweimal, zuerst in Zeile 1; wir verwenden den ersten, streichen Sie den "
            "anderen.",
            3,
            1,
        )
    ]
    assert not source.is_complete


def test_of_several_documents_the_first_is_read() -> None:
    source = read_yaml_text("a: 1\n---\nb: 2\n---\nc: 3\n")
    assert plain_value(source.root) == {"a": "1"}
    assert said(source) == [
        (
            "error",
            "Die Datei enthält mehrere YAML-Dokumente; wir lesen nur das erste, entfernen Sie die übrigen.",
            2,
            1,
        )
    ]


def test_a_file_of_comments_has_no_root_and_no_error() -> None:
    source = read_yaml(b"# nur ein Kommentar\n")
    assert (source.root, source.findings, source.is_complete) == (None, (), True)


# ——— bytes ———


def test_latin_1_is_read_with_an_error() -> None:
    source = read_yaml("a: 1\nname: Bäche und Flüsse\n".encode("latin-1"))
    assert plain_value(source.root) == {"a": "1", "name": "Bäche und Flüsse"}
    assert said(source) == [
        (
            "error",
            "Die Datei ist in Windows-1252 (Latin-1) gespeichert und nicht in UTF-8; speichern Sie sie als UTF-8.",
            2,
            None,
        )
    ]


@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
def test_wide_encodings_are_read_with_an_error(codec: str) -> None:
    source = read_yaml("name: Bäche".encode(codec))
    assert plain_value(source.root) == {"name": "Bäche"}
    assert [finding.severity for finding in source.findings] == ["error"]


def test_a_byte_order_mark_is_no_error() -> None:
    source = read_yaml(b"\xef\xbb\xbfname: x\n")
    assert plain_value(source.root) == {"name": "x"}
    assert [finding.severity for finding in source.findings] == ["info"]


@pytest.mark.parametrize(
    ("content", "beginning"),
    [
        (b"", "Die Datei ist leer"),
        (b" \n\t ", "Die Datei ist leer"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Die Datei enthält Binärdaten"),
        (b"name: \x00", "Die Datei enthält Binärdaten"),
        (b"name: \x01", "Die Datei enthält Steuerzeichen"),
        (b"name: \x81\x8d\xff", "Die Datei ist nicht in UTF-8 gespeichert"),
        ("name: 日本".encode("shift-jis"), "Die Datei ist nicht in UTF-8 gespeichert"),
        (b"\xff\xfe\x00", "Die Datei gibt sich als UTF-16 aus"),
        (b"\xff\xfea\x00\x00\x00", "Die Datei enthält Binärdaten"),
        (b"\xef\xbb\xbfname: \x81", "Die Datei ist nicht in UTF-8 gespeichert"),
        (b"a: b: c", "Hier steht ein Doppelpunkt"),
        (b"a: [1, 2", "Die Datei ist ab dieser Stelle kein gültiges YAML"),
        (b"a: 'offen", "Ein Anführungszeichen oder eine Klammer"),
        (b"a:\n\tb: c", "Dieses Zeichen darf in YAML nicht am Anfang stehen"),
        (b"a: @b", "Dieses Zeichen darf in YAML nicht am Anfang stehen"),
        (b"a: 1\n b: 2", "Hier steht ein Doppelpunkt"),
        (b"a: *fehlt", "Der Verweis „*fehlt“ hat kein Ziel"),
        (b"a: &a [*a]", "Der Verweis „*a“ enthält sich selbst"),
        (b"a: &a {b: {c: *a}}", "Der Verweis „*a“ enthält sich selbst"),
        (b'a: "\\q"', "Nach dem umgekehrten Schrägstrich"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, beginning: str) -> None:
    source = read_yaml(content)
    assert source.root is None
    assert not source.is_complete
    assert source.findings[-1].severity == "error"
    assert source.findings[-1].message.startswith(beginning)


# ——— bounds ———


def test_a_large_file_is_not_read() -> None:
    source = read_yaml(b"a: " + b"x" * MAX_BYTES)
    assert source.root is None
    assert source.findings[0].message == (
        "Die Datei ist größer als 1024 KB und wurde deshalb nicht gelesen; "
        "kürzen Sie sie auf die Angaben des Formats."
    )


def test_a_deep_file_is_not_read() -> None:
    assert read_yaml_text("[" * MAX_DEPTH + "]" * MAX_DEPTH).root is not None
    source = read_yaml_text("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert source.root is None
    assert source.findings[0].message.startswith(f"Die Datei ist tiefer als {MAX_DEPTH} Ebenen verschachtelt")


def test_aliases_cannot_make_a_file_deeper() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))]
    source = read_yaml_text("\n".join(lines))
    assert source.root is None
    assert source.findings[0].message.startswith(f"Die Datei ist tiefer als {MAX_DEPTH} Ebenen verschachtelt")


def test_a_file_of_too_many_values_is_not_read() -> None:
    source = read_yaml_text("[" + "1," * MAX_NODES + "]")
    assert source.root is None
    assert source.findings[0].message.startswith("Die Datei enthält (mit aufgelösten Verweisen) mehr als")


BOMBS = {
    "aliases": "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 9)}]\n" for n in range(30)),
    "merges": "a0: &a0 {x: 1, y: 2}\n"
    + "".join(f"a{n + 1}: &a{n + 1} {{<<: *a{n}, k{n}: *a{n}, l{n}: *a{n}}}\n" for n in range(30)),
    "flow": "[" * 900_000,
    "block": "- " * 450_000,
    "keys": "{a: " * 250_000,
    "questions": "? " * 450_000,
    "quotes": "'" * 900_000,
    "anchors": "&a " * 300_000,
    "colons": "a:" * 400_000,
    "one key": "a: 1\n" * 150_000,
    "documents": "--- a\n" * 150_000,
    "tags": "!<" * 400_000,
    "spaces": "a: |\n" + " " * 900_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_over_quickly(name: str) -> None:
    started = time.perf_counter()
    source = read_yaml(BOMBS[name].encode())
    # Far above what it takes (some milliseconds), far below what a real explosion would.
    assert time.perf_counter() - started < 10
    assert len(source.findings) <= MAX_FINDINGS


def test_a_thousand_duplicates_are_told_fifty_times() -> None:
    assert len(read_yaml_text("a: 1\n" * 1000).findings) == MAX_FINDINGS


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    source = read_yaml(content)
    assert source.root is not None or source.findings or not content.strip(b"# \n\t") or source.is_complete
    assert all(finding.message.endswith(".") for finding in source.findings)


WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=8)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), WORDS),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
        max_leaves=20,
    )
)
@settings(max_examples=150, deadline=None)
def test_json_is_yaml(value: object) -> None:
    source = read_yaml(json.dumps(value, ensure_ascii=False).encode())
    assert source.root is not None
    assert plain_value(source.root) == _numbers_as_text(value)


def _numbers_as_text(value: object) -> object:
    if isinstance(value, dict):
        return {key: _numbers_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_numbers_as_text(each) for each in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
