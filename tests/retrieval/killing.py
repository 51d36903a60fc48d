"""Writers that are killed at a random moment, as a power cut or an operator would."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def killed_ten_times(program: str, directory: Path, *, before: Callable[[], None]) -> Iterator[list[int]]:
    """Ten times: start the program on the directory, kill it, say what it had reported until then, and go on.

    `program` gets the directory as its argument and prints "ready", then a number for all that it has done.
    """
    chance = random.Random(7)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    for _ in range(10):
        before()
        writer = subprocess.Popen(
            [sys.executable, "-c", program, str(directory)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.6))
        writer.send_signal(signal.SIGKILL)
        reported = [int(line) for line in writer.stdout.read().split()]
        writer.wait()
        yield reported
