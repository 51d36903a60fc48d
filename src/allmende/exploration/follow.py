"""How market explorations follow what happens below them. Called in the worker, may be told twice."""

from collections.abc import Sequence
from datetime import UTC, datetime

from allmende.exploration.actions import posting
from allmende.journal.queries import Entry


def note_post(entries: Sequence[Entry]) -> None:
    """A letter to a company that was asked came back, or could not be sent."""
    if any(entry.subject_type == "inquiry" for entry in entries):
        posting.note_post(now=datetime.now(UTC))
