"""The entries about real software that ship with the demo: well-formed, complete, distinct, and without any person."""

import datetime
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from allmende.catalogue.drafts import Reading
from allmende.federation.formats.base import Context
from allmende.federation.formats.publiccode import PUBLICCODE

ALLMENDE = Path(__file__).resolve().parents[2] / "src" / "allmende"
FOLDER = ALLMENDE / "demo" / "software"
TERMS = ALLMENDE / "vocabulary" / "data"

FILES = {path.parent.name: path for path in sorted(FOLDER.glob("*/publiccode.yml"))}
ENTRIES: dict[str, dict[str, Any]] = {
    slug: yaml.safe_load(path.read_text(encoding="utf-8")) for slug, path in FILES.items()
}
VOCABULARY: dict[str, dict[str, Any]] = tomllib.loads(
    (FOLDER / "vocabulary.toml").read_text(encoding="utf-8")
)

FUNCTIONAL_LOCAL_PARTS = frozenset(
    ("info", "kontakt", "contact", "support", "opensource", "security", "team")
)
"""Only an address that answers whoever sits there may stand in an entry."""

EMAIL = re.compile(r"([\w.+-]+)@[\w-]+(?:\.[\w-]+)+")

MARKETING = re.compile(
    r"\b(?:innovativ\w*|führend\w*|marktführ\w*|einzigartig\w*|revolution\w*|intuitiv\w*|modernst\w*|bestens|"
    r"mühelos\w*|kinderleicht\w*|state of the art|DSGVO-konform\w*|barrierefreie Lösung)\b",
    re.IGNORECASE,
)

GENDER_SIGNS = re.compile(r"\w(?:\*|:|_|·)(?:in|innen)\b|\w+/-?innen\b|\w+Innen\b")


@cache
def codes_of(scheme: str) -> frozenset[str]:
    terms = tomllib.loads((TERMS / f"{scheme}.toml").read_text(encoding="utf-8"))["term"]
    return frozenset(term["code"] for term in terms)


@cache
def read(slug: str) -> Reading:
    context = Context(today=datetime.date(2026, 11, 23))
    return PUBLICCODE.read(FILES[slug].read_bytes(), path=f"{slug}/publiccode.yml", context=context)


def texts_of(slug: str, language: str) -> str:
    text = ENTRIES[slug]["description"][language]
    return "\n".join((text["shortDescription"], text["longDescription"], *text["features"]))


def normalised(address: str) -> str:
    """The repository as the catalogue compares it: without scheme, case, `.git` and trailing slash."""
    return address.lower().removeprefix("https://").rstrip("/").removesuffix(".git")


every_entry = pytest.mark.parametrize("slug", FILES)


def test_there_are_at_least_sixty_four_entries() -> None:
    assert len(FILES) >= 64


def test_the_folder_holds_nothing_but_entries_and_the_vocabulary() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert files == {f"{slug}/publiccode.yml" for slug in FILES} | {"vocabulary.toml"}


def test_every_entry_has_its_terms_and_every_term_row_its_entry() -> None:
    assert set(VOCABULARY) == set(FILES)


def test_slugs_are_plain() -> None:
    assert [slug for slug in FILES if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug)] == []


def test_all_names_differ() -> None:
    names = [entry["name"].casefold() for entry in ENTRIES.values()]
    assert len(set(names)) == len(names)


def test_all_repositories_differ() -> None:
    addresses = [normalised(entry["url"]) for entry in ENTRIES.values()]
    assert len(set(addresses)) == len(addresses)


def test_all_german_texts_differ() -> None:
    texts = [texts_of(slug, "de") for slug in FILES]
    assert len(set(texts)) == len(texts)


@every_entry
def test_the_reader_publishes_the_entry_without_a_word(slug: str) -> None:
    reading = read(slug)
    assert (reading.decision, reading.standard_valid, reading.findings, reading.reasons) == (
        "publish",
        True,
        (),
        (),
    )


@every_entry
def test_the_draft_carries_what_the_file_says(slug: str) -> None:
    entry, draft = ENTRIES[slug], read(slug).draft
    assert draft is not None
    assert (draft.name, draft.licence) == (entry["name"], entry["legal"]["license"])
    assert [text.language for text in draft.texts] == list(entry["description"])


@every_entry
def test_german_comes_first_and_within_its_lengths(slug: str) -> None:
    languages = list(ENTRIES[slug]["description"])
    german = ENTRIES[slug]["description"]["de"]
    assert languages in (["de"], ["de", "en"])
    assert 30 <= len(german["shortDescription"]) <= 150
    assert 500 <= len(german["longDescription"]) <= 900
    assert 4 <= len(german["features"]) <= 8


def test_about_a_third_speaks_english_too() -> None:
    with_english = [slug for slug in FILES if "en" in ENTRIES[slug]["description"]]
    assert len(FILES) / 4 <= len(with_english) <= len(FILES) / 2


@every_entry
def test_english_texts_keep_the_lengths_of_the_standard(slug: str) -> None:
    english = ENTRIES[slug]["description"].get("en")
    if english is None:
        assert list(ENTRIES[slug]["description"]) == ["de"]
    else:
        assert len(english["shortDescription"]) <= 150
        assert 150 <= len(english["longDescription"]) <= 1200


@every_entry
def test_the_german_text_is_plain(slug: str) -> None:
    text = texts_of(slug, "de")
    assert MARKETING.findall(text) == []
    assert GENDER_SIGNS.findall(text) == []
    assert '"' not in text


@every_entry
def test_a_short_description_is_one_phrase_without_a_full_stop(slug: str) -> None:
    summary = ENTRIES[slug]["description"]["de"]["shortDescription"]
    assert summary == " ".join(summary.split())
    assert not summary.endswith(".")


@every_entry
def test_addresses_are_plain_and_encrypted(slug: str) -> None:
    entry = ENTRIES[slug]
    addresses = [entry["url"], *(entry[key] for key in ("landingURL", "isBasedOn") if key in entry)]
    assert [
        at for at in addresses if not re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+(?:/[\w./-]*)?", at)
    ] == []


@every_entry
def test_no_unchecked_version_is_claimed(slug: str) -> None:
    assert {"softwareVersion", "releaseDate", "usedBy"} & set(ENTRIES[slug]) == set()


@every_entry
def test_contacts_are_teams_and_never_a_person(slug: str) -> None:
    contacts = ENTRIES[slug]["maintenance"]["contacts"]
    draft = read(slug).draft
    assert draft is not None
    assert [set(contact) for contact in contacts] == [{"name"}] * len(contacts)
    assert [contact.is_team for contact in draft.contacts] == [True]


@every_entry
def test_no_mail_address_but_a_functional_one(slug: str) -> None:
    found = EMAIL.findall(FILES[slug].read_text(encoding="utf-8"))
    assert [part for part in found if part.lower() not in FUNCTIONAL_LOCAL_PARTS] == []


@every_entry
def test_terms_are_terms_of_our_vocabulary(slug: str) -> None:
    row = VOCABULARY[slug]
    assert set(row) == {"fields_of_action", "solution_types", "boundary", "delivery_models"}
    assert set(row["fields_of_action"]) - codes_of("field_of_action") == set()
    assert set(row["solution_types"]) - codes_of("solution_type") == set()
    assert set(row["delivery_models"]) - codes_of("delivery_model") == set()
    assert row["boundary"] in codes_of("boundary")


@every_entry
def test_terms_are_few_and_named_once(slug: str) -> None:
    for scheme in ("fields_of_action", "solution_types", "delivery_models"):
        codes = VOCABULARY[slug][scheme]
        assert 1 <= len(codes) == len(set(codes)) <= 3


@pytest.mark.parametrize("field", sorted(codes_of("field_of_action")))
def test_every_field_of_action_has_at_least_two_entries(field: str) -> None:
    entries = [slug for slug, row in VOCABULARY.items() if field in row["fields_of_action"]]
    assert len(entries) >= 2


@pytest.mark.parametrize("field", sorted(codes_of("field_of_action")))
def test_every_field_of_action_is_the_primary_one_of_some_entry(field: str) -> None:
    assert [slug for slug, row in VOCABULARY.items() if row["fields_of_action"][0] == field] != []


def test_only_types_that_are_no_software_or_unknown_to_us_stay_empty() -> None:
    used = {code for row in VOCABULARY.values() for code in row["solution_types"]}
    assert codes_of("solution_type") - used == {"beratung", "finanzen_vergabe"}
