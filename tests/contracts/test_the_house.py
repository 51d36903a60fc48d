"""House rules that can be checked are checked here, and not explained twice."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tools import words

LONGEST_FILE = 400
"""Lines; a file that grows beyond becomes a folder of the same name (house rule)."""

LONGER_WITH_REASON: dict[str, str] = {
    "src/allmende/config/settings.py": "whoever runs the house looks for a setting in one place",
}
"""Path → why this file reads better whole."""


@pytest.fixture(scope="module")
def source(checkout: Path) -> Path:
    return checkout / "src" / "allmende"


@pytest.fixture(scope="module")
def modules(source: Path) -> dict[str, ast.Module]:
    """Every module of ours by its path within the package, parsed; migrations left out."""
    files = [path for path in sorted(source.rglob("*.py")) if "migrations" not in path.parts]
    return {
        path.relative_to(source).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files
    }


def test_no_file_names_a_path_of_one_machine_or_a_package_registry() -> None:
    assert words.forbidden(words.tracked()) == []


def test_every_package_says_what_it_is_about(source: Path, modules: dict[str, ast.Module]) -> None:
    packages = [
        f"{path.name}/__init__.py" for path in sorted(source.iterdir()) if (path / "__init__.py").exists()
    ]
    silent = [package for package in packages if not ast.get_docstring(modules[package])]
    assert silent == []


def test_migrations_are_named_by_what_they_mean(source: Path) -> None:
    names = [path.relative_to(source).as_posix() for path in sorted(source.glob("*/migrations/[0-9]*.py"))]
    unnamed = [name for name in names if re.search(r"_auto_|_alter_|_initial\b|\d{4}_\d{4}", name)]
    assert unnamed == []


def test_files_stay_short_or_say_why_not(checkout: Path, source: Path) -> None:
    long = {
        path.relative_to(checkout).as_posix()
        for path in sorted(source.rglob("*.py"))
        if "migrations" not in path.parts
        and len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    }
    assert long == set(LONGER_WITH_REASON)


def test_no_module_is_called_utils(modules: dict[str, ast.Module]) -> None:
    vague = re.compile(r"(^|/)(utils?|helpers?|misc|common|managers?)(/|\.py$)")
    assert [path for path in modules if vague.search(path)] == []


def test_what_an_action_takes_beyond_its_object_is_named_by_its_caller(
    modules: dict[str, ast.Module],
) -> None:
    """`publish(demand, by=…, now=…)`: whoever reads the call knows who did it and when."""
    positional = []
    for path, module in modules.items():
        if not re.search(r"/actions(\.py|/)", path):
            continue
        for function in module.body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            given = {argument.arg for argument in [*function.args.posonlyargs, *function.args.args]}
            named = {argument.arg for argument in function.args.kwonlyargs}
            if "by" in given or ("by" in named and "now" in given):
                positional.append(f"{path}: {function.name}")
    assert positional == []


def test_templates_hold_no_script_no_style_and_no_foreign_address(source: Path) -> None:
    """The content security policy would stop them; the page would only look broken."""
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|(?:src|srcset)=\"(?:https?:)?//"
    )
    found = [
        f"{path.relative_to(source)}:{number}: {match.group().strip()}"
        for path in sorted(source.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (match := inline.search(line))
    ]
    assert found == []


def test_the_order_of_the_packages_names_every_package(checkout: Path, source: Path) -> None:
    """import-linter checks the order; this says at once which package has no place yet."""
    configuration = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in configuration["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    placed = {name.strip("() ") for layer in contract["layers"] for name in layer.split("|")}
    packages = {path.parent.name for path in source.glob("*/__init__.py")}
    assert packages - placed == set()
