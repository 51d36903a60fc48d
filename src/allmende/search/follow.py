"""How the index follows the journal. Called in the worker, may be told twice."""

from collections.abc import Sequence

from allmende.jobs.actions import enqueue
from allmende.journal.queries import Entry
from allmende.retrieval.protocol import IndexCorrupt, IndexMissing
from allmende.search.actions import rebuild, refresh
from allmende.search.engine import index
from allmende.search.kinds_of_entries import sources

TEND = "allmende.search.tasks.tend"
REBUILD = "allmende.search.tasks.rebuild"


def index_again(entries: Sequence[Entry]) -> None:
    """Bring the documents of all concerned objects to what the database says now.

    An outdated index goes on taking changes while a new one is made beside it; one that is not there or broken is
    made here and now, because nothing is found until then.
    """
    stats = index().stats()
    if not stats.generation:
        rebuild()
        return
    if stats.needs_rebuild:
        enqueue(TEND)
    try:
        for kind, source in sources().items():
            refresh(kind, source.concerned(entries))
    except (IndexMissing, IndexCorrupt):
        rebuild()


def index_everything(entries: Sequence[Entry]) -> None:
    """A term has changed its words or its place: any document may have changed."""
    enqueue(REBUILD)
