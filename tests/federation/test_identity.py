"""The same solution in several sources: one, two, or a question for a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.catalogue.actions import know_origin, merge, receive, undo_merge
from allmende.catalogue.drafts import ClaimedUseDraft, ReleaseDraft, SolutionDraft, TextDraft
from allmende.catalogue.models import (
    ClaimedUse,
    DuplicateSuspicion,
    Edition,
    Listing,
    Merge,
    Release,
    Solution,
    SolutionText,
)
from allmende.lib.canonical import digest
from allmende.lib.refusals import Refused
from tests.federation.conftest import OPERATOR, AddSource, Harvest
from tests.federation.entries import entry, put

URL = "https://github.com/stadt-musterstadt/maengelmelder"
SPELLINGS = (
    "http://github.com/stadt-musterstadt/maengelmelder",
    "https://github.com/stadt-musterstadt/maengelmelder.git",
    "https://github.com/stadt-musterstadt/maengelmelder/",
    "https://github.com/Stadt-Musterstadt/Maengelmelder",
    "https://www.github.com/stadt-musterstadt/maengelmelder",
    "https://github.com/stadt-musterstadt/maengelmelder/tree/main",
    "HTTPS://GitHub.com/Stadt-Musterstadt/Maengelmelder.git/",
)

Two = tuple[Any, Any]


@pytest.fixture
def two(add: AddSource, tmp_path: Path) -> Callable[[str, str], Two]:
    """Two Länder, each with one entry."""

    def make(first: str, second: str) -> Two:
        put(tmp_path, "hessen/publiccode.yml", first)
        put(tmp_path, "bayern/publiccode.yml", second)
        return add("hessen", tmp_path / "hessen"), add("bayern", tmp_path / "bayern")

    return make


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_repository_from_two_laender_is_one_solution_with_two_listings(
    two: Callable[[str, str], Two], harvest: Harvest, spelling: str
) -> None:
    """Case 8."""
    hessen, bayern = two(entry(url=URL), entry("Mängelmelder", url=spelling))
    assert harvest(hessen).new == 1
    finished = harvest(bayern)
    assert (finished.new, finished.changed) == (0, 1)
    solution = Solution.objects.get()
    assert sorted(solution.listings.values_list("origin__code", flat=True)) == ["bayern", "hessen"]
    assert not DuplicateSuspicion.objects.exists()
    assert (harvest(hessen).same, harvest(bayern).same) == (1, 1)


def test_parts_of_one_repository_in_one_source_stay_apart(
    add: AddSource, folder: Path, harvest: Harvest
) -> None:
    for part in ("server", "app", "karte"):
        put(folder, f"{part}/publiccode.yml", entry(f"Mängelmelder {part}", URL))
    finished = harvest(add("musterland", folder))
    assert (finished.new, Solution.objects.count()) == (3, 3)
    assert not DuplicateSuspicion.objects.exists()


def test_a_part_of_a_monorepo_finds_its_namesake_in_another_source(
    add: AddSource, tmp_path: Path, harvest: Harvest
) -> None:
    for part in ("server", "app"):
        put(tmp_path, f"hessen/{part}/publiccode.yml", entry(f"Mängelmelder {part}", URL))
    put(tmp_path, "bayern/publiccode.yml", entry("Mängelmelder App", URL))
    harvest(add("hessen", tmp_path / "hessen"))
    harvest(add("bayern", tmp_path / "bayern"))
    assert Solution.objects.count() == 2
    assert Solution.objects.get(listings__origin__code="bayern").listings.count() == 2


def test_a_doubtful_pair_waits_for_a_person(two: Callable[[str, str], Two], harvest: Harvest) -> None:
    hessen, bayern = two(
        entry(url=URL), entry("Maengelmelder Musterstadt", "https://codeberg.org/stadt/melder")
    )
    harvest(hessen)
    assert harvest(bayern).new == 1
    suspicion = DuplicateSuspicion.objects.get()
    assert suspicion.state == "open"
    assert suspicion.reason.startswith("Gleicher Name")
    assert Solution.objects.filter(state="published").count() == 2
    harvest(bayern)
    assert DuplicateSuspicion.objects.count() == 1


def test_the_harvest_after_a_merge_brings_up_to_date_what_it_was_merged_into(
    two: Callable[[str, str], Two], harvest: Harvest, tmp_path: Path, now: datetime
) -> None:
    other = "https://codeberg.org/stadt/melder"
    hessen, bayern = two(entry(url=URL), entry("Maengelmelder Musterstadt", other))
    harvest(hessen)
    harvest(bayern)
    kept, gone = Solution.objects.order_by("pk")
    merge(gone, into=kept, reason="dasselbe", by=OPERATOR, now=now)
    put(
        tmp_path,
        "bayern/publiccode.yml",
        entry("Maengelmelder Musterstadt", other, more='roadmap: "https://a.test"\n'),
    )
    finished = harvest(bayern, at=now + timedelta(days=1))
    assert (finished.changed, finished.new) == (1, 0)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert gone.state == "merged"
    assert [link["url"] for link in kept.links] == ["https://a.test"]
    assert Edition.objects.filter(subject_id=kept.public_id).count() == 3
    # And taken back, each has its own again, what has changed meanwhile included.
    undo_merge(Merge.objects.get(), by=OPERATOR, now=now + timedelta(days=2))
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.links, [link["url"] for link in gone.links]) == ([], ["https://a.test"])
    assert (harvest(hessen).same, harvest(bayern).same) == (1, 1)


def test_two_records_of_one_source_that_a_person_merged_both_count(
    add: AddSource, folder: Path, harvest: Harvest, now: datetime
) -> None:
    for part in ("eins", "zwei"):
        put(folder, f"{part}/publiccode.yml", entry(f"Mängelmelder {part}", URL))
    source = add("musterland", folder)
    harvest(source)
    kept, gone = Solution.objects.order_by("pk")
    merge(gone, into=kept, reason="dasselbe", by=OPERATOR, now=now)
    for part in ("eins", "zwei"):
        put(
            folder,
            f"{part}/publiccode.yml",
            entry(f"Mängelmelder {part}", URL, f"Neu in {part} sind Fotos vom Schaden."),
        )
    finished = harvest(source, at=now + timedelta(days=1))
    assert (finished.state, finished.changed) == ("complete", 2)
    assert kept.listings.count() == 2
    assert SolutionText.objects.get(solution=kept).summary.startswith("Neu in eins sind")
    assert harvest(source, at=now + timedelta(days=2)).same == 2


# --- Any sequence of events


def drafts() -> st.SearchStrategy[SolutionDraft]:
    return st.builds(
        lambda name, place, words, uses, version: SolutionDraft(
            name=f"Werkzeug {name}",
            repository_url=f"https://github.com/stadt/{place}",
            texts=(TextDraft(language="de", summary=words),),
            claimed_uses=tuple(ClaimedUseDraft(name=use) for use in uses),
            release=ReleaseDraft(version=version),
        ),
        st.sampled_from(["alpha", "beta"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["kurz", "lang", "neu"]),
        st.sets(st.sampled_from(["Xstadt", "Ystadt"])),
        st.sampled_from(["1", "2"]),
    )


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.sampled_from(["hessen", "bayern"]), st.sampled_from("kl"), drafts()),
        st.tuples(st.just("merge"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("undo")),
    ),
    min_size=1,
    max_size=9,
)


def state() -> list[Any]:
    """What is known and shown of every solution, without counters and times."""
    found = []
    for solution in Solution.objects.order_by("pk"):
        found.append(
            (
                solution.public_id,
                solution.state,
                solution.merged_into_id,
                solution.name if solution.state == "published" else "",
                sorted(solution.listings.values_list("origin__code", "key", "draft_digest")),
                sorted(solution.claimed_uses.values_list("name", "listing")),
                sorted(solution.releases.values_list("version", "listing")),
            )
        )
    return found


def holds() -> None:
    """What is true after every step."""
    for listing in Listing.objects.select_related("solution"):
        assert listing.solution.state == "published"
    for model in (ClaimedUse, Release):
        assert all(
            row.solution_id == row.listing.solution_id for row in model.objects.select_related("listing")
        )
    for solution in Solution.objects.filter(state="published"):
        last = Edition.objects.get(subject_id=solution.public_id, number=solution.edition_number)
        assert last.content
        assert f'"name":"{solution.name}"' in last.content
        assert solution.listings.exists() or Merge.objects.filter(undone_at=None).exists()


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_comes_in_what_is_merged_can_be_taken_apart_again(
    vocabulary: None, now: datetime, steps: list[Any]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        origins = {
            code: know_origin(code, label=code, kind="harvest", by=OPERATOR, now=now)
            for code in ("hessen", "bayern")
        }
        stack: list[tuple[Merge, list[Any]]] = []
        for number, step in enumerate(steps):
            at = now + timedelta(hours=number)
            if step[0] == "receive":
                _, code, key, draft = step
                receive(draft, origin=origins[code], key=key, by=OPERATOR, now=at)
                same = receive(draft, origin=origins[code], key=key, by=OPERATOR, now=at)
                assert same.outcome == "same"
                stack.clear()
            elif step[0] == "merge":
                living = list(Solution.objects.filter(state="published").order_by("pk"))
                if not living:
                    continue
                source, target = living[step[1] % len(living)], living[step[2] % len(living)]
                before = state()
                try:
                    stack.append((merge(source, into=target, reason="", by=OPERATOR, now=at), before))
                except Refused:
                    assert source == target
            elif stack:
                made, before = stack.pop()
                undo_merge(made, by=OPERATOR, now=at)
                assert state() == before
            holds()
        transaction.set_rollback(True)


def test_a_draft_told_in_another_order_is_the_same(vocabulary: None, now: datetime) -> None:
    origin = know_origin("hessen", label="Hessen", kind="harvest", by=OPERATOR, now=now)
    draft = SolutionDraft(name="Werkzeug", website_url="https://a.test", topics=("a", "b"))
    first = receive(draft, origin=origin, key="k", by=OPERATOR, now=now)
    assert receive(replace(draft), origin=origin, key="k", by=OPERATOR, now=now).outcome == "same"
    assert (
        receive(replace(draft, topics=("b", "a")), origin=origin, key="k", by=OPERATOR, now=now).outcome
        == "changed"
    )
    assert Edition.objects.get(subject_id=first.solution.public_id, number=1).digest != digest([])
