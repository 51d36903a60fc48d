"""How the index follows the journal. Called in the worker, the only writer of the index; may be told twice."""

from collections.abc import Sequence

from allmende.journal.queries import Entry
from allmende.retrieval.protocol import IndexCorrupt, IndexMissing
from allmende.search.actions import rebuild, refresh
from allmende.search.engine import index
from allmende.search.kinds_of_entries import sources


def index_again(entries: Sequence[Entry]) -> None:
    """Bring the documents of all concerned objects to what the database says now."""
    if index().stats().needs_rebuild:
        rebuild()
        return
    try:
        for kind, source in sources().items():
            refresh(kind, source.concerned(entries))
    except (IndexMissing, IndexCorrupt):
        rebuild()


def index_everything(entries: Sequence[Entry]) -> None:
    """A term has changed its words or its place: any document may have changed."""
    rebuild()
