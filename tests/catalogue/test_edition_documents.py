"""An edition names the documents of its offers by their hash, and keeps them as long as anybody may read it."""

from typing import Any

import pytest

from allmende.catalogue import actions
from allmende.catalogue.follow import note_verdicts
from allmende.catalogue.models import Edition, Solution
from allmende.catalogue.queries import edition
from allmende.catalogue.queries.documents import is_public_by_edition
from allmende.files.actions import check_waiting, tidy
from allmende.files.models import StoredFile
from allmende.files.places import place_of
from allmende.files.queries import all_documents_about, named_files, retired_about
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.factories.offering import fresh, published_offer, submitted_offer
from tests.files.making import pdf

DESK = Actor.program("harvest")


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT, settings.CLAMD = tmp_path / "media", ""


@pytest.fixture
def editor(member_of, provider):
    return member_of("provider_editor", provider)


@pytest.fixture
def offer(solution, provider, editor, now):
    return published_offer(solution, provider, by=editor, desk=DESK, now=now)


@pytest.fixture
def file(offer, editor, now, django_capture_on_commit_callbacks):
    """Public, and in the edition."""
    stored = actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    checked(now)
    return StoredFile.objects.get(pk=stored.pk)


def checked(now):
    """What the worker does: a verdict, and who hears of it."""
    check_waiting(clock=lambda: now)
    note_verdicts(list(Entry.objects.filter(kind__startswith="files.scan_")))


def named(solution, number=None):
    solution = Solution.objects.get(pk=solution.pk)
    content = edition(solution, number or solution.edition_number).content
    return [each["sha256"] for offer in content["offers"] for each in offer.get("documents", ())]


def test_a_document_stands_in_an_edition_with_its_verdict_and_not_before(solution, offer, editor, now):
    stored = actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    assert named(solution) == []
    checked(now)
    number = Solution.objects.get(pk=solution.pk).edition_number
    assert (named(solution), named(solution, number - 1)) == ([stored.digest], [])


def test_told_twice_there_is_one_edition(solution, file, now):
    number = Solution.objects.get(pk=solution.pk).edition_number
    checked(now)
    assert Solution.objects.get(pk=solution.pk).edition_number == number


def test_what_was_prepared_is_in_the_first_edition_with_the_offer(solution, provider, editor, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    copy = actions.take_back(copy, lock_version=fresh(copy).lock_version, by=editor, now=now)
    stored = actions.prepare_document(copy, pdf(), "Preise.pdf", by=editor, now=now)
    checked(now)
    copy = actions.submit(copy, lock_version=fresh(copy).lock_version, by=editor, now=now)
    actions.accept(copy, lock_version=copy.lock_version, by=DESK, now=now)

    assert (named(solution), Edition.objects.filter(subject_id=solution.public_id).count()) == (
        [stored.digest],
        2,
    )


def test_an_edition_holds_no_name_that_somebody_gave_a_file(solution, file):
    assert not Edition.objects.filter(content__contains="Preise.pdf").exists()


def test_an_entry_without_documents_has_the_editions_that_it_had(solution, offer):
    content = edition(Solution.objects.get(pk=solution.pk), 2).content
    assert "documents" not in content["offers"][0]


def test_what_its_owner_removes_stays_for_the_edition_that_names_it(solution, offer, file, editor, now):
    number = Solution.objects.get(pk=solution.pk).edition_number
    actions.remove_document(file, by=editor, now=now)

    file.refresh_from_db()
    assert (file.state, file.name, place_of(file).exists()) == ("retired", "Preise.pdf", True)
    assert (named(solution), named(solution, number)) == ([], [file.digest])
    assert list(named_files([file.public_id])) == [file.public_id]
    assert (all_documents_about("offer", offer.public_id), retired_about("offer", offer.public_id)) == (
        [],
        [file],
    )
    tidy(now=now.replace(year=now.year + 1))
    assert place_of(file).exists()
    with pytest.raises(Refused, match="Ganz entfernen kann sie die Redaktion"):
        actions.remove_document(file, by=editor, now=now)


def test_what_no_edition_names_goes_for_good(offer, editor, now):
    stored = actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    actions.remove_document(stored, by=editor, now=now)
    stored.refresh_from_db()
    assert (stored.state, stored.name) == ("removed", "")


@pytest.mark.parametrize("retired_before", [False, True])
def test_what_staff_removes_is_gone_and_the_edition_keeps_the_hash(
    solution, file, editor, now, retired_before
):
    number = Solution.objects.get(pk=solution.pk).edition_number
    if retired_before:
        actions.remove_document(file, by=editor, now=now)
    actions.remove_document(StoredFile.objects.get(pk=file.pk), by=DESK, now=now)
    file.refresh_from_db()
    assert (file.state, file.name, named_files([file.public_id])) == ("removed", "", {})
    assert named(solution, number) == [file.digest]


def test_it_is_had_by_the_edition_whatever_becomes_of_the_offer_until_that_is_redacted(
    solution, offer, file, editor, now
):
    actions.withdraw_offer(offer, reason="Schluss.", by=editor, now=now)
    assert is_public_by_edition(file)
    actions.withdraw(solution, reason="Weg.", by=DESK, now=now)
    assert is_public_by_edition(file)
    Edition.objects.update(content=None, redacted_at=now, redaction_reason="Urteil")
    assert not is_public_by_edition(file)


def test_it_is_had_after_the_entry_was_merged(solution, other_solution, file, now):
    actions.merge(solution, into=other_solution, reason="dasselbe", by=DESK, now=now)
    assert is_public_by_edition(file)


def test_five_documents_are_those_that_are_shown(offer, editor, now):
    for at in range(6):
        stored = actions.add_document(offer, pdf(str(at).encode()), f"{at}.pdf", by=editor, now=now)
        checked(now)
        actions.remove_document(StoredFile.objects.get(pk=stored.pk), by=editor, now=now)
    assert len(retired_about("offer", offer.public_id)) == 6
