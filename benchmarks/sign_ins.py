"""Many people who sign in and write at the same time: nothing may fail, and nothing that was saved may be lost.

    python -m benchmarks.sign_ins [people]

200 unless told otherwise, spread over addresses of the loopback, with all limits on; on SQLite, and on PostgreSQL where
it is installed. A password is hashed as slowly as in production, which is most of the time that a sign-in takes.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.support import environment, report, visitors
from tools import postgres
from tools.steps import CHECKOUT, PYTHON

KINDS = ("look", "sign in", "rename", "save", "sign out")


@contextmanager
def _stores() -> Iterator[list[tuple[str, str]]]:
    """Name and address (empty: SQLite in the data directory)."""
    programs = postgres.find()
    if programs is None:
        print(f"Without PostgreSQL ({postgres.HOW_TO_GET_IT}).")
        yield [("SQLite", "")]
        return
    with postgres.running(programs) as address:
        yield [("SQLite", ""), ("PostgreSQL", address)]


def _run(people: int, address: str) -> visitors.Load:
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as name:
        surroundings = environment.environment(Path(name)) | {"ALLMENDE_EMBEDDINGS": "none"}
        if address:
            surroundings["ALLMENDE_DATABASE_URL"] = address
        for words in (
            ["migrate", "--verbosity=0"],
            ["createcachetable"],
            ["collectstatic", "--noinput", "--verbosity=0"],
        ):
            subprocess.run(
                [str(PYTHON), "-m", "allmende.config.cli", *words], cwd=CHECKOUT, env=surroundings, check=True
            )
        return visitors.run(people, Path(name), surroundings)


def main(people: int = 200) -> None:
    report.machine("granian", "psycopg")
    with _stores() as stores:
        for name, address in stores:
            load = _run(people, address)
            print(
                f"\n{name}: {people} people at once, {load.took:.0f} s, {load.conflicts} times two had written\n"
            )
            rows = [
                (kind, len(load.seconds[kind]), report.median(load.seconds[kind]), max(load.seconds[kind]))
                for kind in KINDS
            ]
            report.table(("request", "number", "median s", "longest s"), rows)
            report.bar("no error", f"{len(load.faults)} {load.faults[:3]}", holds=not load.faults)
            report.bar("no lost write", f"{len(load.lost)} {load.lost[:3]}", holds=not load.lost)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
