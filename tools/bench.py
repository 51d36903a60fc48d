"""`make bench`: run every measurement in benchmarks/ (or those named: `make bench ONLY="search harvest"`).

Each is a program of its own that makes its data, prints a table and says what it measured. Figures that are worth
keeping go to benchmarks/RESULTS.md by hand, with machine and date: a measurement is read before it is believed.
"""

import os
import platform
import subprocess
import sys

from tools import setup
from tools.steps import CHECKOUT, PYTHON, Stop, main, say


def _program() -> None:
    setup.prepare("test")
    wanted = os.environ.get("ONLY", "").split()
    programs = {path.stem: path for path in sorted((CHECKOUT / "benchmarks").glob("[a-z]*.py"))}
    unknown = [name for name in wanted if name not in programs]
    if unknown:
        raise Stop(f"Diese Messung gibt es nicht: {', '.join(unknown)}. Es gibt: {', '.join(programs)}.")
    say(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} Kerne")
    failed = []
    for name, path in programs.items():
        if wanted and name not in wanted:
            continue
        say(f"\n== {name} ==\n")
        done = subprocess.run([str(PYTHON), "-m", f"benchmarks.{path.stem}"], cwd=CHECKOUT, check=False)
        if done.returncode:
            failed.append(name)
    if failed:
        raise Stop(f"Gescheitert: {', '.join(failed)}.")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(_program)
