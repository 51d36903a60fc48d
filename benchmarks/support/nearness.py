"""Our rankers that know meaning: alone, and together with words."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from allmende.retrieval.meaning.chunks import chunks
from allmende.retrieval.meaning.protocol import Embedder, Placed
from allmende.retrieval.meaning.vectors import VectorStore
from allmende.retrieval.protocol import Query
from allmende.retrieval.tantivy_index import TantivyIndex
from benchmarks.support.judged import Entry
from benchmarks.support.rankers import DEPTH, Ranker, document

NEAREST = 300
"""Entries that a question brings along, as `search.meaning.NEAREST`."""


def store(entries: Sequence[Entry], model: Embedder, root: Path) -> VectorStore:
    """The vectors of all entries, in a directory of its own."""
    made = VectorStore(root, model.name, model.dimensions)
    made.rebuild(_placed(entries, model))
    return made


def _placed(entries: Sequence[Entry], model: Embedder) -> Iterator[Placed]:
    for entry in entries:
        if pieces := list(chunks(document(entry))):
            yield Placed(entry.id, model.passages(pieces))


def meaning(vectors: VectorStore, model: Embedder) -> Ranker:
    """By nearness alone."""
    return lambda text: [near.id for near in vectors.nearest(model.query(text), DEPTH)]


def hybrid(ours: TantivyIndex, vectors: VectorStore, model: Embedder) -> Ranker:
    """By words and meaning, as a page asks."""

    def rank(text: str) -> list[str]:
        near = {near.id: near.similarity for near in vectors.nearest(model.query(text), NEAREST)}
        query = Query(text, any_word=True, limit=DEPTH, meaning=near)
        return [hit.id for hit in ours.search(query).hits]

    return rank
