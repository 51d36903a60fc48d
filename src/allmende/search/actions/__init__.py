"""Writes of the search: the index, and searches in vain."""

from allmende.search.actions.index import differences, rebuild, refresh
from allmende.search.actions.misses import count_misses, note_miss, reopen, settle

__all__ = [
    "count_misses",
    "differences",
    "note_miss",
    "rebuild",
    "refresh",
    "reopen",
    "settle",
]
