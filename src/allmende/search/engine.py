"""The one index of this process, and where searches in vain are noted."""

from functools import cache
from pathlib import Path

from django.conf import settings

from allmende.retrieval.protocol import Index
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.search.definition import DEFINITION
from allmende.search.spool import Spool


def index() -> Index:
    """The index in the directory that settings name; opened once a process and directory."""
    return _at(str(settings.SEARCH_INDEX_DIR))


@cache
def _at(directory: str) -> Index:
    return TantivyIndex(Path(directory), DEFINITION)


def spool() -> Spool:
    """Where searches in vain wait to be counted."""
    return Spool(settings.SEARCH_MISSES_DIR)


def forget() -> None:
    """Open the index anew at the next look; for tests, which have a directory each."""
    _at.cache_clear()
