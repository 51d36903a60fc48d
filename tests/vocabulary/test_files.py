"""The data files: what they say of us, and which faults are found before they reach a database."""

import datetime
import re
from pathlib import Path

import pytest

from allmende.vocabulary import files
from allmende.vocabulary.drafts import FaultyVocabulary, SchemeDraft, TermDraft
from tests.vocabulary.folders import COLOURS, PALETTE, draft_of, written

OURS = files.read()
SCHEMES = {scheme.code: scheme for scheme in OURS.schemes}


def codes(scheme: str) -> list[str]:
    return [term.code for term in SCHEMES[scheme].terms]


def with_line(line: str) -> str:
    """The colours, with one more line in the last term."""
    return COLOURS + line + "\n"


def test_a_file_becomes_a_scheme_in_the_order_of_its_lines(tmp_path: Path) -> None:
    assert draft_of(tmp_path, COLOURS).schemes == (
        SchemeDraft(
            code="colour",
            label="Farbe",
            definition="Welche Farbe etwas hat.",
            terms=(
                TermDraft(
                    code="red",
                    label="Rot",
                    definition="Wie ein Briefkasten in England.",
                    synonyms=("Scharlach", "Karmin"),
                    order=1,
                ),
                TermDraft(code="blue", label="Blau", definition="Wie der Himmel.", order=2),
            ),
        ),
    )


def test_days_relations_and_further_facts_are_read(tmp_path: Path) -> None:
    lines = 'valid_from = 2025-01-01\nvalid_to = 2026-01-01\nreplaced_by = "red"\nbroader = "red"\nwavelength = 470'
    assert draft_of(tmp_path, with_line(lines)).schemes[0].terms[1] == TermDraft(
        code="blue",
        label="Blau",
        definition="Wie der Himmel.",
        order=2,
        valid_from=datetime.date(2025, 1, 1),
        valid_to=datetime.date(2026, 1, 1),
        replaced_by="red",
        broader="red",
        extra={"wavelength": 470},
    )


def test_a_crosswalk_keeps_the_order_of_its_targets_and_the_reasons_of_what_has_none(tmp_path: Path) -> None:
    (crosswalk,) = draft_of(tmp_path, COLOURS, PALETTE).crosswalks
    assert crosswalk.foreign_scheme == "palette"
    assert crosswalk.targets == {
        "crimson": (("colour", "red"),),
        "violet": (("colour", "red"), ("colour", "blue")),
    }
    assert crosswalk.reasons == {"clear": "Durchsichtig ist keine Farbe."}


@pytest.mark.parametrize(
    ("colours", "message"),
    [
        ("label = ", "colour.toml: Invalid value (at end of document)"),
        ("", "colour.toml: the scheme has no label"),
        (COLOURS.replace('label = "Blau"', ""), "colour.toml: blue has no label"),
        (COLOURS.replace('"Wie der Himmel."', '" "'), "colour.toml: blue has no definition"),
        (COLOURS.replace('code = "blue"', 'code = "red"'), "colour.toml: code given twice: red"),
        (COLOURS.replace('"Blau"', '"Rot"'), "colour.toml: label given twice: Rot"),
        (
            with_line('replaced_by = "green"'),
            "colour.toml: blue refers to green, which is no other term here",
        ),
        (with_line('broader = "blue"'), "colour.toml: blue refers to blue, which is no other term here"),
        (with_line('valid_to = "soon"'), "colour.toml: blue: valid_to is not a day"),
        (with_line("valid_to = 2026-01-01T00:00:00Z"), "colour.toml: blue: valid_to is not a day"),
        (
            with_line("valid_from = 2026-01-02\nvalid_to = 2026-01-01"),
            "colour.toml: blue ends before it begins",
        ),
    ],
)
def test_a_fault_names_the_file_and_the_term(tmp_path: Path, colours: str, message: str) -> None:
    with pytest.raises(FaultyVocabulary) as fault:
        draft_of(tmp_path, colours)
    assert str(fault.value) == message


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('{ colour = ["green"] }', "palette: crimson leads to colour green"),
        ('{ shape = ["red"] }', "palette: crimson leads to shape red"),
        ("{ }", "palette: crimson leads to nothing, without a reason"),
    ],
)
def test_a_crosswalk_leads_to_terms_that_exist(tmp_path: Path, entry: str, message: str) -> None:
    with pytest.raises(FaultyVocabulary) as fault:
        draft_of(tmp_path, COLOURS, PALETTE.replace('{ colour = ["red"] }', entry))
    assert str(fault.value) == message


def test_a_file_that_is_not_utf_8_is_a_fault(tmp_path: Path) -> None:
    folder = written(tmp_path, {})
    (folder / "data" / "colour.toml").write_bytes('label = "Größe"'.encode("latin-1"))
    with pytest.raises(FaultyVocabulary, match=r"^colour\.toml: "):
        files.read(folder)


# What we ship.


def test_the_shipped_schemes_are_these() -> None:
    assert sorted(SCHEMES) == [
        "advice_offer_type",
        "audience",
        "award_procedure",
        "boundary",
        "budget_class",
        "candidate_reason",
        "company_size",
        "cooperation_form",
        "cost_key",
        "delivery_model",
        "district_type",
        "evidence_level",
        "exploration_source",
        "field_of_action",
        "funding_programme",
        "hosting",
        "language",
        "legal_basis",
        "level",
        "licence_class",
        "link_kind",
        "maintenance",
        "maturity",
        "need_budget",
        "network",
        "offer_kind",
        "operation_variant",
        "organisation_type",
        "origin_kind",
        "price_kind",
        "price_model",
        "project_phase",
        "search_words",
        "size_class",
        "solution_type",
        "transfer_dimension",
        "transfer_result",
        "unit",
        "use_status",
    ]


def test_the_sixteen_handlungsfelder_are_there() -> None:
    assert codes("field_of_action") == [
        "verwaltung",
        "beteiligung",
        "mobilitaet",
        "energie",
        "umwelt_klima",
        "wasser_abfall",
        "stadtplanung",
        "bildung",
        "gesundheit_pflege",
        "soziales_teilhabe",
        "ehrenamt",
        "wirtschaft_handel",
        "tourismus",
        "nahversorgung",
        "sicherheit_katastrophenschutz",
        "daten_infrastruktur",
    ]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (
            "delivery_model",
            "saas_provider saas_public managed_hosting on_premise self_hosted_oss hybrid device_iot service_only",
        ),
        (
            "price_model",
            "free_oss one_off_licence subscription_flat subscription_per_inhabitant subscription_per_user "
            "usage_based tiered_by_size project_fixed day_rate cost_share membership_fee funded on_request",
        ),
        ("price_kind", "one_off yearly monthly per_unit_yearly per_unit_one_off day_rate"),
        ("unit", "inhabitant user device case day"),
        ("maturity", "concept prototype pilot productive sustained discontinued"),
        ("maintenance", "internal contract community none"),
        ("size_class", "11 12 21 22 30 40 50"),
        ("boundary", "smart_city ozg_efa fachverfahren querschnitt"),
        ("offer_kind", "product own_development operation consulting training support"),
        ("use_status", "pilot productive ended"),
        ("level", "eu bund land region kreis kreisfreie_stadt gemeindeverband gemeinde ortsteil"),
        ("transfer_result", "met open missing not_applicable unknown"),
    ],
)
def test_codes_that_other_parts_of_the_house_rely_on(scheme: str, expected: str) -> None:
    assert codes(scheme) == expected.split()


def test_the_solution_types_named_by_the_field_are_there() -> None:
    named = (
        "city_app urbane_datenplattform digitaler_zwilling beteiligungsplattform raumbuchung sensorik_lorawan "
        "chatbot_ki dashboard maengelmelder hochwasser_starkregen bewaesserung parkraum mitfahren_on_demand "
        "telemedizin lernplattform open_data_portal beratung"
    )
    assert codes("solution_type")[:17] == named.split()


def test_size_classes_cover_every_population_once() -> None:
    bounds = sorted(
        (term.extra["population_from"], term.extra.get("population_to"))
        for term in SCHEMES["size_class"].terms
    )
    starts = [start for start, _ in bounds]
    ends = [end for _, end in bounds]
    assert starts[0] == 0
    assert ends == [*starts[1:], None]


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_every_term_can_be_read_and_searched(scheme: SchemeDraft) -> None:
    for term in scheme.terms:
        assert re.fullmatch(r"[a-z0-9]+([_-][A-Za-z0-9]+)*", term.code), term.code
        assert term.definition.endswith("."), term.code
        assert term.definition != term.label, term.code
        assert len(term.synonyms) == len(set(term.synonyms)), term.code
        assert all(word == word.strip() and word for word in term.synonyms), term.code


def test_whoever_looks_for_a_pothole_finds_the_maengelmelder() -> None:
    words = {term.code: term.synonyms for term in SCHEMES["solution_type"].terms}
    expected = {"Schadensmelder", "Anliegenmelder", "Schlaglochmelder", "Sag's uns"}
    assert expected & set(words["maengelmelder"]) == expected


def test_every_solution_type_has_words_to_search_with() -> None:
    assert [term.code for term in SCHEMES["solution_type"].terms if len(term.synonyms) < 4] == []
