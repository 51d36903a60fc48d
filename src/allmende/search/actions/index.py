"""Writes of the index. They leave no trace in the journal: the index holds no truth of its own."""

from collections.abc import Collection

from allmende.jobs.actions import enqueue
from allmende.retrieval.protocol import IndexUnavailable, Query
from allmende.search import meaning
from allmende.search.actions.meaning import displace
from allmende.search.engine import index
from allmende.search.kinds_of_entries import everything, sources

RENEW = "allmende.search.tasks.renew"
PLACE_AGAIN = "allmende.search.tasks.place_again"


def refresh(kind: str, public_ids: Collection[str]) -> None:
    """Put what may be found and take out what may not, as the database says now; its meaning follows."""
    if not public_ids:
        return
    documents = list(sources()[kind].documents(public_ids))
    present = {document.id for document in documents}
    if documents:
        index().put(documents)
    gone = [public_id for public_id in public_ids if public_id not in present]
    if gone:
        index().remove(gone)
    displace(kind, public_ids)


def rebuild() -> int:
    """Build the whole index anew beside the old one and swap; returns how many documents it holds. Vectors follow."""
    index().rebuild(everything)
    if meaning.is_wanted():
        enqueue(PLACE_AGAIN)
    return index().stats().documents


def tend() -> str:
    """See whether the index asks to be made anew (a changed analyser, word list or definition, a broken directory);
    why, or "" where all is well.

    One that answers goes on answering until another job has made the new one; where nothing can be found, that is
    done here and now.
    """
    reason = index().stats().needs_rebuild
    if reason and _answers():
        enqueue(RENEW)
    elif reason:
        rebuild()
    return reason


def renew() -> None:
    """Make the index anew if it still asks for that."""
    if index().stats().needs_rebuild:
        rebuild()


def _answers() -> bool:
    try:
        index().search(Query(limit=0))
    except IndexUnavailable:
        return False
    return True
