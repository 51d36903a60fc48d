"""From the long list to the short one: reasons, changes of mind, colleagues, and what has changed since."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allmende.catalogue.actions import withdraw
from allmende.exploration.actions.candidates import (
    Verdict,
    add_by_hand,
    add_from_snapshot,
    decide,
    decide_many,
    say_why_not_asked,
)
from allmende.exploration.actions.members import declare
from allmende.exploration.models import Candidate
from allmende.exploration.queries.candidates import (
    FEW_COMPANIES,
    candidates_of,
    companies_kept,
    drift_of,
    few_companies,
    step_state,
)
from allmende.exploration.steps import StepState
from allmende.journal.models import Entry
from allmende.lib.refusals import OutOfDate, Refused
from tests.exploration.hall import Hall, with_plan
from tests.exploration.shelf import NAMES, Shelf, listed, looked, with_criteria

FITS = Verdict(state="kept", reason="fits")
GONE = Verdict(state="dropped", reason="not_available")


def said(shelf_or_hall, candidate, verdict, by="lead"):
    hall = getattr(shelf_or_hall, "hall", shelf_or_hall)
    fresh = Candidate.objects.get(pk=candidate.pk)
    return decide(fresh, verdict, lock_version=fresh.lock_version, by=hall.actor(by), now=hall.now)


def by_hand(hall: Hall, name: str = "Anderswo AG") -> Candidate:
    return add_by_hand(hall.case, company_name=name, by=hall.actor("lead"), now=hall.now)


def test_entries_of_a_snapshot_come_onto_the_list_with_company_and_edition(shelf: Shelf) -> None:
    rows = [
        (each.solution_name, each.company_name, each.edition_number, each.state) for each in listed(shelf)
    ]
    assert rows == [
        ("Laternenmelder", "", 1, "open"),
        ("Schadensmelder", "Melder GmbH", 2, "open"),
        ("Straßenmelder", "Melder GmbH", 2, "open"),
        ("Wegemelder", "", 1, "open"),
    ]


def test_what_stands_on_the_list_is_not_put_there_again(shelf: Shelf) -> None:
    before = [each.pk for each in listed(shelf)]
    assert [each.pk for each in listed(shelf)] == before


def test_only_what_the_snapshot_shows_comes_onto_the_list(shelf: Shelf) -> None:
    search = looked(shelf, "Straßenmelder")
    with pytest.raises(Refused, match="Wählen Sie mindestens einen Eintrag"):
        add_from_snapshot(search, ["x" * 10], by=shelf.hall.actor("lead"), now=shelf.hall.now)


def test_putting_four_on_the_list_takes_as_many_queries_as_one(shelf: Shelf) -> None:
    search, numbers = looked(shelf), []
    ids = [each.public_id for each in shelf.solutions]
    for chosen in (ids[:1], ids[1:]):
        with CaptureQueriesContext(connection) as queries:
            add_from_snapshot(search, chosen, by=shelf.hall.actor("lead"), now=shelf.hall.now)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_a_company_found_elsewhere_comes_onto_the_list_once(hall: Hall) -> None:
    with_plan(hall)
    candidate = by_hand(hall, "Anderswo  AG")
    assert (candidate.company_name, candidate.solution, str(candidate)) == (
        "Anderswo AG",
        None,
        "Anderswo AG",
    )
    with pytest.raises(Refused, match="Das steht schon auf der Liste"):
        by_hand(hall, "anderswo-ag")
    with pytest.raises(Refused, match="Nennen Sie das Unternehmen oder das Produkt"):
        by_hand(hall, " ")


def test_nothing_comes_onto_the_list_before_the_plan_is_fixed(hall: Hall) -> None:
    with pytest.raises(Refused, match="Legen Sie zuerst den Plan fest"):
        by_hand(hall)


@pytest.mark.parametrize("who", ["reader", "approver", "colleague", "buyer", "neighbour", "company", "desk"])
def test_only_who_writes_in_the_case_decides(hall: Hall, who: str) -> None:
    candidate = by_hand(with_plan(hall))
    with pytest.raises(Refused, match="schreiben die federführende Person"):
        said(hall, candidate, FITS, by=who)


def test_whoever_has_a_conflict_of_interest_without_a_remedy_does_not_decide(hall: Hall) -> None:
    candidate = by_hand(with_plan(hall))
    lead = hall.actor("lead")
    declare(hall.case, has_conflict=True, about="Meine Schwester arbeitet dort.", by=lead, now=hall.now)
    with pytest.raises(Refused, match="Interessenkonflikt"):
        said(hall, candidate, FITS)
    assert said(hall, candidate, FITS, by="editor").state == "kept"


@pytest.mark.parametrize(
    ("verdict", "message"),
    [
        (Verdict(state="kept"), "Wählen Sie einen Grund aus"),
        (Verdict(state="kept", reason="moon"), "Wählen Sie einen Grund aus"),
        # A reason to drop does not keep, and the other way round.
        (Verdict(state="kept", reason="must_unmet"), "Wählen Sie einen Grund aus"),
        (Verdict(state="dropped", reason="newcomer"), "Wählen Sie einen Grund aus"),
        (Verdict(state="dropped", reason="other"), "Schreiben Sie zum Grund „Anderer Grund“"),
        (Verdict(state="dropped", reason="too_expensive"), "Nennen Sie zum Grund „Zu teuer“ den Betrag"),
        (Verdict(state="dropped", reason="must_unmet"), "Wählen Sie zum Grund „Erfüllt ein Muss"),
        (Verdict(state="dropped", reason="no_answer", criterion="x" * 10), "gehört nicht mehr zum Bedarf"),
        (Verdict(state="dropped", reason="must_unmet", criterion="x" * 10), "das Kriterium aus"),
        (Verdict(state="dropped", reason="too_expensive", amount=Decimal(-1)), "Geben Sie einen Betrag ein"),
    ],
)
def test_a_decision_has_the_reason_that_it_needs(hall: Hall, verdict: Verdict, message: str) -> None:
    candidate = by_hand(with_plan(hall))
    with pytest.raises(Refused, match=message):
        said(hall, candidate, verdict)
    candidate.refresh_from_db()
    assert (candidate.state, candidate.decisions.count()) == ("open", 0)


def test_every_change_of_mind_is_kept(hall: Hall) -> None:
    must, _ = with_criteria(hall)
    candidate = by_hand(with_plan(hall))
    for verdict in (
        FITS,
        Verdict(state="dropped", reason="too_expensive", amount=Decimal("9000.50")),
        Verdict(state="open", words="Neues Angebot angekündigt."),
        Verdict(state="dropped", reason="must_unmet", criterion=must.public_id),
    ):
        candidate = said(hall, candidate, verdict)
    kept = list(
        candidate.decisions.values_list("state", "reason", "reason_text", "amount", "criterion_label")
    )
    assert kept == [
        ("kept", "fits", "", None, ""),
        ("dropped", "too_expensive", "", Decimal("9000.50"), ""),
        ("open", "", "Neues Angebot angekündigt.", None, ""),
        ("dropped", "must_unmet", "", None, "Quelloffen"),
    ]
    assert Entry.objects.filter(kind="exploration.candidate_decided").count() == 4
    with pytest.raises(TypeError):
        candidate.decisions.first().save()
    with pytest.raises(TypeError):
        candidate.decisions.all().update(reason="fits")


def test_a_criterion_that_vanishes_leaves_its_words_with_the_decision(hall: Hall) -> None:
    must, _ = with_criteria(hall)
    candidate = by_hand(with_plan(hall))
    said(hall, candidate, Verdict(state="dropped", reason="must_unmet", criterion=must.public_id))
    must.delete()
    candidate.refresh_from_db()
    assert (candidate.criterion, candidate.criterion_label) == (must.public_id, "Quelloffen")


def test_one_decision_with_one_reason_goes_for_many(shelf: Shelf) -> None:
    rows = listed(shelf)
    versions = {each.public_id: each.lock_version for each in rows[:3]}
    decide_many(shelf.hall.case, versions, GONE, by=shelf.hall.actor("editor"), now=shelf.hall.now)
    found = [(each.state, each.reason, each.decisions.count()) for each in candidates_of(shelf.hall.case)]
    assert found == [("dropped", "not_available", 1)] * 3 + [("open", "", 0)]


def test_of_two_colleagues_on_one_list_the_second_is_told_and_nothing_of_theirs_is_kept(shelf: Shelf) -> None:
    rows = listed(shelf)
    versions = {each.public_id: each.lock_version for each in rows}
    said(shelf, rows[0], FITS)
    with pytest.raises(Refused, match="jemand anderes entschieden: „Laternenmelder“"):
        decide_many(shelf.hall.case, versions, GONE, by=shelf.hall.actor("editor"), now=shelf.hall.now)
    with pytest.raises(OutOfDate):
        decide(rows[0], GONE, lock_version=0, by=shelf.hall.actor("editor"), now=shelf.hall.now)
    assert [each.state for each in candidates_of(shelf.hall.case)] == ["kept", "open", "open", "open"]


def test_an_entry_of_another_case_is_never_decided_with_many(shelf: Shelf) -> None:
    with pytest.raises(Refused, match="noch ist nichts geändert"):
        decide_many(shelf.hall.case, {"x" * 10: 0}, GONE, by=shelf.hall.actor("lead"), now=shelf.hall.now)


def test_why_somebody_on_the_short_list_is_not_asked_is_kept_until_it_leaves_the_list(hall: Hall) -> None:
    candidate = by_hand(with_plan(hall))
    lead = {"by": hall.actor("lead"), "now": hall.now}
    with pytest.raises(Refused, match="nicht auf der kurzen Liste"):
        say_why_not_asked(candidate, "Kennen wir.", lock_version=0, **lead)
    candidate = said(hall, candidate, FITS)
    candidate = say_why_not_asked(candidate, "Liefert nur nach Bayern.", lock_version=1, **lead)
    assert candidate.not_asked_reason == "Liefert nur nach Bayern."
    with pytest.raises(OutOfDate):
        say_why_not_asked(candidate, "Doch.", lock_version=1, **lead)
    assert said(hall, candidate, GONE).not_asked_reason == ""


def test_fewer_than_three_companies_are_told_with_the_source(hall: Hall) -> None:
    with_plan(hall)
    assert step_state(hall.case) == StepState("open", "Noch steht nichts auf der Liste.")
    rows = [by_hand(hall, f"Unternehmen {number}") for number in range(3)]
    said(hall, rows[0], FITS)
    assert step_state(hall.case) == StepState("begun", "Über 2 Einträge ist noch zu entscheiden.")
    assert not few_companies(hall.case)
    said(hall, rows[1], FITS)
    said(hall, rows[2], GONE)
    assert step_state(hall.case) == StepState("done", FEW_COMPANIES)
    assert few_companies(hall.case)
    said(hall, rows[2], Verdict(state="kept", reason="newcomer"))
    assert (companies_kept(hall.case), step_state(hall.case)) == (3, StepState("done"))


def test_two_products_of_one_company_are_one_company(shelf: Shelf) -> None:
    for each in listed(shelf):
        said(shelf, each, FITS)
    # Two of the four are of one company; nobody offers the others.
    assert companies_kept(shelf.hall.case) == 3


# What has changed since.


def test_what_has_not_changed_says_nothing(shelf: Shelf) -> None:
    listed(shelf)
    drifts = drift_of(list(candidates_of(shelf.hall.case)))
    assert [bool(each) for each in drifts.values()] == [False] * len(NAMES)


def test_a_listing_that_has_changed_says_what_differs_and_leaves_what_was_recorded(shelf: Shelf) -> None:
    before = listed(shelf)[2]
    shelf.change(licence="MIT", maturity="pilot")
    (row,) = candidates_of(shelf.hall.case).filter(pk=before.pk)
    drift = drift_of([row])[row.pk]
    assert (drift.fields, drift.parts, drift.sentences) == (["licence", "maturity"], [], [])
    assert (row.edition_number, row.solution_name) == (before.edition_number, "Straßenmelder")


def test_a_withdrawn_entry_and_a_merged_company_are_told(shelf: Shelf) -> None:
    row = listed(shelf)[2]
    withdraw(
        shelf.melder, reason="Wird nicht mehr gepflegt.", by=shelf.hall.actor("desk"), now=shelf.hall.now
    )
    seller = shelf.seller
    seller.state, seller.merged_into = "merged", shelf.hall.company
    seller.save()
    (row,) = candidates_of(shelf.hall.case).filter(pk=row.pk)
    assert drift_of([row])[row.pk].sentences == [
        "Der Eintrag ist zurückgezogen: Wird nicht mehr gepflegt.",
        "Das Unternehmen steht jetzt unter „Beispiel GmbH“.",
    ]
    assert row.company_name == "Melder GmbH"


def test_looking_for_changes_takes_one_query_however_many_have_changed(shelf: Shelf) -> None:
    listed(shelf)
    shelf.change(licence="MIT")
    rows = list(candidates_of(shelf.hall.case))
    with CaptureQueriesContext(connection) as queries:
        drift_of(rows)
    assert len(queries) == 1
