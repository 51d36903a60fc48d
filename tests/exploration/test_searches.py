"""The log of the research, and snapshots that stay as they were."""

import datetime
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allmende.catalogue.actions import withdraw
from allmende.catalogue.models import Edition
from allmende.exploration.actions.searches import _amounts_for_some, correct_search, log_search
from allmende.exploration.models import LoggedSearch, Snapshot, SnapshotEntry
from allmende.exploration.queries.searches import searches_of, step_state
from allmende.exploration.queries.snapshots import about, entries_of, faults_of
from allmende.exploration.seen import FACET_LABELS
from allmende.exploration.steps import StepState
from allmende.journal.models import Entry, Words
from allmende.lib.refusals import Refused
from allmende.web.marketplace import facets
from tests.exploration.hall import Hall, submitted, with_declarations, with_plan
from tests.exploration.shelf import NAMES, Shelf, looked

DAY = datetime.date(2026, 11, 23)
TED = {"source": "ted", "query": "CPV 72267000", "hits": 12, "searched_on": DAY}


def log(hall, by="lead", **said):
    return log_search(hall.case, **{**TED, **said}, by=hall.actor(by), now=hall.now)


def test_a_look_elsewhere_is_logged_with_source_day_words_and_hits(hall: Hall) -> None:
    search = log(with_plan(hall), remark="Drei Zuschläge an zwei Unternehmen.", url="https://ted.example.org")
    assert vars(search) | {"_state": None, "id": None, "public_id": None} == {
        "_state": None,
        "id": None,
        "public_id": None,
        "case_id": hall.case.pk,
        "source": "ted",
        "source_name": "TED, Supplement zum Amtsblatt der EU",
        "url": "https://ted.example.org",
        "query": "CPV 72267000",
        "filters": {},
        "hits": 12,
        "note": "Drei Zuschläge an zwei Unternehmen.",
        "searched_at": hall.now,
        "searched_by": hall["lead"].public_id,
    }
    entry = Entry.objects.latest("pk")
    assert (entry.kind, entry.subject_id, entry.data["case"]) == (
        "exploration.search_logged",
        search.public_id,
        hall.case.public_id,
    )


def test_nothing_is_searched_before_the_plan_is_fixed(hall: Hall) -> None:
    with pytest.raises(Refused, match="Legen Sie zuerst den Plan fest"):
        log(hall)
    assert not LoggedSearch.objects.exists()


@pytest.mark.parametrize("who", ["reader", "approver", "colleague", "buyer", "neighbour", "company", "desk"])
def test_only_who_writes_in_the_case_logs_a_search(hall: Hall, who: str) -> None:
    with_plan(hall)
    with pytest.raises(Refused, match="schreiben die federführende Person"):
        log(hall, by=who)


def test_a_colleague_who_takes_part_logs_one_too(hall: Hall) -> None:
    assert log(with_plan(hall), by="editor").searched_by == hall["editor"].public_id


def test_a_case_that_was_handed_in_takes_no_further_search(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allmende.exploration.actions.handing_in.missing", lambda case: [])
    submitted(with_declarations(with_plan(hall)))
    with pytest.raises(Refused, match="liegt zur Freigabe vor"):
        log(hall)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"source": "moon"}, "Wählen Sie, wo Sie gesucht haben."),
        ({"source": ""}, "Wählen Sie, wo Sie gesucht haben."),
        ({"source": "other"}, "Nennen Sie die Quelle beim Namen."),
        ({"query": " ", "remark": ""}, "Schreiben Sie, wonach Sie gesucht"),
        ({"hits": -1}, "Geben Sie an, wie viele Treffer es waren"),
        ({"url": "javascript:alert(1)"}, "Geben Sie eine vollständige Adresse an"),
        ({"searched_on": DAY + timedelta(days=1)}, "liegt in der Zukunft"),
        ({"searched_on": DAY - timedelta(days=1)}, "halten Sie als Abweichung fest"),
    ],
)
def test_a_look_that_says_too_little_or_lies_before_the_plan_is_refused(hall, said, message) -> None:
    with pytest.raises(Refused, match=message):
        log(with_plan(hall), **said)
    assert not LoggedSearch.objects.exists()


def test_zero_hits_and_uncounted_hits_are_two_things(hall: Hall) -> None:
    with_plan(hall)
    log(hall, hits=0)
    log(hall, hits=None)
    assert list(searches_of(hall.case).values_list("hits", flat=True)) == [0, None]


def test_a_correction_keeps_what_stood_there_in_the_journal(hall: Hall) -> None:
    search = log(with_plan(hall))
    correct_search(
        search, **{**TED, "query": "CPV 48000000", "hits": 3}, by=hall.actor("editor"), now=hall.now
    )
    search.refresh_from_db()
    assert (search.query, search.hits) == ("CPV 48000000", 3)
    entry = Entry.objects.latest("pk")
    words = dict(Words.objects.filter(entry=entry).values_list("name", "text"))
    assert (words["query_before"], words["query"], entry.data["hits_before"]) == (
        "CPV 72267000",
        "CPV 48000000",
        12,
    )


def test_the_step_is_done_with_the_first_look_and_asks_for_a_second_place(hall: Hall) -> None:
    with_plan(hall)
    assert step_state(hall.case) == StepState("open", "Noch ist keine Suche festgehalten.")
    log(hall)
    assert step_state(hall.case) == StepState(
        "done", "Bisher haben Sie an einer Stelle gesucht. Sehen Sie auch anderswo nach."
    )
    log(hall, source="fair")
    assert step_state(hall.case) == StepState("done")


# Snapshots.


def test_a_snapshot_keeps_question_order_reasons_and_the_archived_editions(shelf: Shelf) -> None:
    search = looked(shelf, "Straßenmelder")
    said = about(search.snapshot)
    assert (search.query, search.hits, said["about"]["asked"]) == ("Straßenmelder", 4, "Straßenmelder")
    kept = entries_of(search.snapshot)
    assert [each.position for each in kept] == [1, 2, 3, 4]
    assert kept[0].name == "Straßenmelder"
    assert kept[0].reasons[0].startswith("Im Eintrag steht: „")
    assert sorted(each.name for each in kept) == sorted(NAMES)
    assert kept[0].score["sum"] > kept[1].score["sum"]
    for each in kept:
        edition = Edition.objects.get(subject_id=each.solution, number=each.edition)
        assert (each.digest, each.text) == (edition.digest, edition.content)
    assert faults_of(search.snapshot) == []


def test_the_weights_of_a_snapshot_give_each_number_again(shelf: Shelf) -> None:
    said = about(looked(shelf, "Straßenmelder").snapshot)
    weights = said["about"]["weights"]
    for entry in said["entries"]:
        share = min(1, entry["score"]["words"] / weights["words_counting_as_one"])
        near = max(0, entry["score"]["meaning"] or 0)
        again = weights["words"] * share + weights["meaning"] * near
        assert again == pytest.approx(entry["score"]["sum"], abs=1e-4)


def test_a_listing_that_changes_is_withdrawn_or_erased_changes_nothing_in_a_snapshot(shelf: Shelf) -> None:
    # Case 10 of the tests of the field.
    snapshot = looked(shelf).snapshot
    before = (snapshot.content, snapshot.digest, list(snapshot.entries.values_list()))
    shelf.change(name="Ganz anders", licence="MIT")
    withdraw(
        shelf.solutions[1], reason="Gibt es nicht mehr.", by=shelf.hall.actor("desk"), now=shelf.hall.now
    )
    for edition in Edition.objects.filter(subject_id=shelf.melder.public_id):
        edition.content, edition.redacted_at, edition.redaction_reason = None, shelf.hall.now, "Gericht"
        edition.save(update_fields=["content", "redacted_at", "redaction_reason"])
    again = Snapshot.objects.get(pk=snapshot.pk)
    assert (again.content, again.digest, list(again.entries.values_list())) == before
    assert faults_of(again) == []
    assert "Straßenmelder" in {each.name for each in entries_of(again)}


def test_nothing_of_a_snapshot_can_be_changed_or_removed(shelf: Shelf) -> None:
    snapshot = looked(shelf).snapshot
    entry = snapshot.entries.first()
    for attempt in (
        snapshot.save,
        snapshot.delete,
        entry.save,
        entry.delete,
        lambda: Snapshot.objects.update(digest=""),
        lambda: SnapshotEntry.objects.filter(pk=entry.pk).update(content=""),
        lambda: SnapshotEntry.objects.all().delete(),
        lambda: SnapshotEntry.objects.bulk_update([entry], ["content"]),
    ):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.parametrize("column", ["content", "edition_digest", "edition_number", "solution_id", "position"])
def test_whatever_is_changed_past_the_program_is_found(shelf: Shelf, column: str) -> None:
    snapshot = looked(shelf).snapshot
    changed = {"content": "'{}'", "position": "99", "edition_number": "99"}.get(column, "'x'")
    table = SnapshotEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = {changed} WHERE id = %s", [snapshot.entries.first().pk]
        )
    assert faults_of(Snapshot.objects.get(pk=snapshot.pk)) != []


def test_a_changed_order_no_longer_fits_the_hash(shelf: Shelf) -> None:
    snapshot = looked(shelf).snapshot
    content = json.loads(snapshot.content)
    content["entries"][0]["score"] = {"sum": 9}
    snapshot.content = json.dumps(content)
    assert faults_of(snapshot) == ["Der Schnappschuss passt nicht zu seinem Hash."]


def test_no_contact_of_a_person_is_in_a_snapshot(shelf: Shelf) -> None:
    snapshot = looked(shelf).snapshot
    everything = snapshot.content + "".join(snapshot.entries.values_list("content", flat=True))
    for personal in ("Erna", "erna@", "Max Muster", "max@"):
        assert personal not in everything


def test_amounts_for_the_administration_are_kept_as_its_reader_saw_them(shelf: Shelf) -> None:
    kept = {each.name: each for each in entries_of(looked(shelf).snapshot)}
    amounts = [row["amount"] for each in kept["Schadensmelder"].amounts for row in each["prices"]]
    assert (amounts, kept["Straßenmelder"].amounts) == (["500", "1987"], ())


def test_amounts_that_the_reader_may_not_see_are_not_kept(shelf: Shelf) -> None:
    town = shelf.hall.town
    town.state = "suspended"
    town.save()
    found = _amounts_for_some([each.public_id for each in shelf.solutions], shelf.hall.actor("lead"))
    assert found == {}


def test_a_snapshot_takes_as_many_queries_for_one_entry_as_for_four(shelf: Shelf) -> None:
    numbers = []
    looked(shelf)
    for text in ("Schadensmelder", "melden"):
        with CaptureQueriesContext(connection) as queries:
            looked(shelf, text)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_finding_nothing_is_kept_too(shelf: Shelf) -> None:
    search = looked(shelf, "Xylophonverleih")
    assert (search.hits, entries_of(search.snapshot), faults_of(search.snapshot)) == (0, [], [])


def test_filters_are_called_as_on_the_page_of_the_search() -> None:
    assert dict(FACET_LABELS) == dict(facets.LABELS)
