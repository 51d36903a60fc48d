"""Cases 1 to 4 of the domain: what a table without dates gets wrong. (Case 4 is in test_estimate.)"""

from datetime import date
from decimal import Decimal

import pytest

from allmende.procurement.estimate import Line, estimate
from allmende.procurement.positions import Position, positions, record_data, summary
from allmende.procurement.queries import rules_for
from tests.procurement.conftest import Towns

pytestmark = pytest.mark.django_db
FEBRUARY, DECEMBER = date(2026, 2, 1), date(2025, 12, 1)


def stands(towns_hall: object, amount: str, day: date) -> dict[str, Position]:
    found = estimate([Line(label="x", rhythm="one_off", amount=Decimal(amount))], term=None, day=day)
    return {each.limit.procedure: each for each in positions(found, rules_for(towns_hall, day))}  # type: ignore[arg-type]


def states(towns_hall: object, amount: str, day: date) -> dict[str, str]:
    return {procedure: each.state for procedure, each in stands(towns_hall, amount, day).items()}


def test_case_1_218000_in_baden_wuerttemberg_in_february_2026_is_above_the_eu_threshold(towns: Towns) -> None:
    found = stands(towns.bw, "218000", FEBRUARY)
    assert {procedure: each.state for procedure, each in found.items()} == {
        "direct_award": "above",
        "negotiated_award": "above",
        "restricted_tender": "above",
        "eu_threshold": "above",
    }
    assert found["negotiated_award"].limit.words == (
        "221.000\u00a0€ nennt das Land; seit 01.01.2026 gilt höchstens 216.000\u00a0€."
    )
    assert found["eu_threshold"].words == (
        "Der Auftragswert überschreitet den EU-Schwellenwert von 216.000\u00a0€. Es gilt EU-Vergaberecht."
    )


def test_case_2_218000_estimated_in_december_2025_is_below(towns: Towns) -> None:
    assert states(towns.bw, "218000", DECEMBER) == {
        "direct_award": "above",
        "negotiated_award": "near",
        "restricted_tender": "near",
        "eu_threshold": "near",
    }
    assert rules_for(towns.bw, DECEMBER).warnings == (
        "Ab 01.01.2026 ist der EU-Schwellenwert 216.000\u00a0€. Maßgeblich ist der Tag, an dem das Verfahren beginnt "
        "(§ 3 Abs. 3 VgV).",
    )


def test_case_3_nrw_in_2026_without_a_statute_names_principles_and_no_procedure(towns: Towns) -> None:
    found = rules_for(towns.nw, FEBRUARY)
    assert (found.regime, list(found.limits), found.own) == ("principles", [], None)
    assert found.principles == (
        "Unterhalb des EU-Schwellenwerts ist kein Verfahren vorgeschrieben. Ihre Kommune vergibt wirtschaftlich, "
        "effizient und sparsam und beachtet Gleichbehandlung und Transparenz (§ 75a GO NRW)."
    )
    assert states(towns.nw, "50000", FEBRUARY) == {"eu_threshold": "below"}
    # No name of a procedure of the UVgO in anything that a town there reads.
    said = str(found.as_data())
    assert [name for name in ("Verhandlungsvergabe", "Ausschreibung", "Direktauftrag") if name in said] == []


def test_nrw_before_2026_is_unknown_and_not_the_new_law(towns: Towns) -> None:
    found = rules_for(towns.nw, date(2025, 12, 31))
    assert (found.regime, found.state) == ("unknown", None)
    assert found.warnings[0] == (
        "Für Nordrhein-Westfalen ist am 31.12.2025 keine Regel hinterlegt. Bitte tragen Sie Ihre eigene Wertgrenze ein."
    )


# ------------------------------------------------------------------------------------------------ boundaries


@pytest.mark.parametrize(
    ("amount", "direct", "eu"),
    [
        ("84999.99", "below", "below"),
        ("85000", "near", "below"),
        ("99999.99", "near", "below"),
        ("100000", "near", "below"),
        ("100000.01", "above", "below"),
        ("183599.99", "above", "below"),
        ("183600", "above", "near"),
        ("215999.99", "above", "near"),
        ("216000", "above", "above"),
        ("216000.01", "above", "above"),
    ],
)
def test_up_to_includes_the_amount_and_the_threshold_is_reached_by_it(
    towns: Towns, amount: str, direct: str, eu: str
) -> None:
    found = states(towns.bw, amount, FEBRUARY)
    # A limit that is cut at the threshold ends where European law begins: below it, not at it.
    assert found == {
        "direct_award": direct,
        "negotiated_award": eu,
        "restricted_tender": eu,
        "eu_threshold": eu,
    }


def test_exactly_on_the_threshold_is_said_to_reach_it(towns: Towns) -> None:
    assert stands(towns.bw, "216000", FEBRUARY)["eu_threshold"].words == (
        "Der Auftragswert erreicht den EU-Schwellenwert von 216.000\u00a0€. Es gilt EU-Vergaberecht."
    )
    assert stands(towns.bw, "100000", FEBRUARY)["direct_award"].words == (
        "Der Auftragswert liegt genau auf der Grenze von 100.000\u00a0€. Eine Schätzung kann so weit danebenliegen: "
        "Prüfen Sie, ob Sie das strengere Verfahren wählen."
    )


@pytest.mark.parametrize(
    ("day", "threshold"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), 221000),
        (date(2024, 2, 29), 221000),
        (date(2025, 12, 31), 221000),
        (date(2026, 1, 1), 216000),
        (date(2027, 12, 31), 216000),
        (date(2028, 1, 1), None),
        (date(2028, 2, 29), None),
    ],
)
def test_the_threshold_is_that_of_the_day(towns: Towns, day: date, threshold: int | None) -> None:
    found = rules_for(towns.by, day)
    assert (found.eu.value if found.eu else None) == (Decimal(threshold) if threshold else None)


def test_on_a_day_between_two_rules_nothing_is_guessed(towns: Towns) -> None:
    found = rules_for(towns.by, date(2028, 1, 1))
    assert found.warnings == (
        "Für den 01.01.2028 ist kein EU-Schwellenwert hinterlegt. Prüfen Sie, welcher gilt. "
        "Zuletzt waren es 216.000\u00a0€, bis 31.12.2027.",
    )
    assert [(limit.procedure, limit.value, limit.words) for limit in found.limits] == [
        ("direct_award", Decimal(100000), "Bis 100.000\u00a0€."),
        (
            "restricted_tender",
            None,
            "Bis zum EU-Schwellenwert, sagt das Land; für diesen Tag ist kein EU-Schwellenwert hinterlegt.",
        ),
    ]
    assert states(towns.by, "5000", date(2028, 1, 1)) == {
        "direct_award": "below",
        "restricted_tender": "open",
    }


@pytest.mark.parametrize(
    ("day", "has_rule"), [(date(2024, 12, 31), False), (date(2027, 10, 1), True), (date(2027, 10, 2), False)]
)
def test_a_rule_holds_on_its_first_and_its_last_day(towns: Towns, day: date, has_rule: bool) -> None:
    assert (rules_for(towns.bw, day).state is not None) == has_rule


def test_bavaria_allows_up_to_whatever_the_threshold_is(towns: Towns) -> None:
    limits = {each.procedure: each for each in rules_for(towns.by, FEBRUARY).limits}
    assert (limits["restricted_tender"].value, limits["restricted_tender"].words) == (
        Decimal(216000),
        "Bis zum EU-Schwellenwert: weniger als 216.000\u00a0€.",
    )
    assert rules_for(towns.by, DECEMBER).limits[1].value == Decimal(221000)


def test_a_land_without_an_entry_asks_for_the_towns_own_limit(towns: Towns) -> None:
    for town, land in ((towns.he, "Hessen"), (towns.hh, "Hamburg")):
        found = rules_for(town, FEBRUARY)
        assert (found.regime, list(found.limits), found.warnings) == (
            "unknown",
            [],
            (
                f"Für {land} sind noch keine Wertgrenzen hinterlegt. Bitte tragen Sie Ihre eigene Wertgrenze ein.",
            ),
        )


def test_a_least_amount_below_a_limit_leaves_it_open_and_above_it_does_not(towns: Towns) -> None:
    unknown = Line(label="Anpassung", rhythm="one_off", amount=None)
    known = Line(label="Lizenz", rhythm="one_off", amount=Decimal(150000))
    found = estimate([unknown, known], term=None, day=FEBRUARY)
    applicable = rules_for(towns.bw, FEBRUARY)
    assert {each.limit.procedure: each.state for each in positions(found, applicable)} == {
        "direct_award": "above",
        "negotiated_award": "open",
        "restricted_tender": "open",
        "eu_threshold": "open",
    }
    assert summary(found, applicable) == (
        "Geschätzter Auftragswert am 01.02.2026: mindestens 150.000\u00a0€ netto. "
        "Ob der EU-Schwellenwert erreicht ist, bleibt offen."
    )


def test_what_is_kept_names_rules_with_source_and_day(towns: Towns) -> None:
    found = estimate([Line(label="x", rhythm="one_off", amount=Decimal(218000))], term=None, day=FEBRUARY)
    data = record_data(found, rules_for(towns.bw, FEBRUARY))
    assert [(each["title"], each["as_of"]) for each in data["rules"]["rules"]] == [
        ("Wertgrenzen für Kommunen in Baden-Württemberg", date(2026, 11, 23)),
        ("EU-Schwellenwert für Liefer- und Dienstleistungen, Kommunen", date(2026, 11, 23)),
    ]
    assert data["rules"]["notice"] == "Das ist ein Hinweis und keine Rechtsberatung."
    assert data["summary"] == (
        "Geschätzter Auftragswert am 01.02.2026: 218.000\u00a0€ netto. Der EU-Schwellenwert ist erreicht."
    )
