"""Tell followers, in batches. A follower is `follow(entries: Sequence[Entry]) -> None`; it may be told twice."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.utils.module_loading import import_string

from allmende.jobs.job import job
from allmende.journal import actions, queries
from allmende.journal.models import Delivery, Entry

BATCH = 500

Follow = Callable[[Sequence[Entry]], None]


# Not atomic: a follower may take its time (an index is written), and must not hold SQLite's write lock meanwhile.
# Killed between telling and settling, it is told again. Coalescing: one waiting for a burst, never two at once.
@job(queue="index", coalesce=True, atomic=False)
def tell(follower: str) -> None:
    """Tell one follower everything that is due to it, the earliest first."""
    follow: Follow = import_string(follower)
    failures: list[Exception] = []
    while batch := list(queries.undelivered(follower).filter(failures=0).select_related("entry")[:BATCH]):
        failures += _tell(follow, batch)
    while not failures and (batch := list(queries.undelivered(follower).select_related("entry")[:BATCH])):
        failures += _tell(follow, batch)
    actions.fold()
    if failures:
        raise failures[0]


def _tell(follow: Follow, batch: list[Delivery]) -> list[Exception]:
    """Tell a batch; where it fails, its halves, so that one entry a follower cannot bear holds up no other."""
    try:
        follow([delivery.entry for delivery in batch])
    except Exception as error:  # noqa: BLE001  (whatever a follower raises, it is raised again by `tell`)
        if len(batch) == 1:
            actions.postpone(batch[0])
            return [error]
        half = len(batch) // 2
        return _tell(follow, batch[:half]) + _tell(follow, batch[half:])
    actions.settle(batch)
    return []


@job(coalesce=True)
def tidy() -> None:
    """Every minute: nothing stays untold, and versions stay cheap to read."""
    actions.tell_leftovers()
    actions.fold()


# Not atomic: reading and hashing must not hold SQLite's write lock.
@job(coalesce=True, atomic=False)
def seal() -> int:
    """Every minute: entries get their seal. The first run seals whatever was written before there were seals."""
    return actions.seal_waiting(now=datetime.now(UTC))
