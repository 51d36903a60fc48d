"""Harvest and followers killed at random points, twenty times, end in the same state as undisturbed."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.federation.entries import entry, put
from tests.jobs.yard.processes import Yard, until
from tests.support.databases import store_for

KILLS = 20
RECORDS = 160

ADD = """
from datetime import UTC, datetime
from allmende.federation.actions import add_source
from allmende.lib.actors import Actor
from allmende.vocabulary.actions import load
by, now = Actor.program("test"), datetime.now(UTC)
load(by=by, now=now)
add_source("musterland", name="Katalog", kind="directory", location={folder!r}, format="publiccode", by=by, now=now)
"""

ENQUEUE = """
from allmende.federation.models import Source
from allmende.federation.tasks import run_source
run_source.enqueue(Source.objects.get().public_id)
"""

WORK = """
from allmende.jobs.worker import Worker
Worker(once=True).work()
"""

REPORT = """
import json
from collections import Counter
from allmende.catalogue.models import Edition, Listing, Release, Solution, SolutionTerm, SolutionText, Statement
from allmende.federation.models import RawRecord, Run
from allmende.jobs.models import Lease, Waiting
from allmende.journal.models import Delivery
from allmende.journal.queries import Entry
from allmende.search.verifying import verify

names = dict(Solution.objects.values_list("public_id", "name"))
def content(edition):
    found = json.loads(edition.content)
    del found["id"]
    return [edition.number, found]
def rows(model, *fields, **where):
    return sorted(map(json.dumps, map(list, model.objects.filter(**where).values_list(*fields))))
print(json.dumps({
    "solutions": rows(Solution, "name", "state", "repository_key", "licence", "edition_number", "lock_version"),
    "texts": rows(SolutionText, "solution__name", "language", "summary", "description"),
    "terms": rows(SolutionTerm, "solution__name", "scheme", "code", "position"),
    "listings": rows(Listing, "key", "draft_digest", "solution__name"),
    "missing": rows(Listing, "key", missing_since__isnull=False),
    "statements": rows(Statement, "listing__key", "field", "value"),
    "releases": rows(Release, "listing__key", "version"),
    "editions": sorted(json.dumps([names[each.subject_id], content(each)]) for each in Edition.objects.all()),
    "records": rows(RawRecord, "key", "digest", "decision", "reasons", "listing__key"),
    "gone": rows(RawRecord, "key", missing_since__isnull=False),
    "journal": sorted(
        f"{names[subject]} {kind}"
        for subject, kind in Entry.objects.filter(subject_type="solution").values_list("subject_id", "kind")
    ),
    "left": [Lease.objects.count(), Waiting.objects.count(), Delivery.objects.count()],
    "runs_add_up": all(each.adds_up for each in Run.objects.all()),
    "still_running": Run.objects.filter(state="running").count(),
    "differences": verify().differences,
}))
"""

STATES = """
import json
from allmende.federation.models import Run
print(json.dumps(list(Run.objects.values_list("state", flat=True))))
"""


WAITING = """
from django_tasks_db.models import DBTaskResult
for each in DBTaskResult.objects.filter(status__in=("READY", "RUNNING")):
    print(each.task_path, each.status, each.run_after, len(each.worker_ids), each.traceback)
"""


class Farm(Yard):
    """The whole house on a database and an index of its own, with workers that can be killed."""

    def __init__(self, url: str, place: Path) -> None:
        place.mkdir(exist_ok=True)
        self.url = url
        self.environment = os.environ | {
            "ALLMENDE_DATABASE_URL": url,
            "ALLMENDE_DATA_DIR": str(place),
            "ALLMENDE_LOG_LEVEL": "CRITICAL",
        }
        self.workers: list[int] = []
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.federation.nursery"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask_json(self, lines: str) -> Any:
        return json.loads(self.python(lines))


def own_database(place: Path, name: str) -> str:
    url = os.environ["ALLMENDE_DATABASE_URL"]
    if url.startswith("sqlite:"):
        return f"sqlite:///{place / name}.sqlite3"
    return urlunsplit(urlsplit(url)._replace(path=f"/allmende_farm_{name}_{os.getpid()}"))


@pytest.fixture
def farms(tmp_path: Path) -> Iterator[tuple[Farm, Farm]]:
    """One that is left in peace and one that is not."""
    with ExitStack() as ends:
        made = []
        for name in ("calm", "killed"):
            store = store_for(own_database(tmp_path, name))
            store.create()
            ends.callback(store.remove)
            farm = Farm(own_database(tmp_path, name), tmp_path / name)
            ends.callback(farm.end)
            farm.python(ADD.format(folder=str(tmp_path / "source")))
            made.append(farm)
        yield made[0], made[1]


def write(folder: Path, version: int) -> None:
    """Three states of a source: all new; a third changed, some broken; some gone, some mended."""
    for number in range(RECORDS):
        key = f"{number:03}/publiccode.yml"
        if version == 2 and number % 3:
            continue
        if version == 3 and number % 10 == 4:
            (folder / key).unlink()
        elif version == 2 and number % 12 == 0:
            put(folder, key, b"name: [")
        elif version < 3 or number % 12 == 0:
            url = f"https://git.musterland.test/stadt/werkzeug-{number}"
            text = f"Das Werkzeug {number} hilft Verwaltungen bei Aufgabe {number} in Fassung {version}."
            put(folder, key, entry(f"Werkzeug Nummer {number}", url, text, f'softwareVersion: "{version}"\n'))


def kill_at_work(farm: Farm, kills: int, patience: Callable[[], float]) -> int:
    """Kill whichever of two workers holds a job, after a while; how often that was before all was done."""
    done = 0
    while done < kills and until(lambda: bool(at_work(farm)) or not farm.unfinished()):
        time.sleep(patience())
        for pid in at_work(farm)[:1]:
            farm.kill(pid)
            farm.start()
            done += 1
        if not farm.unfinished():
            break
    return done


def at_work(farm: Farm) -> list[int]:
    return [pid for pid in farm.workers if farm.is_at_work(pid)]


@pytest.mark.slow
def test_twenty_kills_end_in_the_same_state_as_none(farms: tuple[Farm, Farm], tmp_path: Path) -> None:
    calm, killed = farms
    chance = random.Random(7)
    killed.start()
    killed.start()
    kills = 0
    for version, until_now in ((1, 10), (2, 16), (3, KILLS)):
        write(tmp_path / "source", version)
        calm.python(ENQUEUE)
        began = time.monotonic()
        calm.python(WORK)
        share, lasts = until_now - kills, time.monotonic() - began
        killed.python(ENQUEUE)
        # Spread over the work, however fast this machine is today.
        kills += kill_at_work(killed, share, lambda last=lasts / share: chance.uniform(0, last))
        assert until(lambda: not killed.unfinished(), seconds=60), killed.python(WAITING)
    expected = calm.ask_json(REPORT)
    assert kills == KILLS
    assert len(expected["solutions"]) == RECORDS
    assert (expected["left"], expected["still_running"], expected["differences"]) == ([0, 0, 0], 0, [])
    found = killed.ask_json(REPORT)
    for part, value in expected.items():
        assert found[part] == value, part
    states = killed.ask_json(STATES)
    assert "interrupted" in states  # else nothing was killed in the middle
