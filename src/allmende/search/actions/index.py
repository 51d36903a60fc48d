"""Writes of the index. They leave no trace in the journal: the index holds no truth of its own."""

from collections.abc import Collection, Iterator
from itertools import chain

from allmende.retrieval.documents import fingerprint
from allmende.retrieval.protocol import Document
from allmende.search.engine import index
from allmende.search.kinds_of_entries import sources


def refresh(kind: str, public_ids: Collection[str]) -> None:
    """Put what may be found and take out what may not, as the database says now."""
    if not public_ids:
        return
    documents = list(sources()[kind].documents(public_ids))
    present = {document.id for document in documents}
    if documents:
        index().put(documents)
    gone = [public_id for public_id in public_ids if public_id not in present]
    if gone:
        index().remove(gone)


def rebuild() -> int:
    """Build the whole index anew beside the old one and swap; returns how many documents it holds."""
    index().rebuild(_everything)
    return index().stats().documents


def _everything() -> Iterator[Document]:
    return chain.from_iterable(source.all_documents() for source in sources().values())


def differences() -> list[str]:
    """What database and index disagree about, one German sentence each; empty where they agree."""
    indexed = dict(index().contents())
    sentences = []
    for document in _everything():
        known = indexed.pop(document.id, None)
        if known is None:
            sentences.append(f"„{document.name}“ ({document.id}) fehlt im Suchindex.")
        elif known != fingerprint(document):
            sentences.append(f"„{document.name}“ ({document.id}) steht veraltet im Suchindex.")
    return sentences + [f"{identity} steht im Suchindex, aber nicht mehr im Katalog." for identity in indexed]
