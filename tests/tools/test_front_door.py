"""What a person at the terminal sees when something is not as it should be."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from tools import demo, docs, pin, serve, words
from tools.steps import Stop


def _make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "ALLMENDE_"))}
    return subprocess.run(
        ["make", "--silent", *arguments], cwd=checkout, env=kept, capture_output=True, text=True, check=False
    )


def test_help_names_every_target(checkout: Path) -> None:
    shown = re.findall(r"^  make ([a-z]+) ", _make(checkout, "help").stdout, re.MULTILINE)
    written = re.search(r"^\.PHONY: (.*)$", (checkout / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert written is not None
    assert sorted(shown) == sorted(set(written.group(1).split()) - {"python"})


def test_an_unknown_target_is_answered_with_those_that_exist(checkout: Path) -> None:
    answer = _make(checkout, "demoo")
    assert answer.returncode == 2
    assert answer.stdout.splitlines()[0] == "„make demoo“ gibt es nicht. Es gibt:"
    assert "  make demo " in answer.stdout


def test_a_missing_or_old_python_is_said_in_a_sentence(checkout: Path) -> None:
    answer = _make(checkout, "PYTHON=/nowhere/python3.9", "demo")
    assert answer.returncode == 2
    assert answer.stdout.splitlines()[0].startswith("Allmende braucht Python 3.11 oder neuer.")


def test_a_busy_port_is_named_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(demo, "PORT", port)
        with pytest.raises(Stop, match=rf"^Der Port {port} ist belegt.*make demo PORT={port + 1}$"):
            demo.check_port()
    demo.check_port()


def test_running_it_names_all_missing_settings_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "HOSTS", "SITE_URL", "DATABASE_URL", "DEMO", "DEBUG"):
        monkeypatch.delenv(f"ALLMENDE_{name}", raising=False)
    monkeypatch.setenv("ALLMENDE_HOSTS", "allmende.example")
    with pytest.raises(Stop) as stop:
        serve.check_environment()
    named = re.findall(r"^  (ALLMENDE_\w+): ", str(stop.value), re.MULTILINE)
    assert named == ["ALLMENDE_SECRET_KEY", "ALLMENDE_SITE_URL", "ALLMENDE_DATABASE_URL"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ALLMENDE_SECRET_KEY": "kurz"}, "ALLMENDE_SECRET_KEY ist zu kurz"),
        ({"ALLMENDE_DEMO": "1"}, "gehören nicht in den Betrieb"),
        ({"ALLMENDE_DEBUG": "1"}, "gehören nicht in den Betrieb"),
    ],
)
def test_running_it_refuses_what_belongs_to_a_demo(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], sentence: str
) -> None:
    whole = {
        "ALLMENDE_SECRET_KEY": "x" * 50,
        "ALLMENDE_HOSTS": "allmende.example",
        "ALLMENDE_SITE_URL": "https://allmende.example",
        "ALLMENDE_DATABASE_URL": "postgresql://allmende@localhost/allmende",
    }
    for name, value in whole.items():
        monkeypatch.setenv(name, value)
    serve.check_environment()
    for name, value in change.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Stop, match=sentence):
        serve.check_environment()


def test_pinned_files_keep_reasons_and_lose_places(checkout: Path) -> None:
    raw = f"""django==5.2 \\
    --hash=sha256:00
    # via -c {checkout}/requirements/test.txt, allmende (pyproject.toml), wagtail
uv==0.13
    # via -r {checkout}/var/uv.in
"""
    assert pin.without_places(raw) == (
        "django==5.2 \\\n    --hash=sha256:00\n    # via allmende (pyproject.toml), wagtail\nuv==0.13\n"
    )


def test_a_path_of_one_machine_is_found_and_an_address_is_not(checkout: Path, tmp_path: Path) -> None:
    sample = checkout / "var" / "test" / "words.txt"
    sample.parent.mkdir(parents=True, exist_ok=True)
    sample.write_text(
        f"{'/ro'}ot/secret\nhttps://allmende.example{'/wo'}rk/x\nhosted at {'files.python'}hosted.org\n"
    )
    found = words.forbidden([sample.relative_to(checkout).as_posix()])
    sample.unlink()
    assert [line.split(":")[1] for line in found] == ["1", "3"]


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    assert [line for page in docs.pages() for line in docs.broken_links(page)] == []
