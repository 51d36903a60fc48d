"""How measurements are printed: the machine, tables, and whether a bar holds."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

Row = Sequence[str | float | int]


def machine(*packages: str) -> None:
    """Name what was measured on. The load matters: a busy machine makes every figure worse."""
    versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    versions += [f"{package} {version(package)}" for package in ("django", *packages)]
    print(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}, {_processor()}, {os.cpu_count()} cores")
    print(f"{', '.join(versions)}; load when started {os.getloadavg()[0]:.1f}\n")


def _processor() -> str:
    """The processor's name where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(heads: Sequence[str], rows: Iterable[Row]) -> None:
    """The first column is text, the others are numbers."""
    lines = [list(heads), *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    for line in lines:
        first, *others = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())
    print(flush=True)


def _cell(cell: str | float | int) -> str:
    if isinstance(cell, float):
        return f"{cell:.1f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def bar(what: str, measured: str, *, holds: bool) -> None:
    """One line for one bar; a bar that is missed is no failure of the program, but it is said aloud."""
    print(f"{'holds ' if holds else 'MISSED'}  {what}: {measured}", flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least that share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1))]


median = statistics.median
