from datetime import UTC, datetime

from allmende.jobs.job import job
from allmende.retrieval.protocol import IndexBusy
from allmende.search import actions

# Short, so that what shares the worker gets its turn; what is left is taken up again right behind it.
SLICE_SECONDS = 2.0
# A queue of its own: what search does at leisure never stands before a change that is to be found at once. Making a
# large index anew takes minutes. In the queue of the changes all of them would wait so long; here it waits for the
# harvest that is running, and that is the lesser evil: until then the old index answers and takes every change. Where
# there is none that answers, `tend` makes it at once, in the queue of the changes, because nothing is found anyway.
LEISURE = "meaning"
# Before harvests that wait on the same worker.
SOON = 10


@job(queue=LEISURE, priority=-10, coalesce=True, atomic=False)
def learn() -> None:
    """Work out vectors for a while; at every start and every minute, and whenever an entry has changed."""
    if actions.learn(seconds=SLICE_SECONDS, now=datetime.now(UTC)):
        learn.enqueue()


@job(queue=LEISURE, priority=-10, coalesce=True, atomic=False)
def place_again() -> None:
    """After the index was rebuilt, any entry may have other texts."""
    actions.place_again()
    learn.enqueue()


@job(queue=LEISURE, priority=SOON, coalesce=True, atomic=False)
def rebuild() -> None:
    """Make the index anew, because any entry may have changed; where somebody else is at it, once more after that."""
    actions.rebuild()


@job(priority=-10, coalesce=True, atomic=False)
def tend() -> None:
    """At every start and every few minutes: does the index still fit the program? No harvest delays this look."""
    try:
        actions.tend()
    except IndexBusy:
        # Somebody else is at it.
        return


@job(queue=LEISURE, priority=SOON, coalesce=True, atomic=False)
def renew() -> None:
    """The index answers, but no longer fits the program."""
    try:
        actions.renew()
    except IndexBusy:
        # Somebody else is at it.
        return


@job(queue=LEISURE, priority=-20, coalesce=True, atomic=False)
def sweep() -> None:
    """Every day: forget vectors that nothing needs."""
    actions.sweep_embeddings(now=datetime.now(UTC))


@job(coalesce=True, atomic=False)
def count_misses() -> None:
    """Every minute: bring searches in vain into the database."""
    actions.count_misses(now=datetime.now(UTC))
