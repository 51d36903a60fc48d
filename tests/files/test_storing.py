"""What comes in, where it lies, who is told, and what is left when it goes."""

import datetime
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from allmende.files import actions, places, queries
from allmende.files.limits import DOCUMENTS_EACH, PER_OWNER, RETIRED_EACH
from allmende.files.models import StoredFile
from allmende.files.scanner import ScannerAway
from allmende.files.states import FILE, KEPT, SERVED
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.files.clamd import Clamd
from tests.files.making import EICAR, pdf, picture

TOWN, OFFER = "0000000001", ("offer", "0000000002")
PERSON = Actor("person", "person0001")


@pytest.fixture(autouse=True)
def _place(db: None, media: Path) -> None:
    """Every test here stores something."""


def document(now: Any, data: bytes = b"", name: str = "Preise.pdf", **more: Any) -> StoredFile:
    told = {"about": OFFER, "owner": TOWN, "by": PERSON, "now": now}
    return actions.store_document(data or pdf(), name, **{**told, **more})


def kinds(subject: tuple[str, str]) -> list[str]:
    return [entry.kind for entry in history(*subject)]


def fresh(file: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=file.pk)


def lying(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def check(now: datetime.datetime) -> int:
    return actions.check_waiting(clock=lambda: now)


def test_a_document_lies_under_its_digest_and_never_under_its_name(media: Path, now: Any) -> None:
    file = document(now, name="../../../boese\n.pdf")
    assert lying(media) == [media / "document" / file.digest[:2] / f"{file.digest}-{file.public_id}"]
    assert places.place_of(file).read_bytes() == pdf()
    assert (file.name, file.state, file.size, file.content_type, file.uploaded_by, file.owner) == (
        "boese.pdf",
        "received",
        len(pdf()),
        "application/pdf",
        "person0001",
        TOWN,
    )


def test_a_document_is_journalled_on_what_it_is_about_without_its_name(now: Any) -> None:
    file = document(now)
    entry = history(*OFFER).get()
    assert (entry.kind, entry.organisation, entry.actor_id) == ("files.document_stored", TOWN, "person0001")
    assert entry.data == {"file": file.public_id, "type": "application/pdf"}


def test_what_is_refused_leaves_nothing(media: Path, now: Any) -> None:
    with pytest.raises(Refused):
        document(now, b"<html>", "a.pdf")
    with pytest.raises(Refused):
        actions.store_logo(b"<svg/>", organisation=TOWN, by=PERSON, now=now)
    assert (StoredFile.objects.count(), lying(media), kinds(OFFER)) == (0, [], [])


def test_a_logo_is_drawn_anew_and_needs_no_scanner(now: Any) -> None:
    file = actions.store_logo(picture((900, 300)), organisation=TOWN, by=PERSON, now=now)
    assert (file.state, file.width, file.height, file.content_type) == ("redrawn", 512, 171, "image/png")
    assert queries.logo_of(TOWN) == file
    assert list(queries.to_check()) == []


def test_a_new_logo_takes_the_place_of_the_old(
    media: Path, now: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        old = actions.store_logo(picture(), organisation=TOWN, by=PERSON, now=now)
        new = actions.store_logo(picture((9, 9)), organisation=TOWN, by=PERSON, now=now)
    assert (fresh(old).state, queries.logo_of(TOWN)) == ("removed", new)
    assert lying(media) == [places.place_of(new)]


def test_the_database_allows_one_logo(now: Any) -> None:
    logo = actions.store_logo(picture(), organisation=TOWN, by=PERSON, now=now)
    logo.pk, logo.public_id = None, "0000000009"
    with pytest.raises(IntegrityError), transaction.atomic():
        logo.save(force_insert=True)


def test_a_file_removed_leaves_its_digest_and_nothing_else(
    media: Path, now: Any, django_capture_on_commit_callbacks: Any
) -> None:
    file = document(now)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(file, by=PERSON, now=now, reason="unlauter")
    gone = fresh(file)
    assert (gone.state, gone.name, gone.removed_at, gone.digest) == ("removed", "", now, file.digest)
    assert lying(media) == []
    assert kinds(OFFER) == ["files.removed", "files.document_stored"]
    with pytest.raises(Refused, match="„entfernt“"):
        actions.remove(file, by=PERSON, now=now)


def test_the_same_file_once(now: Any, media: Path) -> None:
    document(now)
    with pytest.raises(Refused, match="steht hier schon"):
        document(now, name="Anders.pdf")
    other = document(now, about=("offer", "0000000003"))
    assert len(lying(media)) == 2
    assert other.digest == StoredFile.objects.first().digest  # type: ignore[union-attr]


def test_removing_one_of_two_equal_files_leaves_the_other(
    now: Any, django_capture_on_commit_callbacks: Any
) -> None:
    here, there = document(now), document(now, about=("offer", "0000000003"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(here, by=PERSON, now=now)
    assert places.place_of(there).read_bytes() == pdf()


def test_five_documents_and_no_more(now: Any) -> None:
    files = [document(now, pdf(bytes([65 + at]))) for at in range(DOCUMENTS_EACH)]
    with pytest.raises(Refused, match="Mehr als 5 Unterlagen"):
        document(now, pdf(b"zuviel"))
    actions.remove(files[0], by=PERSON, now=now)
    assert document(now, pdf(b"zuviel")).state == "received"


def test_an_organisation_has_a_hundred_megabytes(now: Any) -> None:
    first = document(now)
    StoredFile.objects.filter(pk=first.pk).update(size=PER_OWNER - 2 * len(pdf()))
    second = document(now, about=("offer", "0000000003"))
    assert queries.room_left(TOWN) == len(pdf())
    with pytest.raises(Refused, match="100 MB"):
        document(now, pdf(b"x"), about=("offer", "0000000004"))
    assert document(now, pdf(b"x"), owner="0000000007", about=("offer", "0000000005")).owner == "0000000007"
    actions.remove(second, by=PERSON, now=now)
    assert queries.room_left(TOWN) == 2 * len(pdf())


def test_what_only_editions_show_takes_room_of_whoever_removed_it(now: Any) -> None:
    """Else the same hundred megabytes could be put there and taken out again without end."""
    file = document(now)
    StoredFile.objects.filter(pk=file.pk).update(size=PER_OWNER, state="clean", scanned_at=now)
    actions.retire(file, by=PERSON, now=now)
    assert queries.room_left(TOWN) == 0
    with pytest.raises(Refused, match="in früheren Ausgaben steht, zählt mit"):
        document(now, pdf(b"x"))
    actions.remove(file, by=PERSON, now=now)
    assert (queries.room_left(TOWN), document(now, pdf(b"x")).state) == (PER_OWNER, "received")


def test_only_so_many_lie_on_that_are_shown_no_longer(now: Any) -> None:
    for at in range(RETIRED_EACH):
        StoredFile.objects.filter(pk=document(now, pdf(str(at).encode())).pk).update(state="retired")
    with pytest.raises(Refused, match="schon 50 entfernte Unterlagen"):
        document(now, pdf(b"noch eine"))
    assert document(now, pdf(b"noch eine"), about=("offer", "0000000003")).state == "received"


def test_what_was_prepared_hands_its_files_on(now: Any) -> None:
    file = document(now, about=("working_copy", "0000000008"))
    assert actions.hand_on(("working_copy", "0000000008"), OFFER) == 1
    assert queries.all_documents_about(*OFFER) == [file]


def test_what_is_given_up_takes_its_files_along(now: Any) -> None:
    document(now)
    document(now, pdf(b"2"))
    other = document(now, about=("offer", "0000000003"))
    assert actions.remove_about(OFFER, by=PERSON, now=now) == 2
    assert list(StoredFile.objects.exclude(state="removed")) == [other]


def test_without_a_scanner_a_document_is_let_through_and_says_so(settings: Any, now: Any) -> None:
    settings.CLAMD = ""
    file = document(now)
    assert queries.served(file.public_id) is None
    assert check(now) == 1
    file = fresh(file)
    assert (file.state, file.scanned_at) == ("unchecked", None)
    assert file.verdict == "nicht geprüft: kein Scanner eingerichtet"
    assert kinds(("stored_file", file.public_id)) == ["files.scan_missing"]
    assert check(now) == 0


def test_a_scanner_that_finds_nothing_lets_it_through(clamd: Clamd, now: Any) -> None:
    file = document(now)
    assert queries.served(file.public_id) is None
    assert check(now) == 1
    assert (fresh(file).state, fresh(file).scanned_at) == ("clean", now)
    assert queries.served(file.public_id) == file
    assert clamd.seen == [pdf()]


def test_what_is_infected_is_never_served_and_its_bytes_go(
    clamd: Clamd, media: Path, now: Any, django_capture_on_commit_callbacks: Any
) -> None:
    file = document(now, pdf(EICAR))
    with django_capture_on_commit_callbacks(execute=True):
        assert check(now) == 1
    assert (fresh(file).state, queries.served(file.public_id), lying(media)) == ("infected", None, [])
    entry = history("stored_file", file.public_id).get()
    assert (entry.kind, entry.organisation) == ("files.scan_infected", TOWN)
    assert entry.data == {"about": list(OFFER), "found": "Eicar-Signature"}
    assert queries.documents_about("offer", [OFFER[1]]) == {}
    assert queries.all_documents_about(*OFFER) == [file]
    assert queries.room_left(TOWN) == PER_OWNER


def test_a_scanner_set_up_later_looks_at_what_was_let_through(settings: Any, clamd: Clamd, now: Any) -> None:
    address, settings.CLAMD = settings.CLAMD, ""
    good, bad = document(now), document(now, pdf(EICAR))
    check(now)
    settings.CLAMD = address
    assert check(now) == 2
    assert (fresh(good).state, fresh(bad).state) == ("clean", "infected")


def test_it_looks_at_what_only_editions_name_as_well(settings: Any, clamd: Clamd, now: Any) -> None:
    """Anybody may still have it; found clean it does not come back to the offer."""
    address, settings.CLAMD = settings.CLAMD, ""
    good, bad = document(now), document(now, pdf(EICAR))
    check(now)
    for each in (good, bad):
        actions.retire(each, by=PERSON, now=now)
    settings.CLAMD = address
    assert check(now) == 2
    assert (fresh(good).state, fresh(good).scanned_at, fresh(bad).state) == ("retired", now, "infected")
    assert (queries.served(good.public_id), queries.served(bad.public_id)) == (good, None)
    assert check(now) == 0


def test_while_the_scanner_is_away_nothing_is_let_through(clamd: Clamd, now: Any) -> None:
    file = document(now)
    clamd.hangs_up = True
    with pytest.raises(ScannerAway):
        check(now)
    assert fresh(file).state == "received"
    clamd.hangs_up = False
    assert check(now) == 1


def test_one_that_cannot_be_scanned_does_not_hold_up_the_others(clamd: Clamd, now: Any) -> None:
    large, lost, good = document(now, pdf(bytes(5000))), document(now, pdf(b"2")), document(now, pdf(b"3"))
    clamd.largest = 1000
    places.discard(lost)
    assert check(now) == 1
    assert [fresh(each).state for each in (large, lost, good)] == ["received", "received", "clean"]


def test_a_file_removed_while_the_scanner_looks_stays_removed(
    clamd: Clamd, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = document(now)
    real = actions._look_at

    def slow(each: StoredFile) -> Any:
        verdict = real(each)
        actions.remove(each, by=PERSON, now=now)
        return verdict

    monkeypatch.setattr(actions, "_look_at", slow)
    assert check(now) == 0
    assert fresh(file).state == "removed"


def test_bytes_without_a_row_are_tidied_up_after_a_day(media: Path, now: Any) -> None:
    kept, removed = document(now), document(now, pdf(b"2"))
    actions.remove(removed, by=PERSON, now=now)
    stray = media / "document" / "ab" / f"{'ab' * 32}-0000000000"
    half = media / "logo" / "cd" / f"{'cd' * 32}-{kept.public_id}.part"
    for path in (stray, half):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert actions.tidy(now=datetime.datetime.now(datetime.UTC)) == 0
    for path in lying(media):
        os.utime(path, (0, 0))
    assert actions.tidy(now=now) == 3
    assert lying(media) == [places.place_of(kept)]


def test_an_upload_that_breaks_off_leaves_no_row(
    media: Path, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(places.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        document(now)
    assert StoredFile.objects.count() == 0
    assert [path.suffix for path in lying(media)] == [".part"]


def test_the_table_of_states_is_as_written() -> None:
    assert {state: sorted(moves) for state, moves in FILE.moves.items()} == {
        "received": ["clean", "infected", "removed", "unchecked"],
        "unchecked": ["clean", "infected", "removed", "retired"],
        "clean": ["removed", "retired"],
        "retired": ["infected", "removed"],
        "redrawn": ["removed"],
        "infected": ["removed"],
        "removed": [],
    }
    assert (SERVED, KEPT) == (
        ("clean", "unchecked", "redrawn"),
        ("received", "clean", "unchecked", "redrawn", "retired"),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "clean"},
        {"state": "infected"},
        {"state": "redrawn"},
        {"state": "removed"},
        {"state": "removed", "removed_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
        {"removed_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
        {"kind": "logo"},
    ],
)
def test_the_database_keeps_the_promise(now: Any, wrong: dict[str, Any]) -> None:
    file = document(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(**wrong)
