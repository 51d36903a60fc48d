"""Worker processes killed at any moment: nothing is lost, nothing doubled."""

import random
import time
from collections.abc import Callable

import pytest

from tests.jobs.yard.processes import Yard, until

KILLS = 20

WORK = """
for number in range(6):
    fan.enqueue(f"fan-{number}", 12)
    walk.enqueue(f"walk-{number}", 40)
for number in range(20):
    count.enqueue("all")
    foreign.enqueue(f"foreign-{number}")
"""


def at_the_end() -> dict[str, object]:
    """What anybody would expect who knows nothing of workers."""
    tallies = {"all": 20} | {f"foreign-{number}": 1 for number in range(20)}
    for number in range(6):
        tallies |= {f"fan-{number}": 12} | {f"walk-{number}-{step}": 1 for step in range(40)}
    jobs = {"count": 20 + 6 * 12, "fan": 6, "foreign": 20, "walk": 6}
    return {
        "tallies": dict(sorted(tallies.items())),
        "jobs": {f"{name} SUCCESSFUL": times for name, times in jobs.items()},
        "left": [0, 0, 0],
        "entries": 92,
        "told": 92,
    }


def kill_at_work(yard: Yard, chance: random.Random) -> int:
    """Kill the older of two workers while it holds a job, twenty times or until all is done; how often that was."""
    workers = [yard.start(), yard.start()]
    kills = 0
    while kills < KILLS:
        if not yard.comes_to_work(workers[0]):
            return kills
        time.sleep(chance.uniform(0, 0.03))
        yard.kill(workers.pop(0))
        kills += 1
        workers.append(yard.start())
    assert until(lambda: not yard.unfinished())
    return kills


@pytest.mark.slow
def test_twenty_kills_end_in_the_same_state_as_none(new_yard: Callable[[str], Yard]) -> None:
    calm, killed = new_yard("calm"), new_yard("killed")
    for yard in (calm, killed):
        yard.enqueue(WORK)
    calm.work_once()
    assert calm.report() == at_the_end()
    assert kill_at_work(killed, random.Random(2)) == KILLS
    assert killed.report() == at_the_end()
