"""The glossary names what the code names. The lists come from the code: nobody keeps a second one."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps

from allmende.journal.queries import known_kinds


@dataclass(frozen=True)
class Row:
    section: str
    german: str
    code: str
    meaning: str


def rows(checkout: Path) -> Iterator[Row]:
    section = ""
    for line in (checkout / "docs/glossary.md").read_text(encoding="utf-8").splitlines():
        section = line.removeprefix("## ") if line.startswith("## ") else section
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] != "German" and not cells[0].startswith("---"):
            yield Row(section, *cells)


@pytest.fixture(scope="module")
def glossary(checkout: Path) -> list[Row]:
    return list(rows(checkout))


@pytest.fixture(scope="module")
def words(glossary: list[Row]) -> set[str]:
    return {row.code.strip("`") for row in glossary if row.section != "Addresses"}


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def model_names() -> list[str]:
    models = apps.get_models()
    return sorted(
        {snake_case(model.__name__) for model in models if model.__module__.startswith("allmende.")}
    )


def subjects_of_kinds() -> list[str]:
    """`catalogue.merge_undone` is about a merge; `regions.imported` about regions."""
    nouns = set()
    for kind in known_kinds():
        package, _, event = kind.partition(".")
        # "taken back" is one verb of two words.
        nouns.add(event.removesuffix("_back").rpartition("_")[0] or package)
    return sorted(nouns)


def test_every_model_stands_in_the_glossary(words: set[str]) -> None:
    assert [name for name in model_names() if name not in words] == []


def test_the_subject_of_every_journal_kind_stands_in_the_glossary(words: set[str]) -> None:
    # A noun may be the last part of a longer word (`succession` of `region_succession`), and stand in the plural.
    ends = {"_".join(word.split("_")[start:]) for word in words for start in range(word.count("_") + 1)}
    assert [noun for noun in subjects_of_kinds() if not {noun, noun.removesuffix("s")} & ends] == []


def test_one_word_for_each_idea(glossary: list[Row]) -> None:
    entries = [row for row in glossary if row.section != "Addresses"]
    for column in ("german", "code"):
        counted = Counter(getattr(row, column).lower() for row in entries)
        assert [word for word, count in counted.items() if count > 1] == []


def test_every_row_has_a_code_name_and_a_meaning_in_one_line(glossary: list[Row]) -> None:
    assert len(glossary) > 100
    assert [row for row in glossary if not re.fullmatch(r"`[a-z][a-z_]*`", row.code)] == []
    assert [row for row in glossary if not row.german or not row.meaning.endswith(".")] == []


def test_addresses_are_paired_with_words_of_the_glossary(glossary: list[Row], words: set[str]) -> None:
    pairs = [row.code.strip("`") for row in glossary if row.section == "Addresses"]
    assert [code for code in pairs if code not in words] == []
