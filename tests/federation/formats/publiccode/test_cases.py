"""Every rule of the standard, on files of our own: `tests/samples/publiccode/cases.toml` is the table."""

import pytest

from tests.federation.formats.publiccode.cast import cases, changed, keys, read

CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_a_changed_file_gets_the_verdicts_of_the_table(name: str) -> None:
    case = CASES[name]
    reading = read(changed(case.get("base", "minimal.yml"), case.get("replace", [])))
    assert {
        "errors": keys(reading, "error"),
        "warnings": keys(reading, "warning"),
        "remarks": keys(reading, "info"),
        "decision": reading.decision,
        "valid": reading.standard_valid,
    } == {
        "errors": sorted(case.get("errors", [])),
        "warnings": sorted(case.get("warnings", [])),
        "remarks": sorted(case.get("remarks", [])),
        "decision": case.get("decision", "publish_with_warnings"),
        "valid": not case.get("errors"),
    }


@pytest.mark.parametrize("name", CASES)
def test_every_finding_is_one_german_sentence_with_a_way_out(name: str) -> None:
    case = CASES[name]
    reading = read(changed(case.get("base", "minimal.yml"), case.get("replace", [])))
    for message in [*reading.reasons, *(finding.message for finding in reading.findings)]:
        assert message.endswith(".")
        assert "\n" not in message
        assert len(message) < 400
        assert any(sign in message for sign in ",;"), "the way out follows the reason"


def test_the_table_covers_every_key_that_the_standard_can_complain_about() -> None:
    told = {key.split(".")[0].split("[")[0] for case in CASES.values() for key in case.get("errors", [])}
    assert told >= {
        "categories", "dependsOn", "description", "developmentStatus", "fundedBy", "intendedAudience", "isBasedOn",
        "IT", "landingURL", "legal", "localisation", "logo", "maintenance", "monochromeLogo", "name", "organisation",
        "platforms", "publiccodeYmlVersion", "releaseDate", "roadmap", "softwareType", "softwareVersion", "supports",
        "url", "usedBy", "applicationSuite", "inputTypes", "outputTypes",
    }  # fmt: skip


def test_a_finding_says_where_it_stands() -> None:
    reading = read(changed("minimal.yml", [["developmentStatus: beta", "developmentStatus: fertig"]]))
    assert [(f.key, f.line, f.column) for f in reading.findings] == [("developmentStatus", 6, 1)]


def test_what_is_missing_is_shown_where_its_section_begins() -> None:
    reading = read(changed("minimal.yml", [["    features:\n      - Wasserstände auf einer Karte\n", ""]]))
    assert [(f.key, f.line, f.column) for f in reading.findings] == [("description.de.features", 10, 5)]


def test_a_section_lost_to_a_wrong_form_is_not_called_missing() -> None:
    reading = read(changed("full.yml", [["    awards:\n      - Musterpreis 2025", "    awards: {}"]]))
    (finding,) = (finding for finding in reading.findings if finding.key == "description")
    assert finding.message == (
        "„description“ gilt als nicht angegeben, weil dort ein Wert die falsche Form hat; beheben Sie zuerst den "
        "Befund zur falschen Form."
    )


def test_no_finding_repeats_a_mail_address() -> None:
    reading = read(
        changed(
            "full.yml",
            [["      email: kim.beispiel@musterkreis.test\n", "      email: kim@beispiel@muster\n"]],
        )
    )
    assert keys(reading, "error") == ["maintenance.contacts[1].email"]
    assert not any("kim@" in finding.message for finding in reading.findings)


def test_endless_findings_are_cut_with_a_word() -> None:
    lines = "".join(f"schluessel{number}: 1\n" for number in range(300))
    reading = read(changed("minimal.yml", [["platforms:\n", lines + "platforms:\n"]]))
    assert len(reading.findings) == 101
    assert reading.findings[-1].message == "Es gibt 200 weitere Befunde; beheben Sie zuerst die gezeigten."
