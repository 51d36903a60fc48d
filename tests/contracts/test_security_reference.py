"""The page on security names tests that exist, for every chapter of the standard."""

import ast
import re
from pathlib import Path

import pytest

NAMED = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)*)`")


@pytest.fixture(scope="module")
def page(checkout: Path) -> str:
    return (checkout / "docs" / "reference" / "security.md").read_text(encoding="utf-8")


def names_in(path: Path) -> set[str]:
    """Tests of a file, those of a class with its name before them."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def test_every_test_that_the_page_names_exists(checkout: Path, page: str) -> None:
    missing = [
        file + name
        for file, name in NAMED.findall(page)
        if not (checkout / file).is_file()
        or (name and name.removeprefix("::") not in names_in(checkout / file))
    ]
    assert missing == []


def test_every_chapter_of_the_standard_is_there(page: str) -> None:
    chapters = re.findall(r"^## V(\d+) ", page, re.MULTILINE)
    assert chapters == [str(number) for number in range(1, 15)]


def test_every_row_says_how_and_what_shows_it(page: str) -> None:
    rows = [line for line in page.splitlines() if re.match(r"\| \d", line)]
    assert rows
    assert [row for row in rows if row.count(" | ") != 2] == []
    assert [row for row in rows if not (NAMED.search(row) or row.rstrip().endswith("| – |"))] == []
