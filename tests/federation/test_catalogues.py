"""Real catalogues beside the checkout: they come in, the report adds up, every page shows its source and licence."""

from pathlib import Path
from typing import Any

import pytest

from allmende.catalogue.models import ClaimedUse, Contact, Listing, Solution, SolutionText
from allmende.demo.story import story
from allmende.federation.models import RawRecord, Run
from tests.federation.conftest import AddSource, Harvest

LEFT_OUT = {"muenchen": 21, "codefor-de": 4}


def real(code: str) -> dict[str, Any]:
    return next(row for row in story()["real_sources"] if row["code"] == code)


@pytest.fixture
def come_in(add: AddSource, harvest: Harvest, shared_data: Path) -> Any:
    def go(code: str) -> Run:
        row = real(code)
        source = add(
            code,
            shared_data / row["folder"],
            format=row["format"],
            profile=row["profile"],
            licence=row["licence"],
            origin_kind=row["kind"],
        )
        return harvest(source)

    return go


@pytest.mark.parametrize(("code", "pages", "at_least"), [("muenchen", 162, 139), ("codefor-de", 249, 225)])
def test_a_catalogue_of_pages_comes_in_with_a_report_that_adds_up(
    come_in: Any, harvest: Harvest, code: str, pages: int, at_least: int
) -> None:
    finished = come_in(code)
    assert (finished.state, finished.seen, finished.left_out) == ("complete", pages, LEFT_OUT[code])
    assert (finished.refused, finished.unreached, finished.missing) == (0, 0, 0)
    assert finished.new >= at_least
    assert finished.new + finished.changed + finished.unreadable == pages - LEFT_OUT[code]
    again = harvest(finished.source)
    assert (again.same, again.unreadable, again.left_out) == (
        finished.new + finished.changed,
        finished.unreadable,
        finished.left_out,
    )


@pytest.mark.parametrize("code", ["muenchen", "codefor-de"])
def test_every_page_that_came_in_shows_its_source_and_its_licence(come_in: Any, code: str) -> None:
    come_in(code)
    listings = Listing.objects.all()
    assert listings.exists()
    start = real(code)["profile"]["record_url"].partition("{")[0]
    assert all(listing.record_url.startswith(start) for listing in listings)
    assert set(listings.values_list("record_licence", flat=True)) == {"MIT"}


@pytest.mark.parametrize("code", ["muenchen", "codefor-de"])
def test_what_was_kept_back_or_left_out_says_why(come_in: Any, code: str) -> None:
    come_in(code)
    held = RawRecord.objects.filter(decision__in=("quarantine", "leave_out"))
    assert held.exists()
    assert all(record.reasons and record.reasons[0].endswith(".") for record in held)
    assert not held.exclude(listing=None).exists()


@pytest.mark.parametrize("code", ["muenchen", "codefor-de"])
def test_no_person_and_no_markup_comes_in_with_the_words(come_in: Any, code: str) -> None:
    come_in(code)
    assert not Contact.objects.exists()
    for text in SolutionText.objects.all():
        words = text.summary + text.description
        assert "<script" not in words
        assert "<img" not in words
        assert "![" not in words
        assert "mailto:" not in words
        assert text.summary


def test_munich_is_the_town_that_uses_what_it_says_it_uses(come_in: Any, checkout: Path) -> None:
    come_in("muenchen")
    uses = ClaimedUse.objects.all()
    assert 100 < uses.count() < 142
    assert set(uses.values_list("name", flat=True)) == {"Landeshauptstadt München"}
    retired = Solution.objects.get(name="Spacewalk")
    assert not retired.claimed_uses.exists()
    built = Solution.objects.get(name="Appswitcher")
    assert (built.maintainer, built.licence) == ("Landeshauptstadt München", "MIT")


def test_nothing_of_the_catalogues_is_part_of_the_project(shared_data: Path, checkout: Path) -> None:
    """Sentences of theirs in a file of ours would be a copy."""
    ours = "\n".join(
        path.read_text(errors="replace") for path in (checkout / "tests/samples/markdown").rglob("*.md")
    )
    for row in story()["real_sources"]:
        if row["format"] == "markdown":
            for path in (shared_data / row["folder"]).rglob("*.md"):
                for line in path.read_text().splitlines():
                    assert len(line) < 60 or line.strip() not in ours
