"""The contract value of a case: every estimate stays, and a procedure is chosen by the rules of its day."""

import datetime
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from allmende.exploration.actions.cases import open_for_change
from allmende.exploration.actions.estimates import choose_procedure, record_estimate
from allmende.exploration.actions.handing_in import stop_case
from allmende.exploration.actions.members import declare
from allmende.exploration.models import ProcedureChoice, ValueEstimate
from allmende.exploration.queries.estimates import (
    content_of,
    latest_estimate,
    offered_procedures,
    procedure_of,
    step_state,
)
from allmende.exploration.steps import StepState
from allmende.lib.canonical import canonical_json
from allmende.lib.refusals import OutOfDate, Refused
from allmende.procurement import actions as procurement
from allmende.procurement.drafts import LimitDraft, RuleSetDraft
from allmende.procurement.estimate import Contract, Line
from tests.exploration.hall import PROGRAM, Hall

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 2, 1)
LICENCE = Line(label="Lizenz", rhythm="one_off", amount=Decimal(20000))
SMALL = Contract(lines=(LICENCE,))
LARGE = Contract(lines=(replace(LICENCE, amount=Decimal(218000)),))
OPEN = Contract(lines=(LICENCE, Line(label="Anpassung", rhythm="one_off", amount=None)))


def estimated(
    hall: Hall, contract: Contract = SMALL, *, day: datetime.date = DAY, by: str = "lead"
) -> ValueEstimate:
    return record_estimate(
        hall.case, contract, day=day, basis="Auskünfte von drei Unternehmen", by=hall.actor(by), now=hall.now
    )


def chosen(hall: Hall, procedure: str, *, version: int = 0, by: str = "lead") -> ProcedureChoice:
    return choose_procedure(
        hall.case, procedure, rule="Vergabesatzung", reason="Unter der Grenze.", lock_version=version,
        by=hall.actor(by), now=hall.now,
    )  # fmt: skip


@pytest.fixture
def ruled(hall: Hall) -> Hall:
    """The hall in a world in which the rules of the file hold."""
    procurement.load(by=PROGRAM, now=hall.now)
    return hall


def codes(made: ValueEstimate) -> list[str]:
    return [term.code for term in offered_procedures(made)]


# ------------------------------------------------------------------------------------------------- estimates


def test_an_estimate_keeps_reckoning_rules_and_basis_as_they_were(ruled: Hall) -> None:
    made = estimated(ruled, LARGE)
    content = content_of(made)
    assert (made.total, made.estimated_on, made.made_by) == (
        Decimal("218000.00"),
        DAY,
        ruled["lead"].public_id,
    )
    assert (content["basis"], content["summary"]) == (
        "Auskünfte von drei Unternehmen",
        "Geschätzter Auftragswert am 01.02.2026: 218.000\u00a0€ netto. Der EU-Schwellenwert ist erreicht.",
    )
    assert made.content == canonical_json(json.loads(made.content))
    # What the rules say later is no matter to what was kept.
    eu = procurement.RuleSet.objects.get(code="eu-2026")
    procurement.withdraw_rule_set(eu, reason="Falsch.", by=PROGRAM, now=ruled.now)
    assert content_of(ValueEstimate.objects.get(pk=made.pk)) == content


def test_every_estimate_stays_and_the_last_row_counts_though_the_clock_was_set_back(ruled: Hall) -> None:
    first = estimated(ruled)
    ruled.now -= datetime.timedelta(hours=3)
    second = estimated(ruled, LARGE)
    assert second.made_at < first.made_at
    assert latest_estimate(ruled.case) == second
    assert ruled.case.estimates.count() == 2
    assert ruled.fresh().changed_at == first.made_at


def test_what_was_entered_can_be_taken_up_again(ruled: Hall) -> None:
    contract = Contract(
        lines=(LICENCE, Line(label="Betrieb", rhythm="monthly", amount=Decimal("119.50"), quantity=3, is_gross=True,
                             vat_rate=Decimal(19), lot="A")),
        options=(Line(label="Schulung", rhythm="one_off", amount=None),),
        joint=(replace(LICENCE, label="Nachbarort"),),
        term=24,
        extensions=(12, 12),
    )  # fmt: skip
    assert Contract.from_data(content_of(estimated(ruled, contract))) == contract


@pytest.mark.parametrize(
    ("contract", "day", "basis", "said"),
    [
        (SMALL, DAY, "  ", "worauf die Beträge beruhen"),
        (SMALL, datetime.date(2030, 1, 1), "x", "liegt in der Zukunft"),
        (Contract(), DAY, "x", "Noch ist kein Betrag bekannt"),
        (Contract(lines=OPEN.lines[1:]), DAY, "x", "Noch ist kein Betrag bekannt"),
        (Contract(lines=(LICENCE,) * 61), DAY, "x", "höchstens 60 Zeilen"),
        (Contract(lines=(replace(LICENCE, amount=Decimal(-1)),)), DAY, "x", "So lässt sich nicht rechnen"),
        (
            Contract(lines=(replace(LICENCE, amount=Decimal(99_999_999), quantity=1_000_000),)),
            DAY,
            "x",
            "100 Milliarden",
        ),
        (replace(SMALL, term=0), DAY, "x", "So lässt sich nicht rechnen"),
    ],
)
def test_what_is_no_estimate_is_refused(
    ruled: Hall, contract: Contract, day: datetime.date, basis: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        record_estimate(ruled.case, contract, day=day, basis=basis, by=ruled.actor("lead"), now=ruled.now)
    assert ValueEstimate.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("lead", True),
        ("editor", True),
        ("approver", False),
        ("reader", False),
        ("buyer", False),
        ("neighbour", False),
    ],
)
def test_whoever_writes_in_the_case_estimates(ruled: Hall, who: str, may: bool) -> None:
    if may:
        estimated(ruled, by=who)
    else:
        with pytest.raises(Refused):
            estimated(ruled, by=who)
    assert ValueEstimate.objects.count() == int(may)


def test_a_case_that_is_over_gets_no_estimate(ruled: Hall) -> None:
    stop_case(
        ruled.case, reason="Kein Geld.", lock_version=ruled.fresh().lock_version, by=ruled.actor("lead"), now=ruled.now
    )  # fmt: skip
    with pytest.raises(Refused, match="abgebrochen"):
        estimated(ruled)
    with pytest.raises(Refused, match="abgebrochen"):
        open_for_change(ruled.case, by=ruled.actor("lead"), now=ruled.now)


# ------------------------------------------------------------------------------------------------- procedures


def test_above_the_threshold_only_european_procedures_are_offered(ruled: Hall) -> None:
    assert codes(estimated(ruled, LARGE)) == [
        "eu_open",
        "eu_restricted",
        "eu_negotiated",
        "eu_negotiated_alone",
        "eu_dialogue",
        "eu_innovation",
        "in_house",
        "framework_call",
        "no_award",
    ]
    with pytest.raises(Refused, match="Dieses Verfahren kennen die Regeln"):
        chosen(ruled, "direct_award")


def test_on_the_day_before_the_threshold_fell_the_same_value_is_national(ruled: Hall) -> None:
    made = estimated(ruled, LARGE, day=datetime.date(2025, 12, 1))
    assert ("open_tender" in codes(made), "eu_open" in codes(made)) == (True, False)


def test_where_principles_hold_no_name_of_the_uvgo_is_offered(ruled: Hall) -> None:
    rules = RuleSetDraft(
        scope="own", title="Grundsätze", legal_basis="statute", legal_text="§ 1", source_title="Blatt", as_of=DAY,
        valid_from=datetime.date(2026, 1, 1), principles="Wirtschaftlich und sparsam.",
    )  # fmt: skip
    procurement.enter_own_rules(rules, organisation=ruled.town, by=ruled.actor("buyer"), now=ruled.now)
    assert codes(estimated(ruled)) == ["principles_based", "in_house", "framework_call", "no_award"]


def test_an_own_limit_of_the_town_is_in_what_is_kept(ruled: Hall) -> None:
    rules = RuleSetDraft(
        scope="own", title="Vergabesatzung", legal_basis="statute", legal_text="§ 1", source_title="Blatt", as_of=DAY,
        valid_from=datetime.date(2026, 1, 1), limits=(LimitDraft(procedure="direct_award", value=Decimal(20000)),),
    )  # fmt: skip
    procurement.enter_own_rules(rules, organisation=ruled.town, by=ruled.actor("buyer"), now=ruled.now)
    content = content_of(estimated(ruled))
    assert [(each["procedure"], each["state"]) for each in content["positions"]] == [
        ("direct_award", "near"),
        ("eu_threshold", "below"),
    ]


def test_a_least_amount_below_the_threshold_leaves_both_ways_open(ruled: Hall) -> None:
    found = codes(estimated(ruled, OPEN))
    assert ("open_tender" in found, "eu_open" in found) == (True, True)


def test_a_choice_needs_an_estimate_a_rule_and_a_reason(ruled: Hall) -> None:
    with pytest.raises(Refused, match="Schätzen Sie zuerst"):
        chosen(ruled, "direct_award")
    estimated(ruled)
    for rule, reason in (("", "x"), ("x", " ")):
        with pytest.raises(Refused, match="begründen Sie"):
            choose_procedure(
                ruled.case,
                "open_tender",
                rule=rule,
                reason=reason,
                lock_version=0,
                by=ruled.actor("lead"),
                now=ruled.now,
            )
    assert procedure_of(ruled.case) is None


def test_two_who_choose_at_once_do_not_write_over_each_other(ruled: Hall) -> None:
    estimated(ruled)
    assert chosen(ruled, "direct_award").lock_version == 1
    with pytest.raises(OutOfDate):
        chosen(ruled, "open_tender", by="editor")
    assert chosen(ruled, "open_tender", version=1, by="editor").lock_version == 2


def test_whoever_is_not_impartial_does_not_choose(ruled: Hall) -> None:
    estimated(ruled)
    declare(ruled.case, has_conflict=True, about="Anteile.", by=ruled.actor("editor"), now=ruled.now)
    with pytest.raises(Refused, match="keinen Interessenkonflikt"):
        chosen(ruled, "direct_award", by="editor")


def test_the_step_says_how_far_it_is(ruled: Hall) -> None:
    assert step_state(ruled.case) == StepState("open")
    estimated(ruled)
    assert step_state(ruled.case) == StepState(
        "begun", "Der Auftragswert ist geschätzt. Die Verfahrensart ist noch nicht gewählt."
    )
    chosen(ruled, "direct_award")
    assert step_state(ruled.case) == StepState("done")
    estimated(ruled, OPEN)
    assert step_state(ruled.case) == StepState(
        "done", "In der Schätzung fehlen Beträge: Der Wert ist ein Mindestwert."
    )
    estimated(ruled, LARGE)
    assert step_state(ruled.case) == StepState(
        "begun", "Seit der letzten Schätzung passt die Verfahrensart nicht mehr. Wählen Sie neu."
    )
