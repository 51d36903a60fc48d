"""The crosswalk: every foreign code leads somewhere, or the file says why not."""

import re
from pathlib import Path

import pytest

from allmende.vocabulary import files
from tests.vocabulary.foreign_codes import ALL

CROSSWALKS = {crosswalk.foreign_scheme: crosswalk for crosswalk in files.read().crosswalks}


def covered(foreign_scheme: str) -> list[str]:
    crosswalk = CROSSWALKS[foreign_scheme]
    return sorted([*crosswalk.targets, *crosswalk.reasons])


@pytest.mark.parametrize(("foreign_scheme", "foreign_codes"), ALL.items(), ids=ALL)
def test_every_code_of_publiccode_is_covered_and_no_other(
    foreign_scheme: str, foreign_codes: list[str]
) -> None:
    assert covered(foreign_scheme) == sorted(foreign_codes)


@pytest.mark.parametrize(
    ("foreign_scheme", "file"),
    [("publiccode_category", "categories-list.rst"), ("publiccode_scope", "scope-list.rst")],
)
def test_our_list_of_codes_is_that_of_the_standard(shared_data: Path, foreign_scheme: str, file: str) -> None:
    text = (shared_data / "publiccode-standard/docs/standard" / file).read_text(encoding="utf-8")
    assert sorted(re.findall(r"^- (\S+)$", text, re.MULTILINE)) == sorted(ALL[foreign_scheme])


def test_the_statuses_are_those_of_the_standard(shared_data: Path) -> None:
    text = (shared_data / "publiccode-standard/docs/standard/schema.core.rst").read_text(encoding="utf-8")
    section = text.split("Key ``developmentStatus``", 1)[1].split("Key ``softwareType``", 1)[0]
    assert re.findall(r"^-  ``(\w+)`` - ", section, re.MULTILINE) == ALL["publiccode_status"]


def test_a_status_becomes_exactly_one_maturity() -> None:
    assert CROSSWALKS["publiccode_status"].targets == {
        "concept": (("maturity", "concept"),),
        "development": (("maturity", "prototype"),),
        "beta": (("maturity", "pilot"),),
        "stable": (("maturity", "productive"),),
        "obsolete": (("maturity", "discontinued"),),
    }


def test_every_scope_says_for_whom_or_for_what() -> None:
    kinds = {
        code: {scheme for scheme, _ in pairs}
        for code, pairs in CROSSWALKS["publiccode_scope"].targets.items()
    }
    assert {code for code, schemes in kinds.items() if "audience" not in schemes} == {"environment"}
    without_field = {code for code, schemes in kinds.items() if "field_of_action" not in schemes}
    assert without_field == {"defence", "foreign-affairs", "justice"}


def test_a_category_has_at_most_one_boundary() -> None:
    counted = [
        [scheme for scheme, _ in pairs].count("boundary")
        for pairs in CROSSWALKS["publiccode_category"].targets.values()
    ]
    assert max(counted) == 1


def test_tag_and_status_words_are_lower_case() -> None:
    words = [*covered("tag_word"), *covered("status_word")]
    assert [word for word in words if word != word.lower()] == []


def _front_matter_list(text: str, key: str) -> list[str]:
    front = text.split("\n---", 1)[0]
    found = re.search(rf"^{key}:\s*((?:\n\s*- .+)+|.+)", front, re.MULTILINE)
    if not found:
        return []
    items = re.findall(r"-\s+(.+)", found[1]) or re.split(r"[,\[\]]", found[1])
    # Their pages explain the tags to each other in comments.
    said = [item.split("#", 1)[0].strip().strip("\"'").lower() for item in items]
    return [item for item in said if item]


@pytest.mark.parametrize("folder", ["codefor.de/content/projekte", "muenchen/de/software"])
def test_every_tag_of_the_german_catalogues_is_known(shared_data: Path, folder: str) -> None:
    pages = list((shared_data / "catalogues" / folder).glob("*.md"))
    tags = {tag for page in pages for tag in _front_matter_list(page.read_text(encoding="utf-8"), "tags")}
    assert len(pages) > 100
    assert tags - set(covered("tag_word")) == set()
