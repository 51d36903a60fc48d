"""The comparison: three voices kept apart, "keine Angabe" no verdict, and prices with what is unknown beside them."""

import datetime
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.demand.models import NeedCriterion
from allmende.demand.statements import Statement
from allmende.exploration.actions.candidates import Verdict, add_by_hand, decide_many
from allmende.exploration.actions.matrix import judge
from allmende.exploration.models import Answer, Candidate, Inquiry, MatrixEntry, Question, Questionnaire
from allmende.exploration.queries import matrix as made
from allmende.exploration.queries.matrix import (
    BASES,
    CONFIDENTIAL,
    CriterionCell,
    Matrix,
    Said,
    all_said,
    matrix_of,
    step_state,
)
from allmende.exploration.queries.prices import answered_prices, catalogue_prices, spread_of
from allmende.exploration.steps import StepState
from allmende.lib.refusals import OutOfDate, Refused
from tests.exploration.hall import Hall, with_plan
from tests.exploration.shelf import Shelf, listed, with_criteria


def kept(shelf: Shelf) -> list[Candidate]:
    rows = listed(shelf)
    decide_many(
        shelf.hall.case,
        {each.public_id: each.lock_version for each in rows},
        Verdict(state="kept", reason="fits"),
        by=shelf.hall.actor("lead"),
        now=shelf.hall.now,
    )
    return list(shelf.hall.case.candidates.order_by("solution_name"))


def asked(hall: Hall, candidates: list[Candidate], questions: list[dict[str, Any]]) -> list[Question]:
    """A questionnaire as it lies in the tables after it went out to these."""
    sheet = Questionnaire.objects.create(
        case=hall.case,
        state="sent",
        deadline=hall.now + timedelta(days=14),
        digest="0" * 64,
        sent_at=hall.now,
        sent_by="x",
    )
    for each in candidates:
        Inquiry.objects.create(
            questionnaire=sheet, candidate=each, company_name=str(each), state="sent", sent_at=hall.now
        )
    return [
        Question.objects.create(questionnaire=sheet, position=place, **said)
        for place, said in enumerate(questions, start=1)
    ]


def answered(hall: Hall, candidate: Candidate, *values: tuple[Question, Any, bool]) -> None:
    inquiry = candidate.inquiries.get()
    inquiry.state = "answered"
    inquiry.save()
    for question, value, is_confidential in values:
        Answer.objects.create(
            inquiry=inquiry,
            question=question,
            value=value,
            is_confidential=is_confidential,
            changed_at=hall.now,
        )


def seen(shelf: Shelf, **more: Any) -> Matrix:
    return matrix_of(shelf.hall.case, shelf.hall.actor("lead"), today=shelf.hall.now.date(), **more)


def test_catalogue_company_and_town_speak_apart_in_one_cell(shelf: Shelf) -> None:
    must, _ = with_criteria(shelf.hall)
    rows = kept(shelf)
    (question,) = asked(
        shelf.hall, rows, [{"text": "Quelloffen?", "kind": "yes_no", "criterion": must.public_id}]
    )
    answered(shelf.hall, rows[0], (question, False, False))
    judge(
        rows[0],
        must.public_id,
        result="met",
        reason="Der Quelltext ist zu lesen.",
        by=shelf.hall.actor("lead"),
        now=shelf.hall.now,
    )
    cell = seen(shelf).criteria[0].cells[0]
    assert [(each.basis, each.verdict) for each in cell.said] == [
        ("fact", "met"),
        ("claim", "unmet"),
        ("judgement", "met"),
    ]
    assert [cell.verdict_by(basis) for basis in BASES] == ["met", "unmet", "met"]
    assert (cell.is_disputed, cell.is_unknown) == (True, False)


def test_no_answer_no_statement_and_not_asked_are_three_things(shelf: Shelf) -> None:
    rows = kept(shelf)
    (question,) = asked(shelf.hall, rows[:3], [{"text": "Wie viele Nutzende?", "kind": "number"}])
    answered(shelf.hall, rows[0], (question, None, False))
    rows[1].inquiries.update(state="silent")
    rows[2].inquiries.update(state="declined")
    (row,) = seen(shelf).questions
    assert [(each.text, each.is_answered, each.is_unknown) for each in row.cells] == [
        ("keine Angabe", True, True),
        ("hat nicht geantwortet", False, False),
        ("hat abgesagt", False, False),
        ("nicht gefragt", False, False),
    ]
    assert (row.unknown, row.unanswered) == (1, 3)


def test_keine_angabe_is_counted_apart_and_is_neither_met_nor_unmet(shelf: Shelf) -> None:
    # Case 6 of the tests of the field.
    with_criteria(shelf.hall)
    kept(shelf)
    should = seen(shelf).counts("should")[0]
    assert (should.of, should.met, should.unmet, should.unknown) == (
        1,
        {"fact": 0, "claim": 0, "judgement": 0},
        {"fact": 0, "claim": 0, "judgement": 0},
        1,
    )


def test_a_company_that_is_not_in_the_catalogue_has_no_facts(shelf: Shelf) -> None:
    with_criteria(shelf.hall)
    candidate = add_by_hand(
        shelf.hall.case, company_name="Anderswo AG", by=shelf.hall.actor("lead"), now=shelf.hall.now
    )
    matrix = seen(shelf, candidates=[candidate])
    assert [row.cells[0].said for row in matrix.criteria] == [[], []]
    assert matrix.unknown == 2


def test_confidential_answers_are_marked_for_the_town_and_left_out_where_they_must_be(shelf: Shelf) -> None:
    must, _ = with_criteria(shelf.hall)
    rows = kept(shelf)
    price, code = asked(
        shelf.hall,
        rows,
        [
            {"text": "Preis?", "kind": "money"},
            {"text": "Quelloffen?", "kind": "yes_no", "criterion": must.public_id},
        ],
    )
    answered(shelf.hall, rows[0], (price, "7777.00", True), (code, False, True))
    town, others = seen(shelf), seen(shelf, with_confidential=False)
    shown = town.questions[0].cells[0]
    assert (shown.text, shown.value, shown.is_confidential) == ("7.777,00\xa0€", "7777.00", True)
    hidden = others.questions[0].cells[0]
    assert (hidden.text, hidden.value, hidden.is_confidential) == (CONFIDENTIAL, None, True)
    (claim,) = [each for each in others.criteria[0].cells[0].said if each.basis == "claim"]
    assert (claim.text, claim.verdict) == (CONFIDENTIAL, None)
    assert "7777" not in repr(answered_prices(others))


def test_an_amount_is_held_against_its_limit_and_stays_a_claim(shelf: Shelf) -> None:
    limit = NeedCriterion.objects.create(
        need=shelf.hall.case.need,
        position=1,
        weight="must",
        criterion="yearly_cost_at_most",
        wanted="5000.00",
    )
    rows = kept(shelf)
    (question,) = asked(
        shelf.hall, rows, [{"text": "Kosten im Jahr?", "kind": "money", "criterion": limit.public_id}]
    )
    answered(shelf.hall, rows[0], (question, "5000.00", False))
    answered(shelf.hall, rows[3], (question, "5000.01", False))
    cells = seen(shelf).criteria[0].cells
    assert [cells[place].verdict_by("claim") for place in (0, 1, 3)] == ["met", "unknown", "unmet"]


def test_words_of_ones_own_need_a_reason_a_right_and_the_version_that_was_read(shelf: Shelf) -> None:
    must, _ = with_criteria(shelf.hall)
    row = kept(shelf)[0]
    told = {"result": "met", "reason": "Gesehen.", "by": shelf.hall.actor("editor"), "now": shelf.hall.now}
    with pytest.raises(Refused, match="woran man es sieht"):
        judge(row, must.public_id, **{**told, "reason": " "})
    with pytest.raises(Refused, match="Wählen Sie aus"):
        judge(row, must.public_id, **{**told, "result": "maybe"})
    with pytest.raises(Refused, match="gehört nicht mehr zum Bedarf"):
        judge(row, "x" * 10, **told)
    for who in ("reader", "approver", "colleague", "buyer", "neighbour", "company"):
        with pytest.raises(Refused, match="schreiben die federführende Person"):
            judge(row, must.public_id, **{**told, "by": shelf.hall.actor(who)})
    assert judge(row, must.public_id, **told).lock_version == 1
    with pytest.raises(OutOfDate):
        judge(row, must.public_id, **told)
    assert judge(row, must.public_id, **told, lock_version=1).lock_version == 2


def test_what_a_company_said_in_a_talk_is_its_claim_and_never_more(shelf: Shelf) -> None:
    must, _ = with_criteria(shelf.hall)
    row = kept(shelf)[0]
    for version, basis in enumerate(("claim", "fact", "judgement")):
        judge(
            row,
            must.public_id,
            result="met",
            basis=basis,
            reason="So gesagt.",
            lock_version=version,
            by=shelf.hall.actor("lead"),
            now=shelf.hall.now,
        )
        own = seen(shelf).criteria[0].cells[0].said[-1]
        assert own.basis == {"claim": "claim", "fact": "judgement", "judgement": "judgement"}[basis]


def test_the_step_is_done_when_every_candidate_has_a_word_of_ones_own(shelf: Shelf) -> None:
    must, _ = with_criteria(shelf.hall)
    case = shelf.hall.case
    assert step_state(case) == StepState("open", "Noch steht nichts auf der kurzen Liste.")
    rows = kept(shelf)
    assert step_state(case).state == "open"
    for place, row in enumerate(rows):
        judge(
            row,
            must.public_id,
            result="unknown",
            reason="Nicht zu klären.",
            by=shelf.hall.actor("lead"),
            now=shelf.hall.now,
        )
        if place == 2:
            assert step_state(case) == StepState(
                "begun", "Zu einem Kandidaten fehlt noch eine eigene Einschätzung."
            )
    assert step_state(case) == StepState("done")


def test_the_comparison_takes_as_many_queries_for_one_as_for_four(shelf: Shelf) -> None:
    must, _ = with_criteria(shelf.hall)
    rows = kept(shelf)
    (question,) = asked(
        shelf.hall, rows, [{"text": "Quelloffen?", "kind": "yes_no", "criterion": must.public_id}]
    )
    for each in rows:
        answered(shelf.hall, each, (question, True, False))
    loaded, numbers = list(made.candidates_of(shelf.hall.case)), []
    seen(shelf)
    for chosen in (loaded[1:2], loaded):
        with CaptureQueriesContext(connection) as queries:
            seen(shelf, candidates=chosen)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# Never a claim as a fact, never "keine Angabe" as a verdict.

CRITERION = NeedCriterion(public_id="c" * 10, criterion="yearly_cost_at_most", wanted="10.00", weight="must")
VALUES = {
    "yes_no": st.none() | st.booleans(),
    "money": st.none() | st.decimals(0, 1000, places=2).map(str),
    "number": st.none() | st.integers(0, 99).map(str),
    "text": st.none() | st.text(min_size=1, max_size=20),
    "choice": st.none() | st.sampled_from(["eins", "zwei"]),
    "date": st.none() | st.dates().map(str),
}


@st.composite
def words(draw: st.DrawFn) -> list[Said]:
    """What may stand in one cell, each made as the comparison makes it."""
    at = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
    said = []
    if draw(st.booleans()):
        verdict = draw(st.sampled_from(["met", "unmet", "unknown"]))
        said.append(made._fact(Statement("open_source", verdict, "Grund.", "Katalog")))
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(list(VALUES)))
        answer = Answer(value=draw(VALUES[kind]), is_confidential=draw(st.booleans()), changed_at=at)
        said.append(made._claim(Question(position=1, kind=kind), answer, CRITERION, draw(st.booleans())))
    if draw(st.booleans()):
        result, basis = draw(st.sampled_from(["met", "unmet", "unknown"])), draw(st.sampled_from(
            ["fact", "claim", "judgement"]
        ))  # fmt: skip
        said.append(made._own(MatrixEntry(result=result, basis=basis, reason="Grund.", noted_at=at)))
    return said


@given(words())
@settings(max_examples=80)
def test_no_claim_ever_counts_as_a_fact_and_nothing_unknown_as_a_verdict(said: list[Said]) -> None:
    cell = CriterionCell(Candidate(), said)
    facts = [each for each in said if each.basis == "fact"]
    # Only the catalogue makes facts.
    assert all(each.source == "Katalog" for each in facts)
    for basis in BASES:
        verdicts = {each.verdict for each in said if each.basis == basis} - {"unknown", None}
        assert cell.verdict_by(basis) == (next(iter(verdicts)) if len(verdicts) == 1 else "unknown")
        # Taking away everybody else changes nothing about what one says.
        alone = CriterionCell(Candidate(), [each for each in said if each.basis == basis])
        assert alone.verdict_by(basis) == cell.verdict_by(basis)
    assert cell.is_unknown == (not any(each.verdict in ("met", "unmet") for each in said))
    silent = replace(cell, said=[each for each in said if each.verdict not in ("met", "unmet")])
    assert (silent.is_unknown, silent.is_disputed) == (True, False)


def test_every_word_of_a_whole_comparison_has_one_of_the_three_voices(shelf: Shelf) -> None:
    with_criteria(shelf.hall)
    kept(shelf)
    assert {each.basis for each in all_said(seen(shelf))} == {"fact"}


# Prices.


def test_the_catalogue_gives_a_spread_with_what_is_unknown(shelf: Shelf) -> None:
    rows = kept(shelf)
    once, yearly, total = catalogue_prices(shelf.hall.case, rows, shelf.hall.actor("lead"))
    assert [(each.label, each.known, each.unknown) for each in (once, yearly, total)] == [
        ("Einmalig", 2, 2),
        ("Im Jahr", 2, 2),
        ("In 48 Monaten", 2, 2),
    ]
    assert (yearly.least, yearly.middle, yearly.most) == (Decimal(1000), Decimal("1493.50"), Decimal(1987))
    # 500 once and four years of each.
    assert (total.least, total.most) == (Decimal(4500), Decimal(8448))


def test_whoever_may_not_see_prices_counts_them_as_unknown(shelf: Shelf) -> None:
    _, yearly, _ = catalogue_prices(shelf.hall.case, kept(shelf), shelf.hall.actor("anonymous"))
    assert (yearly.known, yearly.unknown, yearly.most) == (1, 3, Decimal(1000))


def test_amounts_that_companies_answered_have_a_spread_of_their_own(shelf: Shelf) -> None:
    rows = kept(shelf)
    (question,) = asked(shelf.hall, rows, [{"text": "Kosten im Jahr?", "kind": "money"}])
    for place, (value, hidden) in enumerate([("100.00", False), ("400.00", True), (None, False)]):
        answered(shelf.hall, rows[place], (question, value, hidden))
    (spread,) = answered_prices(seen(shelf))
    assert (
        spread.least,
        spread.middle,
        spread.most,
        spread.known,
        spread.unknown,
        spread.has_confidential,
    ) == (
        Decimal(100),
        Decimal(250),
        Decimal(400),
        2,
        2,
        True,
    )


@given(st.lists(st.decimals(0, 10**9, places=2), max_size=12), st.integers(0, 9))
def test_a_spread_is_in_order_and_never_takes_unknown_for_nothing(
    amounts: list[Decimal], unknown: int
) -> None:
    spread = spread_of("Im Jahr", amounts, unknown, "")
    assert (spread.known, spread.unknown) == (len(amounts), unknown)
    if not amounts:
        assert (spread.least, spread.middle, spread.most) == (None, None, None)
        return
    least, middle, most = spread.least or Decimal(), spread.middle or Decimal(), spread.most or Decimal()
    assert (least, most) == (min(amounts), max(amounts))
    # A middle between two cents is rounded to one.
    assert least - Decimal("0.01") <= middle <= most + Decimal("0.01")


def test_nothing_is_judged_before_the_plan_is_fixed(hall: Hall) -> None:
    must, _ = with_criteria(hall)
    row = Candidate.objects.create(case=hall.case, company_name="A", added_at=hall.now, added_by="x")
    with pytest.raises(Refused, match="Legen Sie zuerst den Plan fest"):
        judge(row, must.public_id, result="met", reason="x", by=hall.actor("lead"), now=hall.now)
    with_plan(hall)
    assert judge(row, must.public_id, result="met", reason="x", by=hall.actor("lead"), now=hall.now)
