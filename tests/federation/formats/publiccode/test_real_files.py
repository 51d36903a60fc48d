"""The real files beside the checkout: what we do with each was written down by reading it."""

import hashlib
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from allmende.catalogue.drafts import Reading
from tests.federation.formats.publiccode.cast import read, sample

SHORT = {"publish": "publish", "publish_with_warnings": "warnings", "quarantine": "quarantine"}


@pytest.fixture(scope="module")
def readings(shared_data: Path) -> dict[str, Reading]:
    contents = [path.read_bytes() for path in sorted((shared_data / "publiccode").glob("*.yml"))]
    return {hashlib.sha256(content).hexdigest()[:12]: read(content) for content in contents}


def test_every_file_gets_the_decision_of_the_reviewed_table(readings: dict[str, Reading]) -> None:
    expected = {name: tuple(row) for name, row in tomllib.loads(sample("real_files.toml")).items()}
    found = {name: (SHORT[reading.decision], reading.findings[0].key) for name, reading in readings.items()}
    assert found == expected


def test_at_least_115_of_135_are_published(readings: dict[str, Reading]) -> None:
    decisions = Counter(reading.decision for reading in readings.values())
    print(dict(decisions))
    assert decisions.total() == 135
    assert decisions["publish"] + decisions["publish_with_warnings"] >= 115


def test_what_is_published_has_a_name_an_address_and_a_text_mostly(readings: dict[str, Reading]) -> None:
    drafts = [reading.draft for reading in readings.values() if reading.draft]
    assert all(draft.name and (draft.repository_url or draft.website_url) for draft in drafts)
    assert sum(any(text.summary or text.description for text in draft.texts) for draft in drafts) >= 110


def test_what_is_kept_back_has_reasons(readings: dict[str, Reading]) -> None:
    assert all(bool(reading.reasons) == (reading.decision == "quarantine") for reading in readings.values())


def test_german_texts_come_first(readings: dict[str, Reading]) -> None:
    languages = [
        [text.language for text in reading.draft.texts] for reading in readings.values() if reading.draft
    ]
    assert all(tags[0].startswith("de") for tags in languages if any(tag.startswith("de") for tag in tags))
