"""`allmende source add|check|run|status`, as typed by an operator."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from allmende.catalogue.models import Solution
from allmende.federation.models import RawRecord, Run, Source
from allmende.jobs.models import Schedule
from tests.federation.entries import entry, put, put_many


def source(*arguments: str) -> str:
    out = io.StringIO()
    call_command("source", *arguments, stdout=out)
    return out.getvalue()


def add(folder: Path, *more: str) -> str:
    start = (
        "add",
        "musterland",
        "--name",
        "Katalog Musterland",
        "--kind",
        "directory",
        "--location",
        str(folder),
    )
    return source(*start, "--format", "publiccode", *more)


@pytest.fixture
def added(vocabulary: None, folder: Path) -> Path:
    add(folder, "--every", "6", "--licence", "CC0-1.0", "--website", "https://katalog.musterland.test")
    return folder


def test_a_source_is_added_and_says_what_comes_next(added: Path) -> None:
    known = Source.objects.get()
    assert (known.code, known.format, known.every_hours) == ("musterland", "publiccode", 6)
    assert (known.origin.label, known.origin.licence) == ("Katalog Musterland", "CC0-1.0")
    assert Schedule.objects.get(name="harvest:musterland").every.total_seconds() == 6 * 3600


def test_a_code_that_is_taken_is_refused_in_a_sentence(added: Path) -> None:
    with pytest.raises(CommandError, match=r"gibt es schon\. Wählen Sie ein anderes Kürzel"):
        add(added)


def test_a_profile_is_read_from_a_file_and_checked(vocabulary: None, folder: Path, tmp_path: Path) -> None:
    profile = tmp_path / "profile.toml"
    start = ("add", "seiten", "--name", "Seiten", "--kind", "directory", "--location", str(folder))
    start += ("--format", "markdown", "--profile", str(profile))
    with pytest.raises(CommandError, match="nicht lesbar"):
        source(*start)
    profile.write_text("folder = [")
    with pytest.raises(CommandError, match="kein gültiges TOML"):
        source(*start)
    profile.write_text('ordner = ["*.md"]')
    with pytest.raises(CommandError, match="kennt „ordner“ nicht"):
        source(*start)
    profile.write_text('folder = ["*.md"]')
    source(*start)
    assert Source.objects.get().profile == {"folder": ["*.md"]}


def test_a_check_tells_what_a_run_would_do_and_writes_nothing(added: Path) -> None:
    put_many(added, 2)
    put(added, "leer/publiccode.yml", b"")
    said = source("check", "musterland", "--findings")
    assert said.splitlines()[0] == "3 Einträge gelesen, nichts geschrieben."
    assert "  zurückgestellt: 1" in said.splitlines()
    assert (
        "  leer/publiccode.yml: Datei: Die Datei ist leer; tragen Sie die Angaben ein oder löschen Sie sie."
        in (said.splitlines())
    )
    assert not Run.objects.exists()
    assert not Solution.objects.exists()
    assert not RawRecord.objects.exists()


def test_a_run_prints_a_report_that_adds_up(added: Path) -> None:
    put_many(added, 2)
    put(added, "leer/publiccode.yml", b"")
    assert source("run", "musterland").strip() == (
        "musterland: vollständig, 3 gesehen = 2 neu + 0 geändert + 0 unverändert + 1 zurückgestellt + 0 abgewiesen "
        "+ 0 nicht gemeint + 0 nicht erreicht; 0 nicht mehr in der Quelle"
    )


def test_a_run_that_failed_says_so_and_the_shell_sees_it(added: Path) -> None:
    with pytest.raises(CommandError, match="musterland: gescheitert"):
        source("run", "musterland")


def test_what_waits_for_a_person_is_told_with_the_command_that_takes_it_over(added: Path) -> None:
    put_many(added, 20)
    source("run", "musterland")
    for number in range(10):
        (added / f"{number:03}" / "publiccode.yml").unlink()
    assert "allmende source run musterland --accept-missing" in source("run", "musterland")
    said = source("run", "musterland", "--accept-missing")
    assert said.strip() == "musterland: 10 Einträge als fehlend vermerkt; ihre Lösungen bleiben stehen."


def test_all_sources_are_run_but_those_that_pause(added: Path, folder: Path) -> None:
    put(added, "publiccode.yml", entry())
    Source.objects.update(is_paused=True)
    assert source("run", "--all") == ""
    Source.objects.update(is_paused=False)
    assert "musterland: vollständig" in source("run", "--all")


def test_one_source_that_fails_does_not_keep_the_others_from_running(added: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    put(more, "publiccode.yml", entry())
    start = ("add", "zweite", "--name", "Zweite", "--kind", "directory", "--location", str(more))
    source(*start, "--format", "publiccode")
    with pytest.raises(CommandError, match="musterland: gescheitert"):
        source("run", "--all")
    assert Run.objects.get(source__code="zweite").state == "complete"


@pytest.mark.parametrize("step", ["check", "run", "status"])
def test_an_unknown_source_is_told_with_those_there_are(added: Path, step: str) -> None:
    with pytest.raises(CommandError, match="Eingetragen sind: musterland"):
        source(step, "unbekannt")


def test_a_run_without_a_name_asks_for_one(added: Path) -> None:
    with pytest.raises(CommandError, match="Nennen Sie das Kürzel"):
        source("run")


def test_the_status_of_nothing_says_how_to_begin(vocabulary: None) -> None:
    assert "allmende source add --help" in source("status")


def test_the_status_shows_the_last_run_for_people_and_programs(added: Path) -> None:
    assert source("status").strip() == "musterland: noch kein Abgleich"
    put_many(added, 2)
    source("run", "musterland")
    assert "2 gesehen = 2 neu" in source("status", "musterland")
    (row,) = json.loads(source("status", "--json"))
    assert (row["code"], row["state"], row["seen"], row["new"]) == ("musterland", "complete", 2, 2)
