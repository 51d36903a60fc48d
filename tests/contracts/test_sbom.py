"""The list of components (SBOM) names what is pinned, with its hashes, and nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tools.sbom import bill, licences_of

RUN = """# Made by hand.
beta==2.0 ; python_full_version >= '3.12' \\
    --hash=sha256:{b}
    # via gamma, delta-x
delta-x==1.0 \\
    --hash=sha256:{d} \\
    --hash=sha256:{a}
    # via allmende (pyproject.toml)
gamma==1.1 \\
    --hash=sha256:{c}
    # via allmende (pyproject.toml)
""".format(**{each: each * 64 for each in "abcd"})
TEST = f"""gamma==1.1 \\
    --hash=sha256:{"c" * 64}
    # via allmende (pyproject.toml)
pytest==9.0 \\
    --hash=sha256:{"e" * 64}
    # via allmende (pyproject.toml:test)
"""
LOCK = {
    "packages": {
        "": {"name": "allmende"},
        "node_modules/@kern/native": {"version": "2.7", "integrity": "sha512-AAEC", "license": "EUPL-1.2"},
        "node_modules/axe": {"version": "4.1", "integrity": "sha512-AwQF", "dev": True},
        "node_modules/x/node_modules/axe": {"version": "4.1", "integrity": "sha512-AwQF", "dev": True},
    }
}


@pytest.fixture
def small(tmp_path: Path) -> dict[str, Any]:
    """Of a checkout with four packages of Python and two of npm."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text(RUN)
    (tmp_path / "requirements" / "test.txt").write_text(TEST)
    (tmp_path / "package-lock.json").write_text(json.dumps(LOCK))
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "allmende"\nversion = "1.2"\nlicense = "EUPL-1.2"\n'
    )
    told = tmp_path / "site" / "Delta_X-1.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Name: Delta_X\nLicense-Expression: MIT OR Apache-2.0\n\nText\n")
    return bill(tmp_path, tmp_path / "site")


def test_it_says_what_it_is_a_list_of(small: dict[str, Any]) -> None:
    assert (small["bomFormat"], small["specVersion"], small["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", small["serialNumber"])
    assert small["metadata"]["component"] == {
        "type": "application", "bom-ref": "allmende", "name": "allmende", "version": "1.2",
        "licenses": [{"expression": "EUPL-1.2"}],
    }  # fmt: skip


def test_what_is_delivered_is_told_from_tools(small: dict[str, Any]) -> None:
    assert [(each["purl"], each["scope"]) for each in small["components"]] == [
        ("pkg:npm/%40kern/native@2.7", "required"),
        ("pkg:npm/axe@4.1", "excluded"),
        ("pkg:pypi/beta@2.0", "required"),
        ("pkg:pypi/delta-x@1.0", "required"),
        ("pkg:pypi/gamma@1.1", "required"),
        ("pkg:pypi/pytest@9.0", "excluded"),
    ]


def test_each_has_its_hashes_and_its_licence_where_it_names_one(small: dict[str, Any]) -> None:
    kern, axe, beta, delta, *_ = small["components"]
    assert kern["hashes"] == [{"alg": "SHA-512", "content": "000102"}]
    assert [each["content"][0] for each in delta["hashes"]] == ["a", "d"]
    assert {each["alg"] for each in beta["hashes"]} == {"SHA-256"}
    assert (kern["group"], kern["name"], kern["licenses"]) == (
        "@kern",
        "native",
        [{"expression": "EUPL-1.2"}],
    )
    assert delta["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert ["licenses" in each for each in (axe, beta)] == [False, False]


def test_it_says_who_depends_on_whom(small: dict[str, Any]) -> None:
    assert {each["ref"]: each["dependsOn"] for each in small["dependencies"]} == {
        "allmende": ["pkg:pypi/delta-x@1.0", "pkg:pypi/gamma@1.1", "pkg:pypi/pytest@9.0"],
        "pkg:pypi/beta@2.0": [],
        "pkg:pypi/delta-x@1.0": ["pkg:pypi/beta@2.0"],
        "pkg:pypi/gamma@1.1": ["pkg:pypi/beta@2.0"],
        "pkg:pypi/pytest@9.0": [],
    }


@pytest.mark.parametrize(
    ("expression", "classifiers", "free", "said"),
    [
        ("MIT", ["License :: OSI Approved :: BSD License"], "x", [{"expression": "MIT"}]),
        (
            None,
            ["License :: OSI Approved :: BSD License"],
            "BSD-3-Clause",
            [{"license": {"id": "BSD-3-Clause"}}],
        ),
        (None, ["License :: OSI Approved :: MIT License"], "see file", [{"license": {"id": "MIT"}}]),
        (None, ["License :: OSI Approved :: BSD License"], None, [{"license": {"name": "BSD License"}}]),
        (None, ["Topic :: Internet"], "CC BY-SA 4.0", [{"license": {"name": "CC BY-SA 4.0"}}]),
        (None, [], "Permission is hereby granted,\nfree of charge", []),
        (None, [], "x" * 61, []),
        (None, [], None, []),
    ],
)
def test_a_licence_is_told_as_exactly_as_the_package_tells_it(
    expression: str | None, classifiers: list[str], free: str | None, said: list[Any]
) -> None:
    assert licences_of(expression, classifiers, free) == said


def test_ours_names_every_pin_once_and_is_the_same_every_time(checkout: Path, tmp_path: Path) -> None:
    told = bill(checkout, tmp_path)
    pins = {
        f"pkg:pypi/{name}@{version}"
        for path in (checkout / "requirements").glob("*.txt")
        for name, version in re.findall(r"(?m)^([a-z0-9._-]+)==([^ ;\\]+)", path.read_text(encoding="utf-8"))
    }
    refs = [each["bom-ref"] for each in told["components"]]
    assert {ref for ref in refs if ref.startswith("pkg:pypi/")} == pins
    assert len(refs) == len(set(refs))
    assert all(each["hashes"] for each in told["components"])
    assert {each["ref"] for each in told["dependencies"]} <= {"allmende", *refs}
    assert bill(checkout, tmp_path) == told
