"""Rehearsed: what comes back is what was there, on both databases, and a refusal touches nothing."""

import gzip
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.actions import send
from allmende.mail.queries import newest
from allmende.operations import archive, databases
from allmende.operations.actions import back_up, restore
from tests.factories.people import signed_in, somebody

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PROGRAM = Actor.program("command line")
# What restoring itself writes, so that it may differ.
OWN_TABLES = {
    "journal_entry",
    "journal_bump",
    "journal_delivery",
    "django_tasks_database_dbtaskresult",
    "jobs_waiting",
}
OWN_TABLES |= {"django_session", "sqlite_sequence"}


@pytest.fixture
def house(settings, tmp_path: Path, now: datetime) -> SimpleNamespace:
    """Two people, a logo, a key, and where they lie."""
    data = tmp_path / "data"
    (data / "media" / "logos").mkdir(parents=True)
    (data / "media" / "logos" / "a.png").write_bytes(b"\x89PNG of a town")
    (data / "journal").mkdir()
    (data / "journal" / "private.pem").write_text("a key")
    (data / "secret-key").write_text("another key")
    settings.DATA_DIR = data
    settings.BACKUP_FOLDERS = {"media": data / "media"}
    settings.BACKUP_KEYS = {"secret-key": data / "secret-key", "journal": data / "journal"}
    somebody("operator_admin", now=now)
    somebody("catalogue_editor", now=now)
    return SimpleNamespace(data=data, backup=tmp_path / "backup.tar.gz")


def contents() -> dict[str, str]:
    """A digest of all rows by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # our own table
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_both_sides_are_equal_after_a_restore(house: SimpleNamespace, now: datetime) -> None:
    back_up(house.backup, by=PROGRAM, now=now)
    before = contents()
    User.objects.create_user("spaeter@beispiel.example", "nur-fuer-tests-123")
    User.objects.filter(email__startswith="catalogue").update(name="verfälscht")
    (house.data / "media" / "logos" / "a.png").write_bytes(b"overwritten")
    (house.data / "media" / "later.txt").write_text("came later")
    (house.data / "journal" / "private.pem").unlink()

    done = restore(house.backup, by=PROGRAM, now=now, replace=True)

    after = contents()
    assert {table for table in before | after if before.get(table) != after.get(table)} <= OWN_TABLES
    assert (done.files, done.migrated) == (1, False)
    assert (house.data / "media" / "logos" / "a.png").read_bytes() == b"\x89PNG of a town"
    assert not (house.data / "media" / "later.txt").exists()
    assert (house.data / "journal" / "private.pem").read_text() == "a key"
    assert (house.data / "journal" / "private.pem").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in house.data.glob(".allmende-*")] == []


def test_what_was_restored_goes_on(house: SimpleNamespace, now: datetime) -> None:
    """New rows get new numbers, the search is made anew, and the journal says what happened."""
    back_up(house.backup, by=PROGRAM, now=now)
    restore(house.backup, by=PROGRAM, now=now, replace=True)
    assert somebody("catalogue_editor", now=now).pk > User.objects.order_by("pk")[1].pk
    assert DBTaskResult.objects.filter(task_path="allmende.search.tasks.rebuild").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM journal_entry WHERE kind LIKE 'operations.%' ORDER BY id")
        assert [row[0] for row in cursor.fetchall()] == [
            "operations.backup_written",
            "operations.backup_restored",
        ]


def test_everybody_has_to_sign_in_again(house: SimpleNamespace, now: datetime) -> None:
    client = signed_in(User.objects.get(email__startswith="catalogue_editor"))
    assert client.get("/mein").status_code == 200
    back_up(house.backup, by=PROGRAM, now=now)
    restore(house.backup, by=PROGRAM, now=now, replace=True)
    assert client.get("/mein").status_code == 302


def test_letters_that_waited_then_are_not_sent_again(house: SimpleNamespace, now: datetime) -> None:
    with transaction.atomic():
        send(
            to="a@beispiel.example",
            subject="Einladung",
            text="Guten Tag",
            kind="organisations.invitation",
            about=("organisation", "abc"),
            by=PROGRAM,
            now=now,
        )
    back_up(house.backup, by=PROGRAM, now=now)
    restore(house.backup, by=PROGRAM, now=now, replace=True)
    assert list(newest().values_list("state", "text")) == [("failed", "")]


def test_what_was_erased_since_is_named(house: SimpleNamespace, now: datetime) -> None:
    back_up(house.backup, by=PROGRAM, now=now)
    with transaction.atomic():
        record(
            "catalogue.solution_erased", subject=("solution", "abc"), by=PROGRAM, now=now + timedelta(hours=1)
        )
    done = restore(house.backup, by=PROGRAM, now=now + timedelta(hours=2), replace=True)
    assert done.erased_since == [("catalogue.solution_erased", "solution/abc")]


def test_a_database_in_use_is_not_replaced_by_mistake(house: SimpleNamespace, now: datetime) -> None:
    back_up(house.backup, by=PROGRAM, now=now)
    later = User.objects.create_user("spaeter@beispiel.example", "nur-fuer-tests-123")
    with pytest.raises(Refused, match="--replace"):
        restore(house.backup, by=PROGRAM, now=now)
    assert User.objects.filter(pk=later.pk).exists()


def test_a_damaged_backup_touches_nothing(house: SimpleNamespace, now: datetime) -> None:
    back_up(house.backup, by=PROGRAM, now=now)
    plain = gzip.decompress(house.backup.read_bytes())
    house.backup.write_bytes(gzip.compress(plain[: len(plain) // 2]))
    before = contents()
    with pytest.raises(Refused):
        restore(house.backup, by=PROGRAM, now=now, replace=True)
    assert contents() == before


def test_a_dump_that_the_database_refuses_leaves_it_as_it_was(house: SimpleNamespace, now: datetime) -> None:
    back_up(house.backup, by=PROGRAM, now=now)
    room = house.data / "room"
    room.mkdir()
    manifest = archive.unpack(house.backup, room)
    dump = (room / "database").read_bytes()
    (room / "database").write_bytes(dump[: len(dump) // 2] + b"\nDROP nonsense;\n")
    files = {name: room / name for name in manifest.parts}
    archive.write(house.backup.with_name("bad.tar.gz"), files, manifest)
    before = contents()
    with pytest.raises(Refused):
        restore(house.backup.with_name("bad.tar.gz"), by=PROGRAM, now=now, replace=True)
    assert contents() == before


def test_a_backup_of_a_newer_program_is_refused(house: SimpleNamespace, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_later', %s)", [now]
        )
    back_up(house.backup, by=PROGRAM, now=now)
    with pytest.raises(Refused, match=r"neuer als dieses Programm.*9999_later"):
        restore(house.backup, by=PROGRAM, now=now, replace=True)


def test_keys_can_stay_at_home(house: SimpleNamespace, now: datetime) -> None:
    manifest = back_up(house.backup, by=PROGRAM, now=now, with_keys=False)
    assert (sorted(manifest.parts), manifest.left_out) == (["database", "media/logos/a.png"], ["keys"])
    restore(house.backup, by=PROGRAM, now=now, replace=True)
    assert (house.data / "secret-key").read_text() == "another key"


@pytest.mark.parametrize("role", ["catalogue_editor", "provider_editor", "municipality_editor"])
def test_only_the_operator_may(role: str, house: SimpleNamespace, now: datetime) -> None:
    actor = Actor("person", "abc", frozenset({(role, None), (role, "org")}))
    for act in (back_up, restore):
        with pytest.raises(Refused, match="Berechtigung"):
            act(house.backup, by=actor, now=now)
    assert not house.backup.exists()


def test_the_commands_speak_german(house: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backup", str(house.backup))
    with pytest.raises(CommandError, match="gibt es schon"):
        call_command("backup", str(house.backup))
    call_command("restore", str(house.backup), replace=True)
    with pytest.raises(CommandError, match="gibt es nicht"):
        call_command("restore", str(house.backup.with_name("nein")), replace=True)
    with pytest.raises(CommandError, match="Legen Sie ihn an"):
        call_command("backup", str(house.data / "nirgends" / "b.tar.gz"))
    said = capsys.readouterr().out
    assert [line.split(":")[0] for line in said.splitlines()[:2]] == ["Gesichert", "Zurückgespielt"]


def test_the_numbers_in_the_manifest_are_those_of_the_database(house: SimpleNamespace, now: datetime) -> None:
    manifest = back_up(house.backup, by=PROGRAM, now=now)
    here = databases.row_counts()
    assert {name: count for name, count in manifest.tables.items() if here.get(name) != count} == {}
    assert manifest.tables["accounts_user"] == 2
