"""One solution or two: doubtful pairs, merging, and taking it back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from allmende.catalogue.actions import confirm_use, decide_distinct, erase, merge, receive, undo_merge
from allmende.catalogue.models import DuplicateSuspicion, Edition, Listing, Solution
from allmende.catalogue.queries import editions, final_target, open_suspicions, visible_to
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.catalogue.conftest import HARVEST


@pytest.fixture
def editor(member_of):
    return member_of("catalogue_editor")


def listings_of(solution):
    return sorted(Listing.objects.filter(solution=solution).values_list("key", flat=True))


def test_two_parts_of_one_repository_in_one_source_stay_two_solutions_without_doubt(draft, hessen, now):
    receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now)
    receive(replace(draft, name="Zweites Modul"), origin=hessen, key="b.yml", by=HARVEST, now=now)

    assert Solution.objects.count() == 2
    assert DuplicateSuspicion.objects.count() == 0


def test_a_renamed_file_stays_with_its_solution(solution, draft, hessen, now):
    received = receive(draft, origin=hessen, key="neu/a.yml", by=HARVEST, now=now)

    assert (received.solution, Solution.objects.count()) == (solution, 1)


def test_another_name_at_the_same_address_waits_for_a_person(solution, draft, bayern, now, editor):
    receive(replace(draft, name="Hundesteuer online"), origin=bayern, key="x", by=HARVEST, now=now)

    assert Solution.objects.count() == 2
    assert [each.reason for each in open_suspicions(editor)] == [
        "Gleiche Adresse des Quellcodes, anderer Name."
    ]


def test_a_listing_that_moves_to_the_address_of_another_waits_for_a_person(
    solution, other_solution, draft, bayern, now, editor
):
    moved = replace(draft, name="Raumbuchung Beispiel")
    receive(moved, origin=bayern, key="raum.yml", by=HARVEST, now=now)

    assert [each.reason for each in open_suspicions(editor)] == [
        "Ein Eintrag nennt jetzt dieselbe Adresse des Quellcodes."
    ]


def test_a_repository_of_several_solutions_is_told_apart_by_name(draft, hessen, bayern, now):
    receive(draft, origin=hessen, key="a.yml", by=HARVEST, now=now)
    second = receive(
        replace(draft, name="Zweites Modul"), origin=hessen, key="b.yml", by=HARVEST, now=now
    ).solution

    received = receive(replace(draft, name="zweites modul"), origin=bayern, key="x", by=HARVEST, now=now)

    assert received.solution == second


def test_a_stranger_in_a_shared_repository_waits_for_a_person(draft, hessen, bayern, now, editor):
    for key, name in (("a", "Erstes Modul"), ("b", "Zweites Modul")):
        receive(replace(draft, name=name), origin=hessen, key=key, by=HARVEST, now=now)

    receive(replace(draft, name="Drittes Modul"), origin=bayern, key="x", by=HARVEST, now=now)

    assert [each.reason for each in open_suspicions(editor)] == [
        "Gleiche Adresse des Quellcodes, mehrere Lösungen darin."
    ] * 2


def test_the_same_telling_name_at_another_address_waits_for_a_person(
    solution, draft, bayern, now, editor, stranger
):
    elsewhere = replace(draft, repository_url="https://elsewhere.example.org/melder")
    receive(elsewhere, origin=bayern, key="x", by=HARVEST, now=now)

    assert open_suspicions(editor).count() == 1
    assert open_suspicions(stranger).count() == 0


def test_decided_once_a_pair_is_not_asked_about_again(solution, draft, bayern, now, editor):
    elsewhere = replace(draft, repository_url="https://elsewhere.example.org/melder")
    receive(elsewhere, origin=bayern, key="x", by=HARVEST, now=now)
    decide_distinct(DuplicateSuspicion.objects.get(), by=editor, now=now)

    receive(replace(elsewhere, licence="MIT"), origin=bayern, key="x", by=HARVEST, now=now)

    assert [each.state for each in DuplicateSuspicion.objects.all()] == ["distinct"]


def test_a_merge_moves_everything_and_leaves_a_redirect(solution, other_solution, now, editor):
    merge(other_solution, into=solution, reason="dasselbe", by=editor, now=now)

    other_solution.refresh_from_db()
    assert listings_of(solution) == ["a.yml", "raum.yml"]
    assert (other_solution.state, final_target(other_solution)) == ("merged", solution)
    assert list(visible_to(Actor.anonymous())) == [solution]


def test_a_merge_taken_back_restores_both_as_they_were(
    solution, other_solution, town, member_of, now, editor
):
    clerk = member_of("municipality_editor", town)
    confirm_use(other_solution, organisation=town, state="pilot", since=date(2025, 1, 1), by=clerk, now=now)
    other_solution.refresh_from_db()
    before = (
        other_solution.name,
        other_solution.repository_key,
        listings_of(other_solution),
        listings_of(solution),
    )

    undo_merge(merge(other_solution, into=solution, reason="Irrtum", by=editor, now=now), by=editor, now=now)

    other_solution.refresh_from_db()
    solution.refresh_from_db()
    after = (
        other_solution.name,
        other_solution.repository_key,
        listings_of(other_solution),
        listings_of(solution),
    )
    assert (after, other_solution.state, solution.name) == (before, "published", "Mängelmelder Musterstadt")
    assert other_solution.confirmed_uses.count() == 1


def test_the_harvest_after_a_merge_updates_the_one_that_is_left(
    solution, other_solution, draft, bayern, now, editor
):
    merge(other_solution, into=solution, reason="dasselbe", by=editor, now=now)
    changed = replace(
        draft, name="Raumbuchung", repository_url="https://code.example.org/land/raum", boundary="smart_city"
    )

    received = receive(changed, origin=bayern, key="raum.yml", by=HARVEST, now=now)

    assert (received.outcome, received.solution, received.solution.boundary) == (
        "changed",
        solution,
        "smart_city",
    )


def test_merges_are_decided_by_staff_and_never_in_a_circle(solution, other_solution, stranger, editor, now):
    with pytest.raises(Refused, match="Berechtigung"):
        merge(other_solution, into=solution, reason="", by=stranger, now=now)
    with pytest.raises(Refused, match="nicht mit sich selbst"):
        merge(solution, into=solution, reason="", by=editor, now=now)
    merge(other_solution, into=solution, reason="", by=editor, now=now)
    with pytest.raises(Refused, match="ist nicht veröffentlicht"):
        merge(solution, into=other_solution, reason="", by=editor, now=now)


def test_a_merge_is_taken_back_once(solution, other_solution, editor, now):
    done = merge(other_solution, into=solution, reason="", by=editor, now=now)
    undo_merge(done, by=editor, now=now)

    with pytest.raises(Refused, match="schon rückgängig gemacht"):
        undo_merge(done, by=editor, now=now)


def test_the_solution_that_stays_keeps_its_own_words(solution, other_solution, editor, now):
    older, younger = sorted((solution, other_solution), key=lambda each: each.pk)
    done = merge(older, into=younger, reason="", by=editor, now=now + timedelta(days=1))
    name = younger.name
    younger.refresh_from_db()
    assert younger.name == name

    undo_merge(done, by=editor, now=now + timedelta(days=2))
    assert set(Listing.objects.values_list("joined_at", flat=True)) == {now}


def test_merges_in_a_chain_are_taken_back_from_the_youngest(draft, hessen, now, editor):
    first, second, third = (
        receive(
            replace(draft, name=f"Lösung {name}", repository_url=f"https://code.example.org/x/{name}"),
            origin=hessen,
            key=name,
            by=HARVEST,
            now=now,
        ).solution
        for name in ("eins", "zwei", "drei")
    )
    older = merge(first, into=second, reason="", by=editor, now=now)
    younger = merge(second, into=third, reason="", by=editor, now=now)
    with pytest.raises(Refused, match="zuerst diese jüngere Zusammenführung"):
        undo_merge(older, by=editor, now=now)

    undo_merge(younger, by=editor, now=now)
    undo_merge(older, by=editor, now=now)

    assert [listings_of(each) for each in (first, second, third)] == [["eins"], ["zwei"], ["drei"]]
    assert sorted(Solution.objects.values_list("name", "state")) == [
        ("Lösung drei", "published"),
        ("Lösung eins", "published"),
        ("Lösung zwei", "published"),
    ]


def test_erasing_takes_what_was_merged_with_it(solution, other_solution, editor, now):
    done = merge(other_solution, into=solution, reason="", by=editor, now=now)
    with pytest.raises(Refused, match="Teil eines anderen"):
        erase(other_solution, reason="Urteil", by=HARVEST, now=now)

    erase(solution, reason="Urteil", by=HARVEST, now=now)

    assert set(Solution.objects.values_list("name", "state")) == {("gelöscht", "erased")}
    assert Edition.objects.filter(content__isnull=False).count() == 0
    with pytest.raises(Refused, match="gilt nicht mehr"):
        undo_merge(done, by=editor, now=now)


def test_erasing_after_an_undone_merge_takes_the_others_editions_of_that_time(
    solution, other_solution, editor, now
):
    done = merge(other_solution, into=solution, reason="", by=editor, now=now + timedelta(days=1))
    undo_merge(done, by=editor, now=now + timedelta(days=2))

    erase(other_solution, reason="Urteil", by=HARVEST, now=now + timedelta(days=3))

    solution.refresh_from_db()
    kept = {row.number: row.content is not None for row in editions(solution)}
    assert (kept[1], kept[2], solution.state) == (True, False, "published")


def test_a_pair_of_which_one_was_merged_elsewhere_no_longer_waits(solution, draft, bayern, now, editor):
    elsewhere = replace(draft, repository_url="https://elsewhere.example.org/melder")
    twin = receive(elsewhere, origin=bayern, key="x", by=HARVEST, now=now).solution
    third = receive(
        replace(draft, name="Drittes", repository_url="https://c.example.org/3"),
        origin=bayern,
        key="y",
        by=HARVEST,
        now=now,
    ).solution
    assert open_suspicions(editor).count() == 1
    merge(twin, into=third, reason="", by=editor, now=now)

    assert open_suspicions(editor).count() == 0
