"""Nothing is left out in silence: every skip is listed with its reason at the end of a run."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter


def _reason(report: pytest.TestReport) -> str:
    """The sentence that was given to `pytest.skip`."""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr or "ohne Angabe eines Grundes")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Count reasons, print them, and leave them to the program that joins several runs."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("Ausgelassen")
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count} × {reason}")
    if target := os.environ.get("ALLMENDE_TEST_LEFT_OUT"):
        Path(target).write_text(json.dumps(reasons), encoding="utf-8")
