"""Start, watch and kill the programs of the yard."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

REPORT = """
import json
from collections import Counter
from allmende.jobs.models import Lease, Waiting
from allmende.journal.models import Delivery, Entry
from django_tasks_db.models import DBTaskResult
from tests.jobs.yard.models import Tally, Told
jobs = Counter(DBTaskResult.objects.exclude(task_path__endswith="tasks.tell").values_list("task_path", "status"))
print(json.dumps({
    "tallies": dict(Tally.objects.order_by("name").values_list("name", "count")),
    "jobs": {f"{path.rpartition('.')[2]} {status}": times for (path, status), times in sorted(jobs.items())},
    "left": [Lease.objects.count(), Waiting.objects.count(), Delivery.objects.count()],
    "entries": Entry.objects.count(),
    "told": Told.objects.count(),
}))
"""

ATTEMPTS = """
from django_tasks_db.models import DBTaskResult
print([len(row.worker_ids) for row in DBTaskResult.objects.order_by("enqueued_at")])
"""


class Yard:
    """A database of its own (`url`) and the processes on it."""

    settings = "tests.jobs.yard.settings"

    def __init__(self, url: str) -> None:
        self.url = url
        self.environment = os.environ | {
            "ALLMENDE_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": self.settings,
        }
        self.workers: list[int] = []
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.yard.nursery"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _order(self, **order: Any) -> dict[str, Any]:
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        answer: dict[str, Any] = json.loads(self.nursery.stdout.readline())
        return answer

    def python(self, lines: str) -> str:
        """Run lines in a process of their own; what they print."""
        answer = self._order(python=lines)
        assert answer["status"] == 0, lines
        return str(answer["out"])

    def migrate(self) -> None:
        self.python(
            "from django.core.management import call_command\n"
            "call_command('migrate', run_syncdb=True, verbosity=0, skip_checks=True)"
        )

    def enqueue(self, lines: str) -> None:
        self.python(f"from tests.jobs.yard.tasks import *\n{lines}")

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.python(REPORT))
        return found

    def attempts(self) -> list[int]:
        """How often each job was begun."""
        found: list[int] = json.loads(self.python(ATTEMPTS))
        return found

    def work_once(self) -> None:
        self.python(
            "from allmende.jobs.worker import Worker\n"
            "from tests.jobs.yard import tasks\n"
            "tasks.pause = lambda seconds: None\n"
            "Worker(once=True).work()"
        )

    def start(self, *queues: str) -> int:
        """Start a worker; its process id."""
        pid = int(self._order(worker=list(queues))["pid"])
        self.workers.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.workers.remove(pid)

    def command(self, *arguments: str) -> "subprocess.Popen[str]":
        """A management command as a person types it."""
        program = [sys.executable, "-m", "django", *arguments]
        return subprocess.Popen(
            program, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    @cached_property
    def _database(self) -> Any:
        """A connection of the test's own, kept: to open one takes longer than many a job."""
        if self.url.startswith("sqlite:"):
            import sqlite3

            return sqlite3.connect(urlsplit(self.url).path[1:], timeout=20, isolation_level=None)
        import psycopg

        return psycopg.connect(self.url, autocommit=True)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._database.execute(sql).fetchall()
        return found

    def is_at_work(self, pid: int) -> bool:
        return any(f":{pid}:" in worker for (worker,) in self.ask("SELECT worker FROM jobs_lease"))

    def comes_to_work(self, pid: int) -> bool:
        """Wait until the worker holds a job; False: there is nothing left to do."""
        return until(lambda: self.is_at_work(pid) or not self.unfinished()) and self.is_at_work(pid)

    def unfinished(self) -> int:
        found = self.ask(
            "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING')"
        )
        return int(found[0][0])

    def end(self) -> None:
        for pid in self.workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.nursery.communicate()
        self._database.close()


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it came true within that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.01)
    return False


def new_database(server_url: str, folder: Path, name: str) -> tuple[str, Callable[[], None]]:
    """The address of an empty database of the suite's kind, and what removes it."""
    if server_url.startswith("sqlite:"):
        return f"sqlite:///{folder / name}.sqlite3", lambda: None
    import psycopg

    parts = urlsplit(server_url)
    full_name = f"allmende_yard_{name}_{os.getpid()}"

    def on_server(statement: str) -> None:
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
            server.execute(statement)

    on_server(f'CREATE DATABASE "{full_name}"')
    return (
        urlunsplit(parts._replace(path=f"/{full_name}")),
        lambda: on_server(f'DROP DATABASE IF EXISTS "{full_name}" WITH (FORCE)'),
    )
