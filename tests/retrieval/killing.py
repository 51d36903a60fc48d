"""Writers that are killed at a random moment, as a power cut or an operator would."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

HOST = """
import os, sys
from pathlib import Path

program = {}
exec(sys.argv[1], program)
for _ in sys.stdin:
    if not (writer := os.fork()):
        print(os.getpid(), flush=True)
        program["write"](Path(sys.argv[2]))
        os._exit(0)
    os.waitpid(writer, 0)
    print("ended", flush=True)
"""
"""Has all that is imported ready, and makes a process for each line that it is sent: starting Python ten times would
take most of a test. Nothing of the program but its imports has run before."""


class Host:
    """Starts and kills processes that run `write` of the program, one after the other."""

    def __init__(self, program: str, directory: Path, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOST, program, str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."]), **environment},
        )
        self._writer = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer:
            self.kill()
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def start(self) -> None:
        print(file=self._process.stdin, flush=True)
        self._writer = int(self._line())

    def kill(self) -> list[int]:
        """What it had reported until then, in numbers."""
        os.kill(self._writer, signal.SIGKILL)
        self._writer = 0
        return [int(line) for line in iter(self._line, "ended\n")]

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def killed_ten_times(program: str, directory: Path, *, before: Callable[[], None]) -> Iterator[list[int]]:
    """Ten times: start the program on the directory, kill it, say what it had reported until then, and go on.

    `program` has a function `write` of the directory that prints a number for all that it has done.
    """
    chance = random.Random(7)
    with Host(program, directory) as host:
        for _ in range(10):
            before()
            host.start()
            time.sleep(chance.uniform(0.02, 0.6))
            yield host.kill()
