"""What is installed is what was pinned: every file with hashes, all files at one version, nothing forgotten."""

import re
import tomllib
from pathlib import Path

import pytest

PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)(.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def pinned(checkout: Path) -> dict[str, dict[str, set[str]]]:
    """Purpose → package → its versions (more than one where they differ by Python)."""
    files: dict[str, dict[str, set[str]]] = {}
    for path in sorted((checkout / "requirements").glob("*.txt")):
        versions = files.setdefault(path.stem, {})
        for name, version, _ in PIN.findall(path.read_text(encoding="utf-8")):
            versions.setdefault(name, set()).add(version)
    return files


def _plain(requirement: str) -> str:
    return re.split(r"[\[<>=~!; ]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def test_every_pin_has_a_hash(checkout: Path) -> None:
    without = []
    for path in sorted((checkout / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=[a-z])", path.read_text(encoding="utf-8"))
        without += [
            block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block
        ]
    assert without == []


def test_everything_that_pyproject_asks_for_is_pinned(
    checkout: Path, pinned: dict[str, dict[str, set[str]]]
) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    runs = {_plain(line) for line in project["project"]["dependencies"]}
    tests = {_plain(line) for line in project["dependency-groups"]["test"] if isinstance(line, str)}
    builds = {_plain(line) for line in project["dependency-groups"]["build"]}
    assert runs - set(pinned["run"]) == set()
    assert (runs | builds) - set(pinned["build"]) == set()
    assert (runs | builds | tests) - set(pinned["test"]) == set()


def test_tests_run_with_the_versions_that_are_delivered(pinned: dict[str, dict[str, set[str]]]) -> None:
    for smaller in ("run", "build", "uv"):
        for name, versions in pinned[smaller].items():
            assert (name, versions) == (name, pinned["test"][name])


def test_the_front_end_lock_names_no_address(checkout: Path) -> None:
    assert "://" not in (checkout / "package-lock.json").read_text(encoding="utf-8")
