"""The best entries within the choices, picked from the best without any where that is quicker.

The engine takes three times as long for the best of a common word within three choices as for the best of all entries
that have it. Where many of these are within the choices, it is asked for some more of all, and bits say which stay.
Nothing is lost by that: its order is by score and then by place, with and without choices.
"""

from dataclasses import dataclass
from functools import cached_property

import tantivy

from allmende.retrieval.counting import Narrowed
from allmende.retrieval.protocol import Query
from allmende.retrieval.segments import Places, Segments

TO_SPARE = 2
"""So many times as many are asked for as are needed when the choices go evenly through all that is found."""

MOST_PICKED_FROM = 2_000
"""Each costs half a microsecond: for more the engine looks for those within the choices itself."""


@dataclass(frozen=True)
class Picking:
    """What `text` finds within scope and choices of `query`; `narrowed` the same in bits."""

    segments: Segments
    text: tantivy.Query
    query: Query
    narrowed: Narrowed | None

    def best(self, limit: int) -> Places:
        """The first so many by score, equals in the order of the disk."""
        if self.narrowed and self.narrowed.choices and self.narrowed.total:
            likely = 1 + self.narrowed.before * limit * TO_SPARE // self.narrowed.total
            if (
                likely <= MOST_PICKED_FROM
                and (picked := self._picked(self.narrowed, likely, limit)) is not None
            ):
                return picked
        return self.segments.first(self.segments.combined(self.text, self.query), limit)

    def _picked(self, narrowed: Narrowed, likely: int, limit: int) -> Places | None:
        """None where too few of so many stay."""
        places = self.segments.first(self._in_scope, likely)
        chosen = narrowed.bits()
        stay = narrowed.counting.have(chosen, [(place.segment_ord, place.doc) for _, place in places])
        picked = [one for one, stays in zip(places, stay, strict=True) if stays]
        return picked[:limit] if len(picked) >= limit or len(places) < likely else None

    @cached_property
    def _in_scope(self) -> tantivy.Query:
        return self.segments.combined(self.text, Query(scope=self.query.scope))
