"""What is over is listed, blocked, offered and erased, by the right people and in the right order."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from allmende.catalogue.models import Notice, WorkingCopy
from allmende.files.actions import store_document
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.periods import months_after, months_before
from allmende.lib.refusals import Refused
from allmende.operations.actions import block, erase, note_due, offer
from allmende.operations.models import Disposal
from allmende.operations.retention import RETENTIONS
from allmende.organisations.models import Invitation, Organisation
from tests.files.making import pdf

pytestmark = pytest.mark.django_db

CLOCKWORK = Actor.program("operations")
OPERATOR = Actor("person", "operator01", frozenset({("operator_admin", None)}))
COLLEAGUE = Actor("person", "operator02", frozenset({("operator_admin", None)}))


@pytest.fixture
def town(now: datetime) -> Organisation:
    return Organisation.objects.create(name="Espenfurt", kind="municipality", created_at=now)


def invited(town: Organisation, until: datetime, email: str = "a@beispiel.example") -> Invitation:
    return Invitation.objects.create(
        organisation=town, email=email, token_hash=email.ljust(64, "0"), invited_at=until, expires_at=until
    )


@pytest.fixture
def old_notice(now: datetime) -> Notice:
    long_ago = now - timedelta(days=4 * 365)
    return Notice.objects.create(
        subject_type="solution",
        subject_id="abc",
        subject_name="Schlaglochfunk",
        reason="wrong",
        what="Der Preis stimmt nicht.",
        state="closed",
        received_at=long_ago,
        decided_at=long_ago,
        decided_by="x",
        outcome="rejected",
        rationale="Er stimmt.",
        closed_at=long_ago,
        closed_by="x",
    )


def only() -> Disposal:
    return Disposal.objects.get()


def test_what_is_over_is_noted_once_with_the_day_since_when(town: Organisation, now: datetime) -> None:
    invitation = invited(town, datetime(2026, 3, 31, 12, tzinfo=UTC))
    assert [note_due(by=CLOCKWORK, now=now), note_due(by=CLOCKWORK, now=now)] == [1, 0]
    found = (only().retention, only().subject_id, only().state, only().due_on)
    assert found == ("invitation", invitation.public_id, "due", date(2026, 9, 30))


def test_what_is_not_over_is_not_noted(town: Organisation, now: datetime) -> None:
    invited(town, now - timedelta(days=100))
    assert note_due(by=CLOCKWORK, now=now) == 0


def test_an_operator_with_other_periods_sets_them(town: Organisation, now: datetime, settings: Any) -> None:
    invited(town, now - timedelta(days=100))
    settings.RETENTION_MONTHS = {"invitation": 2}
    assert note_due(by=CLOCKWORK, now=now) == 1


def test_what_is_erased_is_gone_and_the_journal_says_so(town: Organisation, now: datetime) -> None:
    invited(town, now - timedelta(days=300))
    note_due(by=CLOCKWORK, now=now)
    done = erase(only(), reason="", by=OPERATOR, now=now)
    assert not Invitation.objects.exists()
    assert (done.state, done.ended_by, done.reason) == (
        "erased",
        "operator01",
        RETENTIONS["invitation"].reason,
    )
    assert [entry.kind for entry in history("disposal", done.public_id)] == ["operations.disposal_erased"]


def test_what_is_blocked_cannot_be_erased_and_comes_back(town: Organisation, now: datetime) -> None:
    invited(town, now - timedelta(days=300))
    note_due(by=CLOCKWORK, now=now)
    block(only(), until=date(2026, 12, 24), reason="Rechtsstreit", by=OPERATOR, now=now)
    with pytest.raises(Refused, match="gesperrt"):
        erase(only(), reason="", by=OPERATOR, now=now)
    note_due(by=CLOCKWORK, now=now + timedelta(days=31))
    assert only().state == "blocked"
    note_due(by=CLOCKWORK, now=now + timedelta(days=33))
    assert only().state == "due"


@pytest.mark.parametrize(
    ("until", "reason"),
    [(date(2026, 12, 24), " "), (date(2026, 11, 23), "Rechtsstreit"), (date(2020, 1, 1), "x")],
)
def test_a_block_needs_a_reason_and_an_end(
    until: date, reason: str, town: Organisation, now: datetime
) -> None:
    invited(town, now - timedelta(days=300))
    note_due(by=CLOCKWORK, now=now)
    with pytest.raises(Refused):
        block(only(), until=until, reason=reason, by=OPERATOR, now=now)
    assert only().state == "due"


def test_what_the_archive_has_to_see_is_erased_by_a_second_person_after_its_answer(
    old_notice: Notice, now: datetime
) -> None:
    note_due(by=CLOCKWORK, now=now)
    with pytest.raises(Refused, match="zuerst dem Archiv"):
        erase(only(), reason="x", by=OPERATOR, now=now)
    offer(only(), by=OPERATOR, now=now)
    for refused, by, reason in (
        ("zweite Person", OPERATOR, "x"),
        ("was das Archiv geantwortet hat", COLLEAGUE, " "),
    ):
        with pytest.raises(Refused, match=refused):
            erase(only(), reason=reason, by=by, now=now)
    assert Notice.objects.filter(pk=old_notice.pk).exists()
    erase(only(), reason="Das Archiv übernimmt nicht.", by=COLLEAGUE, now=now)
    assert not Notice.objects.filter(pk=old_notice.pk).exists()
    kinds = {entry.kind for entry in history("disposal", only().public_id)}
    assert kinds == {"operations.disposal_offered", "operations.disposal_erased"}


def test_what_need_not_be_offered_is_not(town: Organisation, now: datetime) -> None:
    invited(town, now - timedelta(days=300))
    note_due(by=CLOCKWORK, now=now)
    with pytest.raises(Refused, match="gleich löschen"):
        offer(only(), by=OPERATOR, now=now)


def test_what_has_gone_leaves_the_list_by_itself(town: Organisation, now: datetime) -> None:
    invitation = invited(town, now - timedelta(days=300))
    note_due(by=CLOCKWORK, now=now)
    invitation.delete()
    note_due(by=CLOCKWORK, now=now)
    assert (only().state, only().ended_at) == ("gone", now)


def test_erasing_twice_is_refused(town: Organisation, now: datetime) -> None:
    invited(town, now - timedelta(days=300))
    note_due(by=CLOCKWORK, now=now)
    erase(only(), reason="", by=OPERATOR, now=now)
    with pytest.raises(Refused, match="gelöscht"):
        erase(only(), reason="", by=COLLEAGUE, now=now)


@pytest.mark.parametrize("role", ["catalogue_editor", "municipality_editor", "organisation_admin"])
def test_nobody_but_the_operator_decides(role: str, town: Organisation, now: datetime) -> None:
    invited(town, now - timedelta(days=300))
    note_due(by=CLOCKWORK, now=now)
    somebody = Actor("person", "x", frozenset({(role, None), (role, town.public_id)}))
    for act in (
        lambda: block(only(), until=date(2027, 1, 1), reason="x", by=somebody, now=now),
        lambda: offer(only(), by=somebody, now=now),
        lambda: erase(only(), reason="x", by=somebody, now=now),
    ):
        with pytest.raises(Refused, match="Berechtigung"):
            act()
    assert only().state == "due"


@given(day=st.dates(date(1950, 1, 31), date(2200, 1, 1)), months=st.integers(0, 600))
def test_months_are_counted_as_people_count_them(day: date, months: int) -> None:
    earlier, later = months_before(day, months), months_after(day, months)
    assert (earlier.year * 12 + earlier.month) == (day.year * 12 + day.month) - months
    assert (later.year * 12 + later.month) == (day.year * 12 + day.month) + months
    assert earlier.day == day.day or (earlier.day < day.day and (earlier + timedelta(days=1)).day == 1)


def test_every_period_has_a_reason_and_a_kind_of_its_own() -> None:
    assert all(each.reason and each.months > 0 for each in RETENTIONS.values())
    assert [each.code for each in RETENTIONS.values()] == list(RETENTIONS)


def test_a_draft_that_came_back_and_lies_there_goes_with_its_documents(
    town: Organisation, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT, settings.CLAMD = tmp_path, ""
    long_ago = now - timedelta(days=3 * 365)
    copy = WorkingCopy.objects.create(
        organisation=town,
        kind="new_solution",
        state="returned",
        content="{}",
        begun_at=long_ago,
        autosaved_at=long_ago,
    )
    about = (copy.journal_type, copy.public_id)
    with transaction.atomic():
        file = store_document(pdf(), "Preise.pdf", about=about, owner=town.public_id, by=CLOCKWORK, now=now)
    note_due(by=CLOCKWORK, now=now)
    erase(only(), reason="", by=OPERATOR, now=now)
    file.refresh_from_db()
    assert (WorkingCopy.objects.exists(), file.state, file.name) == (False, "removed", "")
