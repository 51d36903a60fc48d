"""Steps are left out while nothing changed, and say in a sentence why they cannot go on."""

import sys
from pathlib import Path

import pytest

from tools import steps
from tools.steps import Stop, fingerprint, run, step


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHECKOUT", "STAMPS", "LOGS"):
        monkeypatch.setattr(steps, name, tmp_path if name == "CHECKOUT" else tmp_path / name.lower())


def test_a_step_is_done_again_only_when_its_mark_changes(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []
    outcomes = [
        step("walk", "Gehen", mark, lambda m=mark: done.append(m)) for mark in ("a", "a", "b", "b", "a")
    ]
    assert outcomes == [True, False, True, False, True]
    assert done == ["a", "b", "a"]
    assert capsys.readouterr().out.count("Gehen … 0,0 s") == 3


def test_a_step_whose_work_is_gone_is_done_again(tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert step("make", "Machen", "same", made.touch, made=made)
    assert not step("make", "Machen", "same", made.touch, made=made)
    made.unlink()
    assert step("make", "Machen", "same", made.touch, made=made)


def test_a_step_that_fails_is_not_taken_for_done() -> None:
    def fail() -> None:
        raise Stop("Das geht nicht.")

    for _ in range(2):
        with pytest.raises(Stop):
            step("fail", "Scheitern", "same", fail)
    assert step("fail", "Gelingen", "same", lambda: None)


def test_a_fingerprint_follows_content_names_and_words(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("eins")
    first = fingerprint([folder])
    assert fingerprint([folder]) == first
    assert fingerprint([folder], "more") != first
    (folder / "a.txt").write_text("zwei")
    changed = fingerprint([folder])
    assert changed != first
    (folder / "a.txt").rename(folder / "b.txt")
    assert fingerprint([folder]) not in {first, changed}


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("write error: No space left on device", "Die Festplatte ist voll."),
        ("sqlite3.OperationalError: database or disk is full", "Die Festplatte ist voll."),
        ("dns error: failed to lookup", "Der Paketserver ist nicht zu erreichen."),
        ("OperationalError: database is locked", "Die Datenbank ist von einem anderen Programm belegt."),
        ("something else", "Der Schritt „probe“ ist gescheitert."),
    ],
)
def test_a_program_that_fails_is_explained(output: str, sentence: str) -> None:
    with pytest.raises(Stop) as stop:
        run([sys.executable, "-c", f"import sys; sys.exit({output!r})"], log="probe")
    lines = str(stop.value).splitlines()
    assert lines[0] == f"    {output}"
    assert lines[2].startswith(sentence)
    assert lines[-1] == "Das ganze Protokoll steht in logs/probe.log."


def test_a_program_on_a_full_disk_is_explained_although_it_could_say_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "_NO_ROOM_BYTES", 10**18)
    with pytest.raises(Stop, match="Die Festplatte ist voll"):
        run([sys.executable, "-c", "raise SystemExit(1)"], log="probe")


def test_a_stop_is_a_sentence_and_not_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    def program() -> None:
        raise Stop("Der Port 8000 ist belegt.")

    with pytest.raises(SystemExit) as end:
        steps.main(program)
    assert (end.value.code, capsys.readouterr().err) == (1, "\nDer Port 8000 ist belegt.\n")
