"""Forks the processes of a yard: each has everything imported and starts in no time, and dies as any other does.

Run as a program; reads orders as JSON lines, `{"python": lines}` (answered when done) or `{"worker": [queues]}`.
"""

import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace

import django

django.setup()

from allmende.jobs import job  # noqa: E402

# A killed worker keeps a stranger's job for half a minute, longer than a test waits.
job.FOREIGN = replace(job.FOREIGN, retries=30, lease_seconds=0.5)

from allmende.jobs.worker import Worker  # noqa: E402
from tests.jobs.yard import follow, tasks  # noqa: E402, F401


def fork(act: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        act()
        os._exit(0)
    except BaseException:  # noqa: BLE001  (a child must never come back into the loop of its parent)
        traceback.print_exc()
        os._exit(1)


def python(lines: str) -> str:
    reader, writer = os.pipe()

    def act() -> None:
        with redirect_stdout(io.StringIO()) as out:
            exec(lines, {})
        os.write(writer, out.getvalue().encode())

    pid = fork(act)
    os.close(writer)
    with os.fdopen(reader) as out:
        text = out.read()
    _, status = os.waitpid(pid, 0)
    return json.dumps({"status": status, "out": text})


def worker(queues: list[str]) -> str:
    def act() -> None:
        work = Worker(queues=queues)
        work.listen()
        work.work()

    return json.dumps({"pid": fork(act)})


def bury() -> None:
    """Those that were killed would stay in the table of processes."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


for line in sys.stdin:
    order = json.loads(line)
    bury()
    sys.stdout.write((python(order["python"]) if "python" in order else worker(order["worker"])) + "\n")
    sys.stdout.flush()
