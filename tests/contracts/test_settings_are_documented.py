"""Whoever runs Allmende finds every variable explained, and nothing explained that is not read."""

import re
from pathlib import Path

import pytest

VARIABLE = re.compile(r"\bALLMENDE_[A-Z]+(?:_[A-Z]+)*\b")


def _in_code(checkout: Path, *places: str) -> set[str]:
    """Names of variables that stand as whole strings in the code of some places."""
    files = [file for place in places for file in sorted((checkout / place).rglob("*.py"))]
    quoted = re.compile(r"""["'](ALLMENDE_[A-Z]+(?:_[A-Z]+)*)["']""")
    return {name for file in files for name in quoted.findall(file.read_text(encoding="utf-8"))}


@pytest.fixture
def documented(checkout: Path) -> set[str]:
    page = (checkout / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in VARIABLE.findall(row)}


def test_every_variable_that_the_settings_read_is_documented_and_no_other(
    checkout: Path, documented: set[str]
) -> None:
    read = _in_code(checkout, "src/allmende", "tools", "tests/support") | {"ALLMENDE_REQUIRE_SHARED"}
    assert documented == read


def test_only_the_settings_read_the_environment(checkout: Path) -> None:
    """One place to look; packages ask `django.conf.settings`."""
    readers = [
        path.relative_to(checkout).as_posix()
        for path in sorted((checkout / "src" / "allmende").rglob("*.py"))
        if re.search(r"\bos\.environ\b|\bgetenv\b", path.read_text(encoding="utf-8"))
    ]
    # cli.py and wsgi.py only name the settings module; the demo looks for real files beside the checkout.
    assert readers == [
        "src/allmende/config/cli.py",
        "src/allmende/config/settings.py",
        "src/allmende/config/wsgi.py",
        "src/allmende/demo/management/commands/demo.py",
    ]
