"""What is searchable: the written list in settings, each kind with its source of documents."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from allmende.journal.queries import Entry
from allmende.retrieval.protocol import Document


class DocumentSource(Protocol):
    """Turns objects of one kind into documents of the index."""

    def concerned(self, entries: Sequence[Entry]) -> set[str]:
        """Public ids of the objects whose documents the journal entries may have changed."""

    def documents(self, public_ids: Iterable[str]) -> Iterator[Document]:
        """Documents of those objects that may be found; the others are taken out of the index."""

    def all_documents(self) -> Iterator[Document]:
        """Every document, in batches, so that memory stays flat."""


@cache
def sources() -> dict[str, DocumentSource]:
    """Kind → its source of documents."""
    return {kind: import_string(path)() for kind, path in settings.SEARCH_KINDS.items()}


def everything() -> Iterator[Document]:
    """The documents of all kinds, in batches, so that memory stays flat."""
    return chain.from_iterable(source.all_documents() for source in sources().values())
