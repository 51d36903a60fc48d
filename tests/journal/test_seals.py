"""Seals: made in order, signed, and nothing in the journal changes without their telling."""

import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.journal import actions, keys, queries, seals
from allmende.journal.actions import record, seal_waiting
from allmende.journal.models import Entry, Seal
from allmende.journal.queries import checkpoint
from allmende.journal.seals import checkpoint_from
from allmende.journal.tasks import seal
from allmende.journal.verification import Report, first, verify
from allmende.lib.actors import Actor
from allmende.lib.signing import KeyFolder

pytestmark = pytest.mark.django_db

BY = Actor.program("test")
TABLE = Entry._meta.db_table


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.JOURNAL_KEYS_DIR = tmp_path / "journal"


def write(number: int, now: datetime, start: int = 0) -> list[Entry]:
    return [
        record("catalogue.solution_changed", subject=("solution", f"s{place:09}"), by=BY, now=now, data={"edition": 1})
        for place in range(start, start + number)
    ]  # fmt: skip


def sealed(number: int, now: datetime, *, at_once: int = 3) -> list[Entry]:
    """Entries, all sealed, so many a seal."""
    entries = write(number, now)
    before, actions.SEAL_AT_ONCE = actions.SEAL_AT_ONCE, at_once
    try:
        assert seal_waiting(now=now) == number
    finally:
        actions.SEAL_AT_ONCE = before
    return entries


def tamper(sql: str, *values: Any) -> None:
    """As somebody would who reaches the database and no program of ours."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            cursor.execute("DELETE FROM journal_delivery")
        else:
            cursor.execute("DELETE FROM journal_delivery")
        cursor.execute(sql.replace("ENTRY", TABLE).replace("SEAL", Seal._meta.db_table), list(values))


def sentences(report: Report) -> list[str]:
    return [fault.sentence for fault in report.faults]


# ---------------------------------------------------------------------------------------------------------- sealing


def test_an_untouched_journal_has_no_faults_and_says_what_was_proved(now: datetime) -> None:
    sealed(7, now)
    report = verify(now=now)
    assert (report.seals, report.entries, report.waiting, sentences(report)) == (3, 7, 0, [])


def test_each_seal_carries_the_hash_of_the_one_before(now: datetime) -> None:
    sealed(7, now)
    chain = list(Seal.objects.all())
    assert [each.number for each in chain] == [1, 2, 3]
    assert [each.previous for each in chain] == [seals.NOTHING_BEFORE, chain[0].digest, chain[1].digest]
    assert [each.entries for each in chain] == [3, 6, 7]
    assert all(each.digest == each.content.digest for each in chain)


def test_what_was_written_before_there_were_seals_is_sealed_by_the_first_run(now: datetime) -> None:
    write(5, now - timedelta(days=400))
    seal.func()  # as the worker calls it
    assert (Seal.objects.count(), verify(now=now).entries, verify(now=now).waiting) == (1, 5, 0)


def test_sealing_again_makes_no_seal_where_nothing_is_new(now: datetime) -> None:
    sealed(2, now)
    assert (seal_waiting(now=now), Seal.objects.count()) == (0, 1)


def test_an_empty_journal_is_neither_sealed_nor_faulty(now: datetime) -> None:
    assert seal_waiting(now=now) == 0
    assert (verify(now=now), checkpoint(now=now)) == (Report(), None)


def test_sealing_costs_the_same_queries_for_few_and_for_many(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    sealed(2, now)
    write(1, now)
    with django_assert_max_num_queries(16) as one:
        seal_waiting(now=now)
    write(400, now)
    with django_assert_max_num_queries(16) as many:
        seal_waiting(now=now)
    assert len(one) == len(many)


def test_of_two_that_seal_at_once_one_stops_and_nothing_is_sealed_twice(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(4, now)
    content = actions._content

    def while_the_other_is_faster(*args: Any) -> Any:
        mine = content(*args)
        monkeypatch.setattr(actions, "_content", content)
        assert seal_waiting(now=now) == 4
        return mine

    monkeypatch.setattr(actions, "_content", while_the_other_is_faster)
    assert seal_waiting(now=now) == 0
    assert (Seal.objects.count(), sentences(verify(now=now))) == (1, [])


def test_sealing_that_is_killed_before_its_row_is_written_is_done_by_the_next(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = sealed(4, now)
    more = write(5, now, start=4)

    class Killed(BaseException):
        pass

    def killed(*_args: Any, **_more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Seal, "save", killed)
        with pytest.raises(Killed):
            seal_waiting(now=now)
    assert verify(now=now).waiting == 5
    assert seal_waiting(now=now) == 5
    assert (verify(now=now).entries, sentences(verify(now=now))) == (len(entries) + len(more), [])


def test_sealing_that_is_killed_before_its_checkpoint_is_kept_goes_on(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(2, now)
    write(2, now)

    class Killed(BaseException):
        pass

    def killed(**_more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(actions, "keep_checkpoint", killed)
        with pytest.raises(Killed):
            seal_waiting(now=now)
    call_command("verify_journal")  # an older checkpoint is true as well
    write(1, now)
    seal_waiting(now=now)
    kept = checkpoint_from(json.loads((keys.directory() / "checkpoint.json").read_text()))
    assert (kept.seal, kept.entries) == (3, 5)


# ----------------------------------------------------------------------------------------------------- late commits


@pytest.fixture
def _many_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on PostgreSQL while transactions are open: no missing id is given up."""
    monkeypatch.setattr(actions, "given_up_below", lambda _upto, _now: 0)


def put(pk: int, now: datetime) -> None:
    """A row whose transaction began with an earlier id."""
    Entry(
        pk=pk, kind="catalogue.solution_changed", subject_type="solution", subject_id=f"s{pk:09}",
        actor_kind="program", actor_id="test", at=now,
    ).save(force_insert=True)  # fmt: skip


@pytest.mark.usefixtures("_many_writers")
def test_a_row_that_commits_late_is_sealed_later_and_not_taken_for_altered(now: datetime) -> None:
    for pk in (1000, 1001, 1004):
        put(pk, now)
    seal_waiting(now=now)
    assert Seal.objects.get().gaps == "1-999,1002-1003"
    put(1003, now)
    report = verify(now=now)
    assert (report.waiting, sentences(report)) == (1, [])
    put(1005, now)
    assert seal_waiting(now=now) == 2
    last = queries.last_seal()
    assert last is not None
    assert (last.ids, last.upto, last.gaps) == ("1003,1005", 1005, "1-999,1002")
    put(1002, now)
    seal_waiting(now=now)
    report = verify(now=now)
    assert (report.entries, report.waiting, sentences(report)) == (6, 0, [])


@pytest.mark.usefixtures("_many_writers")
@settings(max_examples=30, deadline=None)
@given(order=st.permutations(list(range(1, 13))), cuts=st.sets(st.integers(1, 11)))
def test_in_whatever_order_rows_commit_each_is_sealed_once(order: list[int], cuts: set[int]) -> None:
    now = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
    with transaction.atomic():
        for place, pk in enumerate(order, 1):
            put(pk, now)
            if place in cuts:
                seal_waiting(now=now)
                assert sentences(verify(now=now)) == []
        seal_waiting(now=now)
        report = verify(now=now)
        assert (report.entries, report.waiting, sentences(report)) == (12, 0, [])
        transaction.set_rollback(True)


@pytest.mark.usefixtures("_many_writers")
def test_many_gaps_are_looked_up_by_reading_the_span(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_MANY_RANGES", 2)
    for pk in (2, 4, 6, 8):
        put(pk, now)
    seal_waiting(now=now)
    put(5, now)
    assert seal_waiting(now=now) == 1
    assert (verify(now=now).entries, sentences(verify(now=now))) == (5, [])


@pytest.mark.skipif("connection.vendor == 'postgresql'")
def test_with_one_writer_at_a_time_a_missing_id_cannot_come_any_more(now: datetime) -> None:
    put(5, now)
    put(7, now)
    seal_waiting(now=now)
    assert Seal.objects.get().gaps == ""
    put(6, now)
    assert sentences(verify(now=now)) == ["Eintrag 6 ist nachträglich eingefügt: Kein Siegel kennt ihn."]


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_gap_is_given_up_once_no_transaction_of_that_time_is_open(now: datetime) -> None:
    first_time = now
    for pk in (1000, 1002):
        put(pk, now)
    seal_waiting(now=first_time)
    # This very transaction is open all the time and could still write 1001.
    for minutes in (5, 15, 30):
        put(1100 + minutes, now)
        seal_waiting(now=first_time + timedelta(minutes=minutes))
    gaps = [each.gaps for each in Seal.objects.all()]
    assert [each[:10] for each in gaps] == ["1-999,1001"] * 4, gaps
    # A number that every open transaction has passed: as if those of the first quarter of an hour were over.
    Seal.objects.filter(number__lte=3).update(horizon=1)
    assert queries.given_up_below(2000, now) == 1105  # ten minutes before the third seal
    assert queries.given_up_below(2000, now + timedelta(days=8)) == 1130


# ----------------------------------------------------------------------------------------------- what is found out


CHANGES: list[tuple[str, Any]] = [
    ("kind", "catalogue.solution_withdrawn"),
    ("subject_type", "offer"),
    ("subject_id", "s000000099"),
    ("actor_kind", "person"),
    ("actor_id", "p123456789"),
    ("organisation", "o123456789"),
    ("at", "2026-11-23 09:00:01+00:00"),
    ("data", '{"edition": 2}'),
]


@pytest.mark.parametrize(("column", "value"), CHANGES)
def test_a_change_of_any_column_is_found_and_the_row_is_named(now: datetime, column: str, value: Any) -> None:
    entries = sealed(7, now)
    tamper(f"UPDATE ENTRY SET {column} = %s WHERE id = %s", value, entries[4].pk)
    report = verify(now=now)
    assert report.first_altered == entries[4].pk
    assert [fault.entry for fault in report.faults] == [entries[4].pk]
    assert "ist verändert (versiegelt am 23.11.2026 um 09:00 Uhr UTC in Siegel 2)" in sentences(report)[0]


def test_every_column_of_a_row_is_sealed() -> None:
    """A column that comes later has to be given its place in `seals.COLUMNS`."""
    assert {field.attname for field in Entry._meta.concrete_fields} == set(seals.COLUMNS[seals.SCHEMA])
    assert {column for column, _value in CHANGES} == set(seals.COLUMNS[seals.SCHEMA]) - {"id"}


def _delete(pks: list[int], rng: random.Random) -> set[int]:
    pk = rng.choice(pks)
    tamper("DELETE FROM ENTRY WHERE id = %s", pk)
    return {pk}


def _change(pks: list[int], rng: random.Random) -> set[int]:
    pk, (column, value) = rng.choice(pks), rng.choice(CHANGES)
    tamper(f"UPDATE ENTRY SET {column} = %s WHERE id = %s", value, pk)
    return {pk}


def _exchange(pks: list[int], rng: random.Random) -> set[int]:
    """Two rows change places."""
    one, other = rng.sample(pks, 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        tamper("UPDATE ENTRY SET id = %s WHERE id = %s", new, old)
    return {one, other}


def _move(pks: list[int], rng: random.Random) -> set[int]:
    """A row takes an id that was free."""
    pk = rng.choice(pks)
    tamper("UPDATE ENTRY SET id = %s WHERE id = %s", pk - 10_000, pk)
    return {pk, pk - 10_000}


def _insert(pks: list[int], rng: random.Random) -> set[int]:
    pk = rng.choice(pks)
    tamper(
        "INSERT INTO ENTRY (id, kind, subject_type, subject_id, actor_kind, actor_id, organisation, at, data) "
        "SELECT id - 10000, kind, subject_type, subject_id, actor_kind, actor_id, organisation, at, data "
        "FROM ENTRY WHERE id = %s",
        pk,
    )
    return {pk - 10_000}


def _replace(pks: list[int], rng: random.Random) -> set[int]:
    """A row goes, and the next takes its place."""
    at = rng.randrange(len(pks) - 1)
    tamper("DELETE FROM ENTRY WHERE id = %s", pks[at])
    tamper("UPDATE ENTRY SET id = %s WHERE id = %s", pks[at], pks[at + 1])
    return {pks[at], pks[at + 1]}


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(2, 9), at_once=st.integers(1, 4), seed=st.integers(0, 10_000),
    what=st.sampled_from([_delete, _change, _exchange, _move, _insert, _replace]),
)  # fmt: skip
def test_any_single_change_deletion_insertion_or_exchange_is_found_and_the_rows_are_named(
    number: int, at_once: int, seed: int, what: Callable[[list[int], random.Random], set[int]]
) -> None:
    now = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
    with transaction.atomic():
        start = 20_000
        for pk in range(start, start + number):
            put(pk, now)
        before, actions.SEAL_AT_ONCE = actions.SEAL_AT_ONCE, at_once
        given_up, actions.given_up_below = actions.given_up_below, lambda upto, _now: upto
        try:
            seal_waiting(now=now)
        finally:
            actions.SEAL_AT_ONCE, actions.given_up_below = before, given_up
        assert sentences(verify(now=now)) == []
        touched = what(list(range(start, start + number)), random.Random(seed))
        report = verify(now=now)
        assert {fault.entry for fault in report.faults} == touched
        assert report.first_altered == min(touched)
        transaction.set_rollback(True)


def _columns_of_seals() -> Iterator[tuple[str, Any]]:
    yield from [("schema", 2), ("ids", "1-2"), ("ids", "unfug"), ("marks", "0" * 48), ("rows", "0" * 64)]
    yield from [("upto", 10**9), ("gaps", "5"), ("gaps", "unfug"), ("horizon", 77), ("previous", "f" * 64)]
    yield from [("sealed_at", "2026-11-23 10:00:00+00:00"), ("digest", "e" * 64), ("key", "0" * 16)]
    yield from [("signature", "0" * 128), ("signature", "unfug"), ("entries", 99)]


@pytest.mark.parametrize(("column", "value"), list(_columns_of_seals()))
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_change_of_a_seal_itself_is_found(now: datetime, column: str, value: Any, number: int) -> None:
    sealed(7, now)
    tamper(f"UPDATE SEAL SET {column} = %s WHERE number = %s", value, number)
    assert any(f"Siegel {number}" in sentence for sentence in sentences(verify(now=now)))


@pytest.mark.parametrize("number", [1, 2])
def test_a_seal_that_was_taken_out_is_missed(now: datetime, number: int) -> None:
    sealed(7, now)
    tamper("DELETE FROM SEAL WHERE number = %s", number)
    assert f"Es fehlt: Siegel {number}." in sentences(verify(now=now))


def test_whoever_writes_all_seals_anew_without_the_key_is_found(
    now: datetime, tmp_path: Path, settings: Any
) -> None:
    """The hashes fit then, the signatures do not."""
    entries = sealed(7, now)
    own = settings.JOURNAL_KEYS_DIR
    tamper("UPDATE ENTRY SET subject_id = 's000000099' WHERE id = %s", entries[0].pk)
    tamper("DELETE FROM SEAL")
    settings.JOURNAL_KEYS_DIR = tmp_path / "foreign"
    seal_waiting(now=now)
    settings.JOURNAL_KEYS_DIR = own
    found = sentences(verify(now=now))
    assert len(found) == 1
    assert "mit einem Schlüssel unterschrieben, den es hier nicht gibt" in found[0]


# -------------------------------------------------------------------------------------------- checkpoints and tails


def test_a_checkpoint_says_up_to_where_the_journal_was_whole(now: datetime) -> None:
    sealed(7, now)
    kept = checkpoint(now=now)
    assert kept is not None
    last = queries.last_seal()
    assert last is not None
    assert (kept.seal, kept.digest, kept.entries) == (3, last.digest, 7)
    assert checkpoint_from(json.loads(kept.to_text())) == kept
    write(3, now)
    seal_waiting(now=now)
    assert sentences(verify(now=now, checkpoints=[kept])) == []


def test_a_tail_that_was_cut_off_with_its_seals_is_found_by_the_checkpoint(now: datetime) -> None:
    entries = sealed(7, now)
    kept = checkpoint(now=now)
    assert kept is not None
    tamper("DELETE FROM ENTRY WHERE id > %s", entries[2].pk)
    tamper("DELETE FROM SEAL WHERE number > 1")
    assert sentences(verify(now=now)) == []  # by itself the rest is whole
    (sentence,) = sentences(verify(now=now, checkpoints=[kept]))
    assert sentence.endswith("(Siegel 3): Das Ende des Journals fehlt. Dieses Siegel gibt es nicht mehr.")


def test_a_tail_that_was_cut_off_without_its_seals_is_found_without_a_checkpoint(now: datetime) -> None:
    entries = sealed(7, now)
    tamper("DELETE FROM ENTRY WHERE id > %s", entries[4].pk)
    report = verify(now=now)
    assert [fault.entry for fault in report.faults] == [entries[5].pk, entries[6].pk]
    assert "fehlt" in sentences(report)[0]


def test_a_tail_that_was_written_anew_and_sealed_again_is_found_by_the_checkpoint(now: datetime) -> None:
    entries = sealed(7, now)
    kept = checkpoint(now=now)
    assert kept is not None
    tamper("UPDATE ENTRY SET actor_id = 'other' WHERE id = %s", entries[6].pk)
    tamper("DELETE FROM SEAL WHERE number > 2")
    seal_waiting(now=now)  # with the true key: the program itself was made to do it
    assert sentences(verify(now=now)) == []
    (sentence,) = sentences(verify(now=now, checkpoints=[kept]))
    assert sentence.endswith("Das Journal ist von diesem Siegel an oder davor neu geschrieben.")


def test_a_key_that_was_exchanged_does_not_pass_for_the_one_of_the_checkpoint(
    now: datetime, tmp_path: Path, settings: Any
) -> None:
    sealed(7, now)
    kept = checkpoint(now=now)
    assert kept is not None
    tamper("DELETE FROM SEAL")
    settings.JOURNAL_KEYS_DIR = tmp_path / "other"
    seal_waiting(now=now)
    found = sentences(verify(now=now, checkpoints=[kept]))
    assert any("Schlüssel dieser Installation wurde ausgetauscht" in sentence for sentence in found)


@pytest.mark.parametrize("name", ["seal", "digest", "entries", "at", "public", "signature"])
def test_a_checkpoint_that_was_altered_itself_proves_nothing(now: datetime, name: str) -> None:
    sealed(7, now)
    kept = checkpoint(now=now)
    assert kept is not None
    content = json.loads(kept.to_text())
    content[name] = content[name] + 1 if isinstance(content[name], int) else "0" * len(content[name])
    (sentence,) = sentences(verify(now=now, checkpoints=[checkpoint_from(content)]))
    assert sentence.endswith("Die Unterschrift des Prüfpunkts stimmt nicht.")


@pytest.mark.parametrize(
    "content", [None, [], {}, "x", {"version": 2}, {"version": 1, "seal": "1"}, {"version": 1, "seal": True}]
)
def test_what_is_no_checkpoint_is_refused(content: Any) -> None:
    with pytest.raises(ValueError, match="no checkpoint"):
        checkpoint_from(content)


def test_a_number_that_is_a_truth_value_is_no_number(now: datetime) -> None:
    sealed(1, now)
    kept = checkpoint(now=now)
    assert kept is not None
    with pytest.raises(ValueError, match="no checkpoint"):
        checkpoint_from({**json.loads(kept.to_text()), "seal": True})


# ------------------------------------------------------------------------------------------------------- unsealed


def test_entries_without_a_seal_are_counted_with_their_age(now: datetime) -> None:
    sealed(2, now)
    write(3, now + timedelta(minutes=10))
    report = verify(now=now + timedelta(minutes=30))
    assert (report.waiting, report.waiting_for, sentences(report)) == (3, timedelta(minutes=20), [])


def test_entries_that_wait_too_long_show_that_nobody_seals(now: datetime) -> None:
    write(3, now)
    (sentence,) = sentences(verify(now=now + timedelta(hours=5)))
    assert sentence.startswith("3 Einträge warten auf ein Siegel, der älteste seit 5 Stunden.")
    (sentence,) = sentences(verify(now=now + timedelta(days=3)))
    assert "seit 3 Tagen" in sentence


def test_an_entry_of_an_older_time_waits_only_since_the_last_seal(now: datetime) -> None:
    """The demo tells of things of last year."""
    sealed(2, now)
    write(1, now - timedelta(days=300))
    assert verify(now=now + timedelta(minutes=1)).waiting_for == timedelta(minutes=1)


# ----------------------------------------------------------------------------------------------------- keys, commands


def test_the_key_is_readable_by_its_owner_alone_and_made_once(now: datetime) -> None:
    made = keys.signer()
    file = keys.directory() / keys.PRIVATE
    assert (file.stat().st_mode & 0o777, keys.directory().stat().st_mode & 0o077) == (0o600, 0)
    assert keys.signer().public == made.public
    assert keys.known_keys() == {made.name: made.public}
    assert sorted(each.name for each in keys.directory().iterdir()) == sorted(
        [f"{made.name}.pub", keys.PRIVATE]
    )


def test_of_two_that_make_the_key_at_once_both_use_the_first() -> None:
    file = keys.directory() / keys.PRIVATE
    KeyFolder(keys.directory()).make()
    first_one = file.read_bytes()
    KeyFolder(keys.directory()).make()
    assert file.read_bytes() == first_one


def test_after_a_change_of_keys_earlier_seals_stay_provable(now: datetime) -> None:
    sealed(3, now)
    (keys.directory() / keys.PRIVATE).unlink()
    write(2, now)
    seal_waiting(now=now)
    assert len(keys.known_keys()) == 2
    assert sentences(verify(now=now)) == []


def test_a_file_that_holds_another_kind_of_key_is_told(now: datetime) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    keys.directory().mkdir()
    text = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (keys.directory() / keys.PRIVATE).write_bytes(text)
    with pytest.raises(TypeError, match="no Ed25519 key"):
        keys.signer()


def test_the_command_says_that_all_is_well(now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(7, now)
    call_command("verify_journal")
    out = capsys.readouterr().out
    assert out == (
        "3 Siegel über 7 Einträge geprüft, 0 ohne Siegel, 1 Prüfpunkte verglichen.\nDas Journal ist unverändert.\n"
    )


def test_the_command_names_the_first_altered_row_and_fails(
    now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = sealed(7, now)
    tamper("DELETE FROM ENTRY WHERE id = %s", entries[5].pk)
    tamper("UPDATE ENTRY SET actor_id = 'x' WHERE id = %s", entries[3].pk)
    with pytest.raises(CommandError, match=r"2 Befunde\."):
        call_command("verify_journal")
    assert f"Der erste veränderte Eintrag: {entries[3].pk}\n" in capsys.readouterr().out


def test_the_command_compares_with_a_checkpoint_that_was_kept_elsewhere(
    now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed(7, now)
    capsys.readouterr()
    call_command("journal_checkpoint")
    kept = tmp_path / "kept.json"
    kept.write_text(capsys.readouterr().out)
    (keys.directory() / "checkpoint.json").unlink()
    call_command("verify_journal", checkpoint=[str(kept)])
    tamper("DELETE FROM SEAL WHERE number = 3")
    tamper("DELETE FROM ENTRY WHERE id NOT IN (SELECT id FROM ENTRY ORDER BY id LIMIT 6)")
    call_command("verify_journal")
    with pytest.raises(CommandError, match=r"1 Befunde\."):
        call_command("verify_journal", checkpoint=[str(kept)])


def test_without_any_file_from_elsewhere_the_own_copy_finds_the_cut_tail(now: datetime) -> None:
    sealed(7, now)
    tamper("DELETE FROM SEAL WHERE number = 3")
    tamper("DELETE FROM ENTRY WHERE id NOT IN (SELECT id FROM ENTRY ORDER BY id LIMIT 6)")
    with pytest.raises(CommandError):
        call_command("verify_journal")


def test_a_checkpoint_is_newest_because_it_seals_first(
    now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    write(4, now)
    call_command("journal_checkpoint")
    assert json.loads(capsys.readouterr().out)["entries"] == 4


def test_the_public_key_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("journal_checkpoint", public_key=True)
    assert capsys.readouterr().out == keys.signer().public + "\n"


def test_an_empty_journal_has_no_checkpoint() -> None:
    with pytest.raises(CommandError, match="Das Journal ist leer"):
        call_command("journal_checkpoint")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_file_that_is_no_checkpoint_is_told_kindly(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(CommandError, match="ist kein Prüfpunkt"):
        call_command("verify_journal", checkpoint=[str(tmp_path / "x.json")])
    with pytest.raises(CommandError, match="lässt sich nicht lesen"):
        call_command("verify_journal", checkpoint=[str(tmp_path / "none.json")])


def test_the_first_faults_are_those_of_rows(now: datetime) -> None:
    report = Report()
    report.blame("Siegel")
    report.blame("9", 9)
    report.blame("2", 2)
    assert [fault.sentence for fault in first(report, 2)] == ["2", "9"]
    assert os.sep  # the directory is the platform's


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_entries_does_not_wait_for_the_sealing(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While rows are read and hashed no transaction is open."""
    with transaction.atomic():
        write(3, now)
    states: list[bool] = []
    content = actions._content

    def watched(*args: Any) -> Any:
        states.append(connection.in_atomic_block)
        return content(*args)

    monkeypatch.setattr(actions, "_content", watched)
    seal_waiting(now=now)
    assert states == [False]
