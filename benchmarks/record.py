"""How long the record of a market exploration takes as PDF, and how much memory.

    python -m benchmarks.record [repetitions]

A frozen case with 200 entries on its list and 30 companies that answered. Written by a process that is new to
everything, from the frozen content to the bytes of the PDF/A-3 with record and signature. The typesetter is a process
of its own, which ends with its document; each has its own peak of memory, program and all.
"""

import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.support import environment, report

ENTRIES, ANSWERS = 200, 30
BAR_SECONDS, BAR_MEGABYTES = 3.0, 200
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WRITE = """
import json, resource, sys, time
import django
django.setup()
from datetime import UTC, datetime
from allmende.exploration.models import Case
from allmende.exploration.record.exports import Record
times = []
for _ in range(int(sys.argv[1])):
    started = time.perf_counter()
    record = Record(Case.objects.get(), without_confidential=False, now=datetime.now(UTC))
    data = record.file(sys.argv[2])
    times.append(time.perf_counter() - started)
peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"times": times, "own": peaks[0], "setter": peaks[1], "bytes": len(data)}))
"""


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    report.machine("typst")
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as folder:
        environment.enter(Path(folder))
        frozen, size = _frozen()
        rows, slowest, peak = [], 0.0, 0.0
        for form in ("pdf", "archiv", "docx"):
            found = _written(folder, form, repetitions)
            rows.append(
                (
                    form,
                    found["times"][0] * 1_000,
                    max(found["times"]) * 1_000,
                    found["own"],
                    found["setter"],
                    found["bytes"],
                )
            )
            if form != "docx":
                slowest, peak = max(slowest, *found["times"]), max(peak, found["own"], found["setter"])
        print(f"freezing {frozen * 1_000:.0f} ms, record {size:,} bytes\n")
        report.table(("form", "first, ms", "slowest, ms", "program, MB", "typesetter, MB", "bytes"), rows)
        report.bar(
            f"{ENTRIES} entries and {ANSWERS} answers as PDF ≤ {BAR_SECONDS:.0f} s and {BAR_MEGABYTES} MB",
            f"{slowest:.2f} s, {peak:.0f} MB in the larger of the two processes",
            holds=slowest <= BAR_SECONDS and peak <= BAR_MEGABYTES,
        )


def _frozen() -> tuple[float, int]:
    """Seconds that freezing took, and bytes of the record."""
    import time

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.exploration.whole import a_whole_case, approved, handed_in

    hall = handed_in(a_whole_case(NOW, entries=ENTRIES, answers=ANSWERS))
    started = time.perf_counter()
    record = approved(hall)
    return time.perf_counter() - started, len(record.content or "")


def _written(folder: str, form: str, repetitions: int) -> dict[str, object]:
    told = subprocess.run(
        [sys.executable, "-c", WRITE, str(repetitions), form],
        check=True,
        capture_output=True,
        text=True,
        env=environment.environment(Path(folder)),
    )
    return json.loads(told.stdout)


if __name__ == "__main__":
    main()
