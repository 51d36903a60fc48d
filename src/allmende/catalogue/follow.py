"""How the catalogue follows what happens below it. Called in the worker, may be told twice."""

from collections.abc import Sequence
from datetime import UTC, datetime

from allmende.catalogue.actions.documents import publish_documents
from allmende.journal.queries import Entry
from allmende.lib.actors import Actor


def note_verdicts(entries: Sequence[Entry]) -> None:
    """The scanner has looked at files: documents of offers go into an edition, or out of the next one."""
    about = [entry.data.get("about") for entry in entries]
    offers = {str(each[1]) for each in about if isinstance(each, list) and each[:1] == ["offer"]}
    if offers:
        publish_documents(offers, by=Actor.program("catalogue"), now=datetime.now(UTC))
