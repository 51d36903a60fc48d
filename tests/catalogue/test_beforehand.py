"""What is loaded beforehand changes how many queries a harvest costs, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from allmende.catalogue.actions import know_origin, look_ahead, merge, receive
from allmende.catalogue.drafts import ClaimedUseDraft, ReleaseDraft, SolutionDraft, TextDraft
from allmende.catalogue.models import ClaimedUse, Edition, Listing, Release, Solution, SolutionText, Statement
from tests.catalogue.conftest import HARVEST


def tool(number: int, words: str = "Erste Fassung.") -> SolutionDraft:
    return SolutionDraft(
        name=f"Werkzeug {number}",
        repository_url=f"https://github.com/stadt/werkzeug-{number}",
        texts=(TextDraft(language="de", summary=words),),
        solution_types=("maengelmelder",),
        claimed_uses=(ClaimedUseDraft(name=f"Ort {number}"),),
        release=ReleaseDraft(version="1"),
    )


def everything() -> list[Any]:
    """All rows that a harvest writes, without keys that differ from run to run."""
    return [
        sorted(map(repr, Solution.objects.values_list("name", "state", "edition_number", "lock_version"))),
        sorted(
            map(repr, Listing.objects.values_list("key", "draft_digest", "rows_digest", "solution__name"))
        ),
        sorted(map(repr, Statement.objects.values_list("listing__key", "field", "value", "stated_at"))),
        sorted(
            map(
                repr,
                SolutionText.objects.values_list("solution__name", "language", "summary", "listing__key"),
            )
        ),
        sorted(map(repr, ClaimedUse.objects.values_list("listing__key", "name"))),
        sorted(map(repr, Release.objects.values_list("listing__key", "version"))),
        Edition.objects.count(),
    ]


def hand_in(origin: Any, drafts: dict[str, SolutionDraft], now: Any, *, ahead: bool) -> list[str]:
    with transaction.atomic():
        beforehand = look_ahead(origin, list(drafts)) if ahead else None
        return [
            receive(draft, origin=origin, key=key, by=HARVEST, now=now, beforehand=beforehand).outcome
            for key, draft in drafts.items()
        ]


def story(origins: list[Any], now: Any, *, ahead: bool) -> list[Any]:
    """Two origins, a merge, records of one solution side by side, changes of every kind."""
    hessen, bayern = origins
    outcomes = [
        hand_in(hessen, {f"{n}": tool(n) for n in range(6)}, now, ahead=ahead),
        hand_in(bayern, {"x": replace(tool(2), licence="MIT"), "y": tool(7)}, now, ahead=ahead),
    ]
    kept, gone = Solution.objects.filter(name__in=("Werkzeug 0", "Werkzeug 1")).order_by("pk")
    merge(gone, into=kept, reason="", by=HARVEST, now=now)
    later = now + timedelta(days=1)
    changed = {
        "0": tool(0, "Zweite Fassung."),
        "1": tool(1, "Auch neu."),
        "2": replace(tool(2), claimed_uses=(), release=ReleaseDraft(version="2")),
        "3": replace(tool(3), solution_types=(), licence="EUPL-1.2"),
        "4": tool(4),
        "9": tool(9),
    }
    outcomes += [hand_in(hessen, changed, later, ahead=ahead), hand_in(hessen, changed, later, ahead=ahead)]
    return [outcomes, everything()]


@pytest.mark.django_db
def test_a_story_ends_the_same_with_and_without_looking_ahead(vocabulary: None, now: Any) -> None:
    ends = []
    for ahead in (False, True):
        with transaction.atomic():
            origins = [
                know_origin(code, label=code, kind="harvest", by=HARVEST, now=now)
                for code in ("hessen", "bayern")
            ]
            ends.append(story(origins, now, ahead=ahead))
            transaction.set_rollback(True)
    assert ends[0] == ends[1]
    # What the merged one says now is noted; what it was merged into keeps its own words.
    assert ends[0][0][2:] == [["changed", "same", "changed", "changed", "same", "new"], ["same"] * 6]


def test_looking_ahead_spares_queries(hessen: Any, now: Any) -> None:
    hand_in(hessen, {f"{n}": tool(n) for n in range(20)}, now, ahead=False)
    counts = []
    for ahead, words in ((False, "Zweite Fassung."), (True, "Dritte Fassung.")):
        with CaptureQueriesContext(connection) as queries:
            hand_in(hessen, {f"{n}": tool(n, words) for n in range(20)}, now, ahead=ahead)
        counts.append(len(queries))
    # Five of each entry at least, whatever else a change sets off.
    assert counts[0] - counts[1] >= 5 * 20


def test_a_changed_text_leaves_uses_and_releases_alone(hessen: Any, now: Any) -> None:
    hand_in(hessen, {"a": tool(1)}, now, ahead=True)
    before = (
        list(ClaimedUse.objects.values_list("pk", flat=True)),
        list(Release.objects.values_list("pk", flat=True)),
    )
    hand_in(hessen, {"a": tool(1, "Zweite Fassung.")}, now, ahead=True)
    after = (
        list(ClaimedUse.objects.values_list("pk", flat=True)),
        list(Release.objects.values_list("pk", flat=True)),
    )
    assert before == after


def test_a_new_release_is_added_to_the_old_one_and_the_old_one_named_again_is_not(
    hessen: Any, now: Any
) -> None:
    for version in ("1", "2", "1", "2"):
        hand_in(hessen, {"a": replace(tool(1), release=ReleaseDraft(version=version))}, now, ahead=True)
    assert sorted(Release.objects.values_list("version", flat=True)) == ["1", "2"]


def test_what_was_handed_out_is_not_handed_out_again(hessen: Any, now: Any) -> None:
    hand_in(hessen, {"a": tool(1), "b": tool(2)}, now, ahead=False)
    with transaction.atomic():
        beforehand = look_ahead(hessen, ["a", "b", "c"])
        assert [beforehand.has(key) for key in "abcd"] == [True, True, True, False]
        first = beforehand.listing("a")
        assert first is not None
        assert first.solution.name == "Werkzeug 1"
        assert beforehand.listing("c") is None
        assert [beforehand.has(key) for key in "abc"] == [False, True, False]
        known = beforehand.known(first.solution)
        assert known is not None
        assert [listing.key for listing in known.listings] == ["a"]
        assert beforehand.known(first.solution) is None
