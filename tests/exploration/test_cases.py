"""A case from its first day to the hand of the second person."""

import datetime
from datetime import timedelta

import pytest

from allmende.demand.actions import needs
from allmende.demand.models import Need
from allmende.exploration import rules
from allmende.exploration.actions.cases import (
    begin_case,
    begin_without_need,
    change_case,
    open_for_change,
)
from allmende.exploration.actions.handing_in import return_case, stop_case, submit_case, take_back_case
from allmende.exploration.actions.sheets import note_deviation, save_sheet
from allmende.exploration.checklist import checklist, missing
from allmende.exploration.models import Candidate, Case, CaseMember
from allmende.exploration.queries.cases import case_for, visible_to
from allmende.exploration.states import CASE
from allmende.exploration.steps import STEPS, StepState
from allmende.journal.models import Entry
from allmende.lib.refusals import OutOfDate, Refused
from tests.exploration.hall import Hall, fill, submitted, with_declarations, with_plan

SEES = {"lead", "editor", "approver", "reader", "buyer"}
EVERYBODY = (
    *SEES,
    "colleague",
    "neighbour",
    "neighbour_buyer",
    "company",
    "desk",
    "stranger",
    "anonymous",
    "program",
)


@pytest.fixture
def all_else_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other parts say of their steps is theirs to test."""
    own = {"bedarf", "zustaendigkeit", "wege", "plan", "schlussfolgerung", "freigabe", "vergabe", "nachlauf"}
    from allmende.exploration import checklist as module

    done = {code: (lambda case: StepState("done")) for code in STEPS if code not in own}
    monkeypatch.setattr(module, "SAYS", {**module.SAYS, **done})


@pytest.fixture
def whole(hall: Hall, all_else_done: None) -> Hall:
    """Everything is done that has to be done before the second person reads it."""
    fill(hall, "bedarf", "zustaendigkeit", "wege", "schlussfolgerung")
    return with_declarations(with_plan(hall))


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_who_takes_part_sees_the_case_and_the_procurement_office_of_the_town(hall: Hall, who: str) -> None:
    actor = hall.actor(who)
    assert rules.may_see(actor, hall.case) == (who in SEES)
    assert (case_for(actor, hall.case.public_id, hall.now) is not None) == (who in SEES)


def test_an_erased_case_is_seen_by_nobody(hall: Hall) -> None:
    Case.objects.filter(pk=hall.case.pk).update(state="erased", ended_at=hall.now)
    assert [list(visible_to(hall.actor(who), hall.now)) for who in ("lead", "buyer")] == [[], []]


def test_whoever_begins_a_case_leads_it(hall: Hall) -> None:
    lead = CaseMember.objects.get(case=hall.case, role="lead")
    assert (lead.user, lead.until) == (hall["lead"].public_id, None)
    assert (hall.case.title, hall.case.need_edition) == ("Schäden an Straßen melden", 0)
    assert Entry.objects.filter(kind="exploration.case_begun").count() == 1


@pytest.mark.parametrize("who", ["approver", "reader", "neighbour", "company", "desk", "stranger", "program"])
def test_others_begin_no_case_for_the_town(hall: Hall, who: str) -> None:
    with pytest.raises(Refused, match="Eine Markterkundung beginnt"):
        begin_without_need(hall.town, title="Etwas", by=hall.actor(who), now=hall.now)


def test_a_company_has_no_cases_even_where_its_people_administer_it(hall: Hall) -> None:
    with pytest.raises(Refused, match="Eine Markterkundung beginnt"):
        begin_without_need(hall.company, title="Etwas", by=hall.actor("company"), now=hall.now)


def test_a_case_without_a_need_brings_a_draft_of_one(hall: Hall) -> None:
    case = begin_without_need(hall.town, title=" Raumbuchung ", by=hall.actor("colleague"), now=hall.now)
    assert (case.title, case.need.title, case.need.state) == ("Raumbuchung", "Raumbuchung", "draft")
    before = Need.objects.count()
    with pytest.raises(Refused, match="Titel"):
        begin_without_need(hall.town, title="  ", by=hall.actor("colleague"), now=hall.now)
    assert Need.objects.count() == before


def test_a_need_has_one_open_case_and_another_once_that_has_ended(hall: Hall) -> None:
    by = hall.actor("colleague")
    with pytest.raises(Refused, match="läuft schon"):
        begin_case(hall.case.need, by=by, now=hall.now)
    case = hall.fresh()
    stop_case(case, reason="Kein Geld.", lock_version=case.lock_version, by=hall.actor("lead"), now=hall.now)
    assert begin_case(hall.case.need, by=by, now=hall.now).state == "running"


def test_a_withdrawn_need_and_that_of_another_town_begin_no_case(hall: Hall) -> None:
    neighbour = hall.actor("neighbour")
    need = needs.begin(hall.neighbour, by=neighbour, now=hall.now)
    with pytest.raises(Refused, match="Eine Markterkundung beginnt"):
        begin_case(need, by=hall.actor("lead"), now=hall.now)
    for state, words in (("withdrawn", "zurückgezogen"), ("closed", "als Vorlage")):
        told = {"state": state, "ended_at": hall.now, "published_at": hall.now, "edition_number": 1}
        Need.objects.filter(pk=need.pk).update(**told)
        with pytest.raises(Refused, match=words):
            begin_case(need, by=neighbour, now=hall.now)


def test_the_gate_lets_in_lead_and_editor_only_while_the_case_runs(hall: Hall) -> None:
    let_in = set()
    for who in EVERYBODY:
        try:
            open_for_change(hall.case, by=hall.actor(who), now=hall.now)
            let_in.add(who)
        except Refused:
            continue
    assert let_in == {"lead", "editor"}


@pytest.mark.parametrize("state", ["submitted", "frozen", "stopped", "erased"])
def test_what_does_not_run_is_changed_by_nobody_and_says_why(hall: Hall, state: str) -> None:
    Case.objects.filter(pk=hall.case.pk).update(state=state, ended_at=hall.now, stopped_reason="x")
    with pytest.raises(Refused) as refusal:
        open_for_change(hall.case, by=hall.actor("lead"), now=hall.now)
    words = {
        "submitted": "zur Freigabe",
        "frozen": "abgeschlossen",
        "stopped": "abgebrochen",
        "erased": "gelöscht",
    }
    assert words[state] in refusal.value.message


def test_a_clock_that_is_set_back_makes_nothing_older(hall: Hall) -> None:
    earlier = hall.now - timedelta(days=400)
    open_for_change(hall.case, by=hall.actor("lead"), now=earlier)
    assert hall.fresh().changed_at == hall.now


def test_nobody_looks_before_the_plan_is_fixed(hall: Hall) -> None:
    blocked = [line.step.code for line in checklist(hall.case) if line.state.state == "blocked"]
    assert blocked == ["recherche", "auswahl", "ansprache", "gespraeche", "auswertung", "vergabe", "nachlauf"]
    with_plan(hall)
    blocked = [line.step.code for line in checklist(hall.case) if line.state.state == "blocked"]
    assert blocked == ["vergabe", "nachlauf"]


def test_the_list_says_what_is_missing_and_why(hall: Hall, all_else_done: None) -> None:
    said = [(line.step.number, line.state.why) for line in missing(hall.case)]
    # What needs the plan is blocked by it, whoever says how far it is.
    assert said == [
        (1, ""),
        (2, "3 Personen haben sich noch nicht zu Interessenkonflikten erklärt."),
        (3, ""),
        (4, ""),
        *((number, "Legen Sie zuerst den Plan fest (Schritt 4).") for number in (5, 6, 7, 9)),
        (11, ""),
    ]


def test_a_list_asks_as_many_questions_of_the_database_for_much_as_for_little(
    hall: Hall, all_else_done: None, django_assert_num_queries: object
) -> None:
    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            checklist(hall.case)
        return len(captured)

    before = count()
    fill(hall, "bedarf", "wege", "zustaendigkeit", "plan")
    with_declarations(hall)
    for number in range(5):
        note_deviation(
            hall.case, step="plan", what=str(number), reason="Darum", by=hall.actor("lead"), now=hall.now
        )
    assert (before, count()) == (6, 6)


def test_a_whole_case_is_handed_in_given_back_with_a_reason_and_handed_in_again(whole: Hall) -> None:
    case = submitted(whole).fresh()
    assert (case.state, case.submitted_by) == ("submitted", whole["lead"].public_id)
    approver = whole.actor("approver")
    with pytest.raises(Refused, match="Schreiben Sie, was noch fehlt"):
        return_case(case, reason=" ", lock_version=case.lock_version, by=approver, now=whole.now)
    case = return_case(
        case, reason="Preise fehlen.", lock_version=case.lock_version, by=approver, now=whole.now
    )
    assert (case.state, case.returned_reason) == ("running", "Preise fehlen.")
    case = submitted(whole).fresh()
    assert (case.state, case.returned_reason) == ("submitted", "")
    case = take_back_case(case, lock_version=case.lock_version, by=whole.actor("lead"), now=whole.now)
    assert case.state == "running"


def test_what_is_not_whole_is_not_handed_in(hall: Hall) -> None:
    with pytest.raises(Refused) as refusal:
        submitted(hall)
    assert refusal.value.message == "Noch nicht fertig. Schritt 1: Bedarf beschreiben"


@pytest.mark.parametrize("who", ["editor", "approver", "reader", "buyer", "colleague", "neighbour"])
def test_only_the_lead_hands_in_and_stops(whole: Hall, who: str) -> None:
    case, by = whole.fresh(), whole.actor(who)
    for act in (
        lambda: submit_case(case, lock_version=case.lock_version, by=by, now=whole.now),
        lambda: stop_case(case, reason="x", lock_version=case.lock_version, by=by, now=whole.now),
    ):
        with pytest.raises(Refused):
            act()
    assert whole.fresh().state == "running"


@pytest.mark.parametrize(
    ("who", "may"),
    [("approver", True), ("buyer", True), ("lead", False), ("editor", False), ("reader", False),
     ("colleague", False), ("neighbour_buyer", False), ("program", False)],
)  # fmt: skip
def test_who_approves_never_led_or_handed_in(whole: Hall, who: str, may: bool) -> None:
    case = submitted(whole).fresh()
    assert rules.may_approve(whole.actor(who), case) == may


def test_the_procurement_office_does_not_approve_what_it_leads(whole: Hall) -> None:
    Case.objects.filter(pk=whole.case.pk).update(submitted_by=whole["buyer"].public_id)
    assert not rules.may_approve(whole.actor("buyer"), whole.fresh())


def test_a_stopped_case_keeps_its_reason_and_goes_on_no_more(hall: Hall) -> None:
    case, by = hall.fresh(), hall.actor("lead")
    with pytest.raises(Refused, match="warum Sie abbrechen"):
        stop_case(case, reason="", lock_version=case.lock_version, by=by, now=hall.now)
    case = stop_case(case, reason="Kein Geld.", lock_version=case.lock_version, by=by, now=hall.now)
    assert (case.state, case.stopped_reason, case.ended_at) == ("stopped", "Kein Geld.", hall.now)
    with pytest.raises(Refused, match="abgebrochen"):
        stop_case(case, reason="Noch einmal.", lock_version=case.lock_version, by=by, now=hall.now)


def test_two_who_change_the_particulars_at_once_do_not_write_over_each_other(hall: Hall) -> None:
    due = datetime.date(2027, 1, 31)
    case = change_case(
        hall.case,
        title="Melder",
        reference="10.2",
        due_on=due,
        lock_version=0,
        by=hall.actor("lead"),
        now=hall.now,
    )
    assert (case.title, case.reference, case.due_on) == ("Melder", "10.2", due)
    with pytest.raises(OutOfDate):
        change_case(hall.case, title="Anders", lock_version=0, by=hall.actor("editor"), now=hall.now)
    with pytest.raises(Refused, match="Titel"):
        change_case(hall.case, title="", lock_version=1, by=hall.actor("editor"), now=hall.now)


@pytest.mark.parametrize("state", list(CASE.labels))
def test_no_state_is_reached_but_by_its_table(hall: Hall, state: str) -> None:
    """From wherever it is, handing in, taking back, giving back and stopping go only where the table leads."""
    fields = {"ended_at": hall.now, "stopped_reason": "x", "submitted_by": hall["lead"].public_id}
    Case.objects.filter(pk=hall.case.pk).update(state=state, **fields)
    case, lead, approver = hall.fresh(), hall.actor("lead"), hall.actor("approver")
    acts = {
        "submitted": lambda: submit_case(case, lock_version=0, by=lead, now=hall.now),
        "running": lambda: take_back_case(case, lock_version=0, by=lead, now=hall.now),
        "returned": lambda: return_case(case, reason="x", lock_version=0, by=approver, now=hall.now),
        "stopped": lambda: stop_case(case, reason="x", lock_version=0, by=lead, now=hall.now),
    }
    for act in acts.values():
        before = hall.fresh().state
        try:
            act()
        except Refused:
            assert hall.fresh().state == before
            continue
        assert CASE.can_become(before, hall.fresh().state)
        Case.objects.filter(pk=hall.case.pk).update(state=state, lock_version=0)


def test_a_market_without_anybody_is_a_conclusion_too(hall: Hall) -> None:
    """Whoever finds nobody can list, ask and estimate nothing, and has to come to an end all the same."""
    with_plan(hall)

    def states() -> list[str]:
        lines = {line.step.code: line.state.state for line in checklist(hall.case)}
        return [lines[code] for code in ("auswahl", "ansprache", "auftragswert")]

    assert states() == ["open", "open", "open"]
    save_sheet(
        hall.case,
        "schlussfolgerung",
        lambda _: {"market": "none", "market_reason": "Nichts gefunden."},
        is_done=False,
        lock_version=0,
        by=hall.actor("lead"),
        now=hall.now,
    )
    assert states() == ["done", "done", "done"]
    row = Candidate.objects.create(
        case=hall.case, company_name="Beispiel GmbH", added_at=hall.now, added_by="x"
    )
    assert states() == ["begun", "open", "open"]
    row.state, row.reason = "dropped", "other"
    row.save()
    assert states() == ["done", "done", "done"]
