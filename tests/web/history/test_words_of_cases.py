"""What entries about needs and market explorations say beside their kind, in German words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import allmende
from allmende.web.history.wording import DETAILS, SUBJECTS
from allmende.web.history.words_of_cases import said

HOUSE = Path(allmende.__file__).parent
# What every entry has, and who or what it is about.
OF_EVERY_ENTRY = {"by", "now", "subject", "organisation", "words", "data"}


def named(tree: ast.AST) -> Iterator[str]:
    """The data that actions give to their own small `note` by name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("note", "_note")
        ):
            yield from (each.arg for each in node.keywords if each.arg)


def test_every_detail_that_is_given_by_name_has_words() -> None:
    files = [*HOUSE.glob("demand/actions/*.py"), *HOUSE.glob("exploration/actions/*.py")]
    found = {key for path in files for key in named(ast.parse(path.read_text(encoding="utf-8")))}
    assert {"person", "role", "join_until"} <= found
    assert sorted(found - set(DETAILS) - OF_EVERY_ENTRY) == []


def test_what_entries_are_about_has_words() -> None:
    models = [*HOUSE.glob("demand/models/*.py"), *HOUSE.glob("exploration/models/*.py")]
    types = {
        line.partition('"')[2].rstrip('"\n')
        for path in models
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("journal_type = ")
    }
    assert "questionnaire" in types
    assert sorted(types - set(SUBJECTS)) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("has_conflict", False, "nein"),
        ("taken_back", True, "ja"),
        ("role", "lead", "führt den Fall"),
        ("kind", "bought", "beschafft"),
        ("result", "unknown", "keine Angabe"),
        ("state", "dropped", "ausgeschieden"),
        ("step", "unfug", ""),
        ("town", "bought", ""),
    ],
)
def test_codes_are_said_in_words(name: str, value: object, words: str) -> None:
    assert said(name, value) == words
