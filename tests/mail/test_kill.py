"""Workers killed while they deliver: every letter arrives, and twice only what was in the server's hand."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.jobs.yard.processes import Yard, new_database, until
from tests.mail.office.receiver import Post, open_office

LETTERS = 60
KILLS = 15

WRITE = f"""
from datetime import UTC, datetime
from allmende.lib.actors import Actor
from allmende.mail.actions import send
for number in range({LETTERS}):
    send(to=f"kim{{number}}@stadt.example", subject=f"Nachricht {{number}}", text="Guten Tag", kind="yard.letter",
         about=("yard", ""), by=Actor.program("yard"), now=datetime.now(UTC))
"""


class PostYard(Yard):
    settings = "tests.mail.office.settings"


@pytest.fixture
def office() -> Iterator[tuple[Post, int]]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def yard(office: tuple[Post, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Yard]:
    monkeypatch.setenv("YARD_SMTP_PORT", str(office[1]))
    with ExitStack() as ends:
        url, remove = new_database(os.environ["ALLMENDE_DATABASE_URL"], tmp_path, "post")
        ends.callback(remove)
        made = PostYard(url)
        ends.callback(made.end)
        made.migrate()
        yield made


def waiting(yard: Yard) -> Callable[[], bool]:
    return lambda: yard.ask("SELECT count(*) FROM mail_letter WHERE state = 'queued'")[0][0] > 0


def kill_at_delivery(yard: Yard, post: Post, chance: random.Random) -> int:
    """Kill the worker again and again, each time after it has delivered something; how often that was."""
    kills = 0
    while kills < KILLS and waiting(yard)():
        worker, before = yard.start(), len(post.received)
        until(lambda: len(post.received) > before or not waiting(yard)())  # noqa: B023
        time.sleep(chance.uniform(0, 0.03))
        yard.kill(worker)
        kills += 1
    return kills


@pytest.mark.slow
def test_every_letter_arrives_and_doubles_are_no_more_than_the_kills(
    yard: Yard, office: tuple[Post, int]
) -> None:
    post, _port = office
    # Wide enough to be hit: the time between taking a letter and saying so.
    post.pause = 0.01
    yard.python(WRITE)
    assert kill_at_delivery(yard, post, random.Random(4)) == KILLS
    yard.start()
    # What a killed worker had in hand waits until somebody asks again, as the schedule does every minute.
    assert until(lambda: not yard.unfinished() or not waiting(yard)())
    for _ in range(20):
        if not waiting(yard)():
            break
        yard.python("from allmende.mail.tasks import deliver; deliver.enqueue()")
        until(lambda: not yard.unfinished())
    times = Counter(received.message_id for received in post.received)
    wanted = {f"<{row[0]}>" for row in yard.ask("SELECT message_id FROM mail_letter")}
    doubled = [message_id for message_id, count in times.items() if count > 1]
    assert set(times) == wanted
    assert len(post.received) - len(times) <= KILLS
    # Whoever got a letter twice can tell: the same to the last byte.
    bytes_of = {
        message_id: {each.raw for each in post.received if each.message_id == message_id}
        for message_id in doubled
    }
    assert [len(each) for each in bytes_of.values()] == [1] * len(doubled)
    assert yard.ask("SELECT state, count(*) FROM mail_letter GROUP BY state") == [("sent", LETTERS)]
    print(f"{len(post.received)} deliveries of {LETTERS} letters after {KILLS} kills")
