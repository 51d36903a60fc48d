"""The nearest of many rows: all of them looked at, or above a size by way of a graph of neighbours.

Looking at 100,000 rows of 384 bytes takes 2 ms with the processor's own instructions for it (numkong), 6–12 ms by
usearch's exact search and 21 ms by numpy in blocks: measured on one core, with int8 on all sides.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numkong
import numpy as np
from numpy.typing import NDArray

from allmende.retrieval.meaning.protocol import MeaningUnavailable, Near, Vector
from allmende.retrieval.meaning.vectors_disk import GRAPH, About, Line, Rows, checked, file_crc, quantised

if TYPE_CHECKING:
    from usearch.index import Index as Graph

CONNECTIVITY, BUILD_BREADTH, SEARCH_BREADTH = 16, 128, 256
"""Of the graph: with 300,000 rows .988 of the nearest 100 are found, in 3 ms; making it takes two minutes."""

NOBODY = -2.0
"""Less than any similarity: rows of entries that were removed or replaced."""

BLOCK = 8_192


@dataclass(frozen=True)
class Shelf:
    """All rows of a generation at one moment. `ids` and `places` grow with later moments and are shared with them;
    `owners` (by row, a place in `ids`), `gone` and `inverse` (one over the length of a row) belong to this one.
    """

    about: About
    rows: Rows
    end: int
    ids: list[str]
    places: dict[str, tuple[int, int]]
    owners: NDArray[np.int32]
    inverse: NDArray[np.float32]
    gone: NDArray[np.int64]
    graph: "Graph | None" = None
    _turn: Lock = field(default_factory=Lock)
    """The graph keeps notes while it searches: one at a time."""

    @property
    def living(self) -> int:
        return len(self.rows) - len(self.gone)

    def followed_by(self, lines: Iterable[Line], rows: Rows) -> "Shelf":
        """The same after further changes; `rows` are all, those of the changes included. Checks what it reads."""
        numbers: list[int] = []
        counts: list[int] = []
        gone: list[NDArray[np.int64]] = [self.gone]
        inverse = [self.inverse]
        at, end = len(self.rows), self.end
        for line in lines:
            if line.at != at:
                raise MeaningUnavailable(f"a change begins at row {line.at} and not at {at}")
            inverse.append(_inverse_lengths(checked(rows, line)))
            for identity, count in line.entries:
                if old := self.places.pop(identity, None):
                    gone.append(np.arange(old[0], sum(old)))
                if count:
                    self.places[identity] = at, count
                    numbers.append(len(self.ids))
                    counts.append(count)
                    self.ids.append(identity)
                at += count
            end = line.end
        return replace(
            self,
            rows=rows,
            end=end,
            owners=np.concatenate([self.owners, np.repeat(np.array(numbers, np.int32), counts)]),
            inverse=np.concatenate(inverse),
            gone=np.concatenate(gone),
        )

    # The nearest

    def nearest(self, vector: Vector, limit: int) -> list[Near]:
        """Each entry once, by its nearest chunk; equals by id. More rows are taken until there are enough entries."""
        asked = quantised(vector.reshape(1, -1), np.array(self.about.mean, np.float32))
        taken = 2 * limit
        while True:
            rows, similarities = self._nearest_rows(asked, min(taken, len(self.rows)))
            found = self._entries(rows, similarities)
            if len(found) >= limit or taken >= len(self.rows):
                return found[:limit]
            taken *= 4

    def _nearest_rows(self, asked: Rows, wanted: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """At least so many living rows with their similarities (all, if there are fewer), in no order."""
        if self.graph is None or wanted >= self.about.graph_rows // 2:
            return _best(self._similarities(asked, 0), wanted, 0)
        with self._turn:
            keys = self.graph.search(asked[0], min(wanted + len(self.gone), 4 * wanted)).keys
        rows = np.setdiff1d(keys.astype(np.int64), self.gone)
        similarities = self._scaled(asked, _products(asked, self.rows[rows]), self.inverse[rows])
        behind = self.about.graph_rows
        new, newer = _best(self._similarities(asked, behind), wanted, behind)
        return np.concatenate([rows, new]), np.concatenate([similarities, newer])

    def _similarities(self, asked: Rows, start: int) -> NDArray[np.float32]:
        """Of all rows from `start` on."""
        similarities = self._scaled(asked, _products(asked, self.rows[start:]), self.inverse[start:])
        similarities[self.gone[self.gone >= start] - start] = NOBODY
        return similarities

    def _scaled(
        self, asked: Rows, products: NDArray[np.float32], inverse: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        scaled: NDArray[np.float32] = products * inverse * _inverse_lengths(asked)[0]
        return scaled

    def _entries(self, rows: NDArray[np.int64], similarities: NDArray[np.float32]) -> list[Near]:
        """Rows of one owner lie side by side, and owners ascend: so chunks are numbered from an owner's first row."""
        nearest_first = np.lexsort((rows, -similarities))
        owners, places = np.unique(self.owners[rows[nearest_first]], return_index=True)
        best = nearest_first[places]
        chunks = rows[best] - np.searchsorted(self.owners, owners)
        found = [
            Near(self.ids[owner], similarity, chunk)
            for owner, similarity, chunk in zip(
                owners.tolist(), similarities[best].tolist(), chunks.tolist(), strict=True
            )
        ]
        return sorted(found, key=lambda near: (-near.similarity, near.id))


def empty(about: About, directory: Path) -> Shelf:
    """Nothing read yet but the graph, which is checked: a damaged one would bring the process down."""
    return Shelf(
        about,
        np.zeros((0, about.dimensions), np.int8),
        0,
        [],
        {},
        np.zeros(0, np.int32),
        np.zeros(0, np.float32),
        np.zeros(0, np.int64),
        _opened(directory / GRAPH, about) if about.graph_rows else None,
    )


def _products(asked: Rows, rows: Rows) -> NDArray[np.float32]:
    if not len(rows):
        return np.zeros(0, np.float32)
    products: NDArray[np.float32] = np.asarray(numkong.cdist(asked, rows, "dot"))[0].astype(np.float32)
    return products


def _inverse_lengths(rows: Rows) -> NDArray[np.float32]:
    """0 for a row of zeros, which is near to nothing."""
    lengths = [
        np.sqrt(np.einsum("ij,ij->i", block, block))
        for start in range(0, len(rows), BLOCK)
        for block in [rows[start : start + BLOCK].astype(np.float32)]
    ]
    joined = np.concatenate([np.zeros(0, np.float32), *lengths])
    inverse: NDArray[np.float32] = np.divide(1, joined, out=np.zeros_like(joined), where=joined > 0)
    return inverse


def _best(
    similarities: NDArray[np.float32], wanted: int, start: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The rows of the best, all equals of the last one included; numbered from `start`."""
    bar = NOBODY
    if 0 < wanted < len(similarities):
        bar = float(np.partition(similarities, len(similarities) - wanted)[len(similarities) - wanted])
    places = np.flatnonzero((similarities >= bar) & (similarities > NOBODY))
    return places + start, similarities[places]


# The graph


def make_graph(directory: Path, rows: Rows) -> int:
    """Write the graph of all rows, keyed by row; returns its checksum. Minutes for a million."""
    graph = _graph(rows.shape[1])
    for start in range(0, len(rows), BLOCK):
        block = np.ascontiguousarray(rows[start : start + BLOCK])
        graph.add(np.arange(start, start + len(block), dtype=np.uint64), block)
    graph.save(str(directory / GRAPH))
    return file_crc(directory / GRAPH)


def _graph(dimensions: int) -> "Graph":
    """Loaded late and in this order: a process that loads onnxruntime after usearch dies of it (1.32 and 2.26)."""
    with suppress(ImportError):
        import_module("onnxruntime")
    graph: Graph = import_module("usearch.index").Index(
        ndim=dimensions,
        metric="cos",
        dtype="i8",
        connectivity=CONNECTIVITY,
        expansion_add=BUILD_BREADTH,
        expansion_search=SEARCH_BREADTH,
    )
    return graph


def _opened(path: Path, about: About) -> "Graph":
    try:
        if file_crc(path) != about.graph_crc:
            raise MeaningUnavailable(f"{path} is not what was written")
        graph = _graph(about.dimensions)
        graph.view(str(path))
    except (OSError, ValueError, RuntimeError) as error:
        raise MeaningUnavailable(f"{path} cannot be read: {error}") from error
    return graph
