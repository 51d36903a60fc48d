"""`make test`: all tests on SQLite with a real browser, what asks a database on PostgreSQL, and the coverage gate.

Nothing is left out in silence: what could not run is listed at the end, with what to type. In CI (CI=true) a missing
half is a failure.
"""

import json
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from tools import chromium, postgres, setup
from tools.steps import CHECKOUT, PYTHON, VAR, Stop, main, say

RESULTS = VAR / "test"
IN_CI = os.environ.get("CI") == "true"
WORKERS = os.environ.get("ALLMENDE_TEST_WORKERS", "2")


def pytest(half: str, arguments: list[str], **environment: str) -> tuple[int, dict[str, int]]:
    """Run pytest; returns its exit code and what it left out, by reason."""
    left_out = RESULTS / f"left-out-{half}.json"
    left_out.unlink(missing_ok=True)
    done = subprocess.run(
        [
            str(PYTHON),
            "-m",
            "pytest",
            "-q",
            "-n",
            WORKERS,
            "--dist=worksteal",
            "--durations=20",
            *arguments,
            *sys.argv[1:],
        ],
        cwd=CHECKOUT,
        env={**os.environ, "ALLMENDE_TEST_LEFT_OUT": str(left_out), **environment},
        check=False,
    )
    reasons = json.loads(left_out.read_text(encoding="utf-8")) if left_out.exists() else {}
    return done.returncode, reasons


def on_sqlite(browser: str | None) -> tuple[int, dict[str, int]]:
    say("\n== Alle Tests auf SQLite, auch die im Browser ==\n")
    for old in RESULTS.glob("coverage*"):
        old.unlink()
    if browser is None:
        raise Stop(chromium.HOW_TO_GET_IT)
    return pytest("sqlite", ["--cov", "--cov-report="], ALLMENDE_CHROMIUM=browser)


def on_postgres(programs: Path) -> tuple[int, dict[str, int]]:
    say("\n== Alle Tests, die eine Datenbank fragen, auf PostgreSQL (ohne die im Browser) ==\n")
    with postgres.running(programs) as server:
        return pytest("postgresql", ["-m", "database and not browser"], ALLMENDE_TEST_SERVER=server)


def coverage_gate() -> int:
    """What decides and what writes has to be covered; pyproject.toml names it. Returns coverage's exit code."""
    gate = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["allmende"][
        "coverage"
    ]
    percent = gate["at_least_percent"]
    say(f"\n== Abdeckung von Handlungen, Abfragen, Regeln, Formaten und Suche (mindestens {percent} %) ==\n")
    command = [PYTHON, "-m", "coverage", "report", f"--fail-under={percent}"]
    command.append(f"--include={','.join(gate['gate'])}")
    return subprocess.run([str(part) for part in command], cwd=CHECKOUT, check=False).returncode


def report(left_out: list[str], failed: list[str], seconds: float) -> None:
    say(f"\nDauer: {seconds / 60:.1f} Minuten.".replace(".", ",", 1))
    if left_out:
        say("Ausgelassen wurde:")
        for line in left_out:
            say(f"  - {line}")
    else:
        say("Nichts wurde ausgelassen.")
    if failed:
        raise Stop(f"Gescheitert: {', '.join(failed)}.")
    say("Alle Tests sind bestanden.")


def _program() -> None:
    started = time.monotonic()
    RESULTS.mkdir(parents=True, exist_ok=True)
    setup.prepare("test")
    left_out: list[str] = []
    failed: list[str] = []

    code, skipped = on_sqlite(chromium.find() or chromium.install())
    left_out += [f"{count} Tests auf SQLite: {reason}" for reason, count in skipped.items()]
    failed += ["Tests auf SQLite"] if code else []

    if coverage_gate():
        failed.append("Abdeckung")

    programs = postgres.find()
    if programs:
        code, skipped = on_postgres(programs)
        left_out += [f"{count} Tests auf PostgreSQL: {reason}" for reason, count in skipped.items()]
        failed += ["Tests auf PostgreSQL"] if code else []
    else:
        left_out.append(f"die Hälfte auf PostgreSQL; geben Sie ein: {postgres.HOW_TO_GET_IT}")
        failed += ["PostgreSQL fehlt, und hier ist CI"] if IN_CI else []

    report(left_out, failed, time.monotonic() - started)


if __name__ == "__main__":
    main(_program)
