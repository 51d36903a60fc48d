"""From a file to a draft of ours."""

import datetime

import pytest

from allmende.catalogue.drafts import (
    ClaimedUseDraft,
    ContactDraft,
    ContractorDraft,
    DependencyDraft,
    FundingDraft,
    LinkDraft,
    ReleaseDraft,
    SolutionDraft,
    TextDraft,
)
from tests.federation.formats.publiccode.cast import full, messages, minimal, read


def draft(text: str) -> SolutionDraft:
    reading = read(text)
    assert reading.draft is not None, reading.reasons
    return reading.draft


def test_a_complete_file_becomes_a_complete_draft() -> None:
    found = draft(full())
    texts = found.texts
    assert found == SolutionDraft(
        name="Parkplan",
        texts=texts,
        repository_url="https://git.musterkreis.test/parkplan.git",
        website_url="https://parkplan.musterkreis.test",
        licence="EUPL-1.2 OR AGPL-3.0-or-later",
        maturity="productive",
        boundary="smart_city",
        fields_of_action=("stadtplanung", "verwaltung", "mobilitaet"),
        solution_types=("geodaten_karten", "terminvereinbarung"),
        topics=("geographic-information-systems", "online-booking"),
        platforms=("web", "android"),
        interface_languages=("de", "en", "sl-IT-nedis"),
        audiences=("municipalities", "utilities_transport"),
        release=ReleaseDraft(version="2.4.1", released_on=datetime.date(2026, 3, 31)),
        maintenance="contract",
        maintainer="Landkreis Musterkreis",
        maintainer_url="https://www.musterkreis.test",
        claimed_uses=(ClaimedUseDraft(name="Gemeinde Altmuster"), ClaimedUseDraft(name="Stadt Neumuster")),
        contacts=(
            ContactDraft(
                name="Team Parkplan",
                email="info@musterkreis.test",
                phone="+49 0000 1234",
                affiliation="Landkreis Musterkreis",
                is_team=True,
            ),
            ContactDraft(name="Kim Beispiel", email="kim.beispiel@musterkreis.test"),
        ),
        contractors=(
            ContractorDraft(
                name="Musterwerk eG", until=datetime.date(2028, 12, 31), website="https://www.musterwerk.test"
            ),
        ),
        dependencies=(
            DependencyDraft(kind="open", name="PostgreSQL", optional=False, version="14 – 17"),
            DependencyDraft(kind="open", name="Redis", version="7"),
            DependencyDraft(kind="proprietary", name="Kartendienst Muster", version="ab 3.1"),
            DependencyDraft(kind="hardware", name="Bodensensor", optional=True),
        ),
        links=(
            LinkDraft(kind="roadmap", url="https://parkplan.musterkreis.test/plan"),
            LinkDraft(kind="api", url="https://parkplan.musterkreis.test/api"),
            LinkDraft(kind="standard", url="https://eur-lex.europa.eu/eli/reg/2016/679/oj", label="gdpr"),
            LinkDraft(kind="standard", url="https://standards.musterland.test/parken"),
        ),
        funding=(
            FundingDraft(programme="Förderprogramm Musterregion", url="https://foerderung.musterland.test"),
        ),
        based_on=("https://git.beispielstadt.test/stellplatz.git",),
    )


def test_texts_come_in_german_then_english_then_as_given() -> None:
    texts = draft(full()).texts
    assert [(text.language, text.name, text.summary, text.features) for text in texts] == [
        (
            "de",
            "Parkplan Kommune",
            "Stellplätze in kleinen Städten planen und buchen.",
            ("Karte der Stellplätze", "Buchung nach Stunden"),
        ),
        ("en", "Parkplan", "Plan and book parking spaces in small towns.", ("Map of parking spaces",)),
        ("fr-CA", None, "Planifier et réserver des places de stationnement.", ("Carte des places",)),
    ]
    assert texts[0].documentation_url == "https://parkplan.musterkreis.test/handbuch"
    assert texts[0].description is not None
    assert texts[0].description.count("\n\n") == 1, "paragraphs stay"


def test_a_small_file_leaves_the_rest_unstated() -> None:
    found = draft(minimal())
    assert found == SolutionDraft(
        name="Pegelblick",
        texts=found.texts,
        repository_url="https://git.musterkreis.test/pegelblick",
        licence="EUPL-1.2",
        maturity="pilot",
        platforms=("web",),
        interface_languages=("de",),
        contacts=(ContactDraft(name="Pegelblick-Team"),),
    )


def test_a_foreign_code_without_target_stays_a_topic() -> None:
    found = draft(full("  - online-booking", "  - parkraum"))
    assert (found.solution_types, found.topics) == (
        ("geodaten_karten",),
        ("geographic-information-systems", "parkraum"),
    )


def test_nothing_is_mapped_without_a_crosswalk() -> None:
    from allmende.federation.formats.base import Context
    from allmende.federation.formats.publiccode import PUBLICCODE

    reading = PUBLICCODE.read(
        full().encode(), path="publiccode.yml", context=Context(today=datetime.date(2026, 11, 23))
    )
    assert reading.draft is not None
    assert (reading.draft.maturity, reading.draft.maintenance, reading.draft.fields_of_action) == (
        None,
        None,
        (),
    )


# ——— lenient where a person would be ———


def test_keys_in_other_capitals_and_by_old_names_are_understood() -> None:
    text = (
        full("landingURL:", "landingUrl:")
        .replace("categories:\n", "tags:\n")
        .replace("features:", "featureList:")
    )
    found = draft(text)
    assert (found.website_url, found.topics) == (
        "https://parkplan.musterkreis.test",
        ("geographic-information-systems", "online-booking"),
    )
    assert found.texts[0].features == ("Karte der Stellplätze", "Buchung nach Stunden")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("git@git.musterkreis.test:kreis/park.git", "https://git.musterkreis.test/kreis/park.git"),
        ("ssh://git@git.musterkreis.test:2222/kreis/park.git", "https://git.musterkreis.test/kreis/park.git"),
        ("git://git.musterkreis.test/park", "https://git.musterkreis.test/park"),
        ("git.musterkreis.test/park", "https://git.musterkreis.test/park"),
    ],
)
def test_an_address_in_another_form_is_shown_with_https(written: str, read_as: str) -> None:
    reading = read(full("https://git.musterkreis.test/parkplan.git", written))
    assert reading.draft is not None
    assert reading.draft.repository_url == read_as
    assert any("https://" in message for message in messages(reading, "url"))


@pytest.mark.parametrize("written", ["yes", "'true'", "ja", "on"])
def test_a_yes_is_a_yes(written: str) -> None:
    found = draft(
        full(
            "    - name: Bodensensor\n      optional: true",
            f"    - name: Bodensensor\n      optional: {written}",
        )
    )
    assert found.dependencies[-1].optional is True


def test_one_text_instead_of_a_list_is_a_list_of_one() -> None:
    found = draft(minimal("platforms:\n  - web\n", "platforms: web\nusedBy: Gemeinde Altmuster\n"))
    assert (found.platforms, found.claimed_uses) == (("web",), (ClaimedUseDraft(name="Gemeinde Altmuster"),))


def test_a_text_instead_of_a_section_is_the_description() -> None:
    found = draft(minimal("description:\n", "description:\n  en: Water levels on a map.\n"))
    assert found.texts[1] == TextDraft(language="en", description="Water levels on a map.")


def test_texts_without_a_language_are_kept_with_language_unknown() -> None:
    text = minimal("  de:\n    shortDescription:", "  shortDescription:").replace(
        "    longDescription", "  longDescription"
    )
    text = text.replace("    features:", "  features:")
    assert [text.language for text in draft(text).texts] == ["und"]


@pytest.mark.parametrize(
    ("written", "read_as"), [("ita", "it"), ("it_IT", "it-IT"), ("DE", "de"), ("klingonisch", "und")]
)
def test_languages_get_their_usual_spelling(written: str, read_as: str) -> None:
    assert [text.language for text in draft(minimal("  de:\n", f"  {written}:\n")).texts] == [read_as]


def test_a_name_in_two_lines_becomes_one() -> None:
    assert (
        draft(minimal("name: Pegelblick\n", "name: |\n  Pegelblick\n  Kommune\n")).name
        == "Pegelblick Kommune"
    )


def test_a_missing_name_is_taken_from_the_description() -> None:
    assert draft(full("name: Parkplan\napplicationSuite", "applicationSuite")).name == "Parkplan"


def test_a_release_date_that_is_none_is_unknown() -> None:
    found = draft(full("releaseDate: 2026-03-31", "releaseDate: bald"))
    assert found.release == ReleaseDraft(version="2.4.1")


def test_html_is_kept_as_text_and_remarked() -> None:
    reading = read(minimal("kleiner Bäche auf einer Karte.", "<script>alert(1)</script> kleiner Bäche."))
    assert reading.draft is not None
    assert reading.draft.texts[0].summary == "Zeigt Wasserstände <script>alert(1)</script> kleiner Bäche."
    assert messages(reading, "description.de.shortDescription") == [
        "Der Text „description.de.shortDescription“ enthält HTML oder ein Skript, das wir nicht ausführen; schreiben "
        "Sie reinen Text oder einfaches Markdown."
    ]


@pytest.mark.parametrize(
    "harmless", ["Wert < 5 und > 3", "a <= b", "E-Mail <info@muster.test>", "Markdown **fett**"]
)
def test_what_only_looks_like_html_is_not_remarked(harmless: str) -> None:
    reading = read(minimal("kleiner Bäche auf einer Karte.", harmless))
    assert messages(reading, "description.de.shortDescription") == []


def test_invisible_signs_are_taken_out() -> None:
    assert draft(minimal("name: Pegelblick\n", 'name: "Pe\\0gel\\u200bblick\\a"\n')).name == "Pegelblick"


def test_an_endless_address_is_left_out_and_the_rest_stays() -> None:
    found = draft(
        full("https://parkplan.musterkreis.test/plan", "https://parkplan.musterkreis.test/" + "x" * 1000)
    )
    assert [link.kind for link in found.links] == ["api", "standard", "standard"]


# ——— who answers for it ———


def test_the_organisation_comes_before_the_copyright_owner_and_the_repository_owner() -> None:
    without = full("  name: Landkreis Musterkreis\n", "")
    assert draft(without).maintainer == "Stadt Neumuster"
    neither = without.replace("  mainCopyrightOwner: Stadt Neumuster\n", "  repoOwner: Musterwerk eG\n")
    assert draft(neither).maintainer == "Musterwerk eG"


def test_a_copyright_year_is_no_part_of_the_name() -> None:
    text = full("  name: Landkreis Musterkreis\n", "").replace(
        "mainCopyrightOwner: Stadt", "mainCopyrightOwner: © 2019-2026 Stadt"
    )
    assert draft(text).maintainer == "Stadt Neumuster"


def test_a_person_among_the_contacts_is_neither_maintainer_nor_user() -> None:
    text = full("  name: Landkreis Musterkreis\n", "").replace(
        "mainCopyrightOwner: Stadt Neumuster", "mainCopyrightOwner: Kim Beispiel"
    )
    found = draft(text.replace("  - Gemeinde Altmuster\n", "  - kim beispiel\n"))
    assert (found.maintainer, found.claimed_uses) == (None, (ClaimedUseDraft(name="Stadt Neumuster"),))


@pytest.mark.parametrize(
    ("name", "email", "is_team"),
    [
        ("Vorname Nachname, Stadtverwaltung Musterstadt", None, False),
        ("Vorname Nachname (Abteilung IT)", "info@muster.test", False),
        ("Vorname Nachname c/o Muster GmbH", "info@muster.test", False),
        ("Muster GmbH, Abteilung IT", "info@muster.test", True),
        (None, "dev.vorname.nachname@muster.test", False),
        (None, "it-nachname@muster.test", False),
        ("Team Parkplan", None, True),
        ("Parkplan-Team", "info@muster.test", False),
        ("Musterwerk GmbH", "kontakt@muster.test", True),
        ("Musterwerk e. V.", None, True),
        ("Stadt Neumuster", "opensource@muster.test", True),
        ("Anna Stadt", "info@muster.test", False),
        ("Kim Kreis", None, False),
        ("Kim Beispiel", "info@muster.test", False),
        ("Team Parkplan", "kim.beispiel@muster.test", False),
        (None, "info@muster.test", True),
        (None, "kim@muster.test", False),
        ("maintainer-handle", None, False),
    ],
)
def test_a_team_is_a_team_only_where_it_is_sure(name: str | None, email: str | None, is_team: bool) -> None:
    lines = ([f"name: {name}"] if name else []) + ([f"email: {email}"] if email else [])
    text = minimal("    - name: Pegelblick-Team\n", "    - " + "\n      ".join(lines) + "\n")
    assert [contact.is_team for contact in draft(text).contacts] == [is_team]


def test_a_contact_that_says_nothing_is_left_out() -> None:
    text = minimal(
        "    - name: Pegelblick-Team\n", "    - affiliation: Musterkreis\n    - name: ''\n      email: kein\n"
    )
    assert draft(text).contacts == ()


def test_contacts_and_contractors_may_be_mere_names() -> None:
    text = minimal(
        "    - name: Pegelblick-Team\n", "    - Team Pegelblick\n  contractors:\n    - Musterwerk eG\n"
    )
    found = draft(text)
    assert found.contacts == (ContactDraft(name="Team Pegelblick", is_team=True),)
    assert found.contractors == (ContractorDraft(name="Musterwerk eG"),)


def test_a_status_in_capitals_is_the_same_status() -> None:
    assert draft(minimal("developmentStatus: beta", "developmentStatus: Beta")).maturity == "pilot"


def test_a_contract_that_has_ended_is_remarked() -> None:
    reading = read(full('until: "2028-12-31"', 'until: "2026-11-22"'))
    assert messages(reading, "maintenance.contractors[0].until") == [
        "Der Pflegevertrag in „maintenance.contractors[0]“ ist am 22.11.2026 ausgelaufen; prüfen Sie die Angabe."
    ]


def test_a_contractor_without_a_place_in_the_standard_is_kept() -> None:
    found = draft(full("  type: contract\n", "  type: internal\n"))
    assert [contractor.name for contractor in found.contractors] == ["Musterwerk eG"]


def test_a_mail_address_in_a_text_is_hidden_before_it_is_frozen_in_an_edition() -> None:
    found = draft(minimal("Die Schwellen legt", "Fragen an kim.beispiel@muster.test. Die Schwellen legt"))
    words = "".join(
        filter(None, (found.texts[0].summary, found.texts[0].description, *found.texts[0].features))
    )

    assert "kim.beispiel@muster.test" not in words
    assert "(E-Mail-Adresse bei der Quelle)" in words
