"""Writes of the search: the index, the vectors, and searches in vain."""

from allmende.search.actions.index import rebuild, refresh, renew, tend
from allmende.search.actions.meaning import displace, learn, place_again, sweep_embeddings
from allmende.search.actions.misses import count_misses, note_miss, reopen, settle

__all__ = [
    "count_misses",
    "displace",
    "learn",
    "note_miss",
    "place_again",
    "rebuild",
    "refresh",
    "renew",
    "reopen",
    "settle",
    "sweep_embeddings",
    "tend",
]
