"""Forks workers that have everything imported, start in no time, and die as any other process does.

Run as a program on a database of its own; reads orders as JSON lines: `{"python": lines}` is answered when done,
`{"worker": [queues]}` with the process id.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import django

django.setup()

from allmende.federation import tasks  # noqa: E402
from allmende.federation.actions import running  # noqa: E402
from allmende.federation.formats.publiccode.licences import canonical_licence  # noqa: E402
from allmende.jobs import worker as working  # noqa: E402
from allmende.jobs.job import Backoff  # noqa: E402
from allmende.jobs.worker import Worker  # noqa: E402
from allmende.journal.tasks import tell  # noqa: E402
from allmende.search.tasks import rebuild, renew, tend  # noqa: E402

canonical_licence("EUPL-1.2")  # the register of licences is read once

# A worker that was killed is missed after a second and not after half a minute, and twenty times are not too often;
# nor does a job that has died so often wait ten minutes for its next attempt.
SOON = Backoff(first=timedelta(seconds=0.5), cap=timedelta(seconds=1))
working.CARE_SECONDS = 0.1
running.BATCH = 20
for each in (tasks.run_source, tell, rebuild, renew, tend):
    object.__setattr__(each, "policy", replace(each.policy, lease_seconds=1.0, retries=60, backoff=SOON))


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
        with redirect_stdout(StringIO()) as out:
            exec(lines, {})
        os.write(writer, out.getvalue().encode())

    pid = fork(act)
    os.close(writer)
    with os.fdopen(reader) as out:
        text = out.read()
    _, status = os.waitpid(pid, 0)
    return json.dumps({"status": status, "out": text})


def worker(queues: list[str]) -> str:
    return json.dumps({"pid": fork(lambda: (Worker(queues=queues).work(), None)[1])})


def bury() -> None:
    """Those that were killed would stay in the table of processes."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    for line in sys.stdin:
        order = json.loads(line)
        bury()
        sys.stdout.write((python(order["python"]) if "python" in order else worker(order["worker"])) + "\n")
        sys.stdout.flush()
