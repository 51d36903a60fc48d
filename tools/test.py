"""`make test`: all tests on SQLite with a real browser, the packages' on PostgreSQL too, and the coverage gate.

Coverage is measured where the packages' own tests run: what decides has to be covered by a test of its own, not by a
page that happens to pass by, nor by the thousands of refusals of the rights matrix. Measuring makes Python half as slow
again, so these run without it, and first: they make the database that all others copy. With WHOLE=1 the pages' tests
run on PostgreSQL as well.

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
# Who asks a server waits half of the time: one more keeps two cores busy.
WORKERS_THAT_WAIT = os.environ.get("ALLMENDE_TEST_WORKERS", "3")
WHOLE = os.environ.get("WHOLE") == "1"
PAGES = ("tests/web", "tests/journeys")
RIGHTS = "tests/rights"
WITHOUT_PAGES = [f"--ignore={each}" for each in PAGES]
WORKERS = os.environ.get("ALLMENDE_TEST_WORKERS", "2")


def pytest(
    half: str, arguments: list[str], workers: str = WORKERS, **environment: str
) -> tuple[int, dict[str, int]]:
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
            workers,
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


def packages(browser: str) -> tuple[int, dict[str, int]]:
    say("\n== Die Pakete auf SQLite, mit Abdeckung ==\n")
    for old in RESULTS.glob("coverage*"):
        old.unlink()
    chosen = ["--cov", "--cov-report=", *WITHOUT_PAGES, f"--ignore={RIGHTS}"]
    return pytest("packages", chosen, ALLMENDE_CHROMIUM=browser)


def pages(browser: str) -> tuple[int, dict[str, int]]:
    say("\n== Die Seiten und die Rechte auf SQLite, auch im Browser ==\n")
    return pytest("pages", [*PAGES, RIGHTS], ALLMENDE_CHROMIUM=browser)


def on_postgres(programs: Path) -> tuple[int, dict[str, int]]:
    say("\n== Was eine Datenbank fragt, auf PostgreSQL (ohne Browser) ==\n")
    chosen = ["-m", "database and not browser", *([] if WHOLE else WITHOUT_PAGES)]
    with postgres.running(programs) as server:
        return pytest("postgresql", chosen, WORKERS_THAT_WAIT, ALLMENDE_TEST_SERVER=server)


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

    browser = chromium.find() or chromium.install()
    if browser is None:
        raise Stop(chromium.HOW_TO_GET_IT)
    for name, half in (("Seiten", pages), ("Pakete", packages)):
        code, skipped = half(browser)
        left_out += [f"{count} Tests auf SQLite ({name}): {reason}" for reason, count in skipped.items()]
        failed += [f"{name} auf SQLite"] if code else []

    if coverage_gate():
        failed.append("Abdeckung")

    programs = postgres.find()
    if programs:
        code, skipped = on_postgres(programs)
        left_out += [f"{count} Tests auf PostgreSQL: {reason}" for reason, count in skipped.items()]
        failed += ["Tests auf PostgreSQL"] if code else []
        if not WHOLE:
            left_out.append("die Tests der Seiten auf PostgreSQL; geben Sie ein: make test WHOLE=1")
    else:
        left_out.append(f"die Hälfte auf PostgreSQL; geben Sie ein: {postgres.HOW_TO_GET_IT}")
        failed += ["PostgreSQL fehlt, und hier ist CI"] if IN_CI else []

    report(left_out, failed, time.monotonic() - started)


if __name__ == "__main__":
    main(_program)
