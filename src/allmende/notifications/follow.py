"""How news follow the journal. Called in the worker, may be told twice."""

from collections.abc import Sequence
from datetime import UTC, datetime

from allmende.journal.queries import Entry
from allmende.notifications import actions


def note(entries: Sequence[Entry]) -> None:
    """Note for people what these entries mean to them; most mean nothing to anybody."""
    actions.note(entries, now=datetime.now(UTC))
