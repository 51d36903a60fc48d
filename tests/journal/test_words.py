"""What people typed beside an entry can go, and the journal still proves the rest."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from allmende.journal.actions import WORDS_LIMIT, erase_words, gathered, record, seal_waiting
from allmende.journal.models import Entry, Words
from allmende.journal.queries import words_of
from allmende.journal.seals import words_digest
from allmende.journal.verification import verify
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

pytestmark = pytest.mark.django_db

EDITOR = Actor("person", "desk000001", frozenset({("catalogue_editor", None)}))
OPERATOR = Actor("person", "desk000002", frozenset({("operator_admin", None)}))
TYPED = "Frau Beispiel wohnt in der Musterstraße 1."


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path / "journal"


def typed(now: datetime, text: str = TYPED) -> Entry:
    return record(
        "catalogue.solution_erased", subject=("solution", "abc"), by=OPERATOR, now=now, data={"edition": 3},
        words={"reason": text},
    )  # fmt: skip


def faults(now: datetime) -> list[str]:
    return [fault.sentence for fault in verify(now=now).faults]


def tamper(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_entry_holds_the_hash_of_what_was_typed_and_not_the_words(now: datetime) -> None:
    entry = typed(now)
    words = words_of([entry])[entry.pk, "reason"]
    assert words.text == TYPED
    assert Entry.objects.get(pk=entry.pk).data == {
        "edition": 3,
        "words": {"reason": words_digest(TYPED, words.salt)},
    }


def test_equal_texts_have_different_hashes_so_that_nobody_tries_likely_ones(now: datetime) -> None:
    first, second = typed(now), typed(now)
    assert first.data["words"]["reason"] != second.data["words"]["reason"]


def test_what_is_too_long_is_cut_and_what_is_empty_is_not_kept(now: datetime) -> None:
    long, empty = typed(now, "x" * (WORDS_LIMIT + 1)), typed(now, "  ")
    assert words_of([long])[long.pk, "reason"].text == "x" * WORDS_LIMIT
    assert (empty.data, words_of([empty])) == ({"edition": 3}, {})


def test_entries_written_together_keep_their_words(now: datetime) -> None:
    with gathered():
        first, second = typed(now, "eins eins"), typed(now, "zwei zwei")
    found = words_of([first, second])
    assert [found[each.pk, "reason"].text for each in (first, second)] == ["eins eins", "zwei zwei"]


def test_entries_without_words_cost_no_query(now: datetime, django_assert_num_queries: Any) -> None:
    entry = record("catalogue.solution_changed", subject=("solution", "abc"), by=OPERATOR, now=now)
    with django_assert_num_queries(0):
        assert words_of([entry]) == {}


def test_erased_words_leave_the_seal_whole_and_say_when_they_went(now: datetime) -> None:
    entry = typed(now)
    assert seal_waiting(now=now) == 1
    erase_words(entry, "reason", by=OPERATOR, now=now)
    assert seal_waiting(now=now) == 1
    words = words_of([entry])[entry.pk, "reason"]
    assert (words.text, words.salt, words.erased_at) == ("", "", now)
    assert faults(now) == []
    told = Entry.objects.get(kind="journal.words_erased")
    assert (told.subject_type, told.subject_id, told.actor_id, told.data) == (
        "entry", str(entry.pk), OPERATOR.id, {"name": "reason"},
    )  # fmt: skip


def test_words_are_erased_once_and_only_where_there_are_some(now: datetime) -> None:
    entry = typed(now)
    erase_words(entry, "reason", by=OPERATOR, now=now)
    for name in ("reason", "edition"):
        with pytest.raises(Refused, match="schon entfernt"):
            erase_words(entry, name, by=OPERATOR, now=now)


def test_the_desk_and_strangers_erase_no_words(now: datetime) -> None:
    entry = typed(now)
    for somebody in (EDITOR, Actor.anonymous(), Actor("person", "other00001")):
        with pytest.raises(Refused):
            erase_words(entry, "reason", by=somebody, now=now)
    assert words_of([entry])[entry.pk, "reason"].text == TYPED


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE journal_words SET text = 'Anderes.'", "Der Text „reason“ zu Eintrag {} ist verändert."),
        ("UPDATE journal_words SET salt = 'x'", "Der Text „reason“ zu Eintrag {} ist verändert."),
        ("DELETE FROM journal_words", "Der Text „reason“ zu Eintrag {} fehlt."),
        (
            "UPDATE journal_words SET text = '', salt = '', erased_at = '2026-01-01'",
            "Der Text „reason“ zu Eintrag {} ist weg, und niemand hat ihn entfernt.",
        ),
    ],
)
def test_words_altered_or_taken_behind_our_back_are_found(now: datetime, sql: str, told: str) -> None:
    entry = typed(now)
    seal_waiting(now=now)
    tamper(sql)
    assert faults(now) == [told.format(entry.pk)]


def test_entries_from_before_words_stay_valid(now: datetime) -> None:
    record(
        "catalogue.solution_erased",
        subject=("solution", "abc"),
        by=OPERATOR,
        now=now,
        data={"reason": "Urteil"},
    )
    seal_waiting(now=now)
    assert faults(now) == []


def test_the_database_keeps_no_half_erased_words(now: datetime) -> None:
    entry = typed(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Words.objects.filter(entry=entry).update(erased_at=now)
