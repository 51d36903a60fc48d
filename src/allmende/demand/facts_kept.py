"""The columns of this process: read once, and brought to what the database says where something has changed.

What changed is what the journal names since the last look; those solutions are read again and take the place of what
was known of them. Where it names too many, or a region has changed, everything is read.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, connection
from django.db.models import Q

from allmende.catalogue.models import Solution
from allmende.demand.facts import Facts, joined
from allmende.demand.facts_read import read
from allmende.demand.statements import Subject
from allmende.journal.queries import Entry, newest, since, versions

logger = logging.getLogger(__name__)

# What the columns depend on.
TOPICS = ("catalogue", "organisations", "regions")
MOST_AT_ONCE = 1_000
"""Changed entries that are taken one by one; more are read with everything else."""

LOOK_BACK = 500
"""Ids are handed out before their transactions end: so many before the last one seen are looked at once more."""


@dataclass
class _Kept:
    at: tuple[int, ...] = ()
    facts: Facts | None = None
    seen: set[int] = field(default_factory=set)
    last: int = 0
    # Of the last subjects asked about, since all criteria of a need ask about the same.
    part: Facts | None = None


_kept = _Kept()
# One thread reads, the others wait for what it has read: to read twice would take both longer.
_reading = threading.RLock()


def facts() -> Facts:
    """The columns at the catalogue's present version: one query where nothing has changed since the last look."""
    with _reading:
        return _facts()


def warm_up() -> threading.Thread:
    """Begin to read, so that the first need finds the columns there. For a web server as it starts."""
    thread = threading.Thread(target=_read_ahead, name="columns of the catalogue", daemon=True)
    thread.start()
    return thread


def _read_ahead() -> None:
    try:
        facts()
    except DatabaseError:
        # A server may start before its database; the first need reads then, as without this.
        logger.warning("the catalogue's columns could not be read ahead", exc_info=True)
    finally:
        connection.close()


def _facts() -> Facts:
    at = versions(TOPICS)
    known = _kept.facts
    if known is not None and _kept.at == at:
        return known
    changed = None if known is None or _kept.at[2] != at[2] else _changed()
    if known is None or changed is None:
        # What stands in the journal before the reading begins, the reading has seen.
        _note(since(newest() - LOOK_BACK, TOPICS, 2 * LOOK_BACK))
        known = read()
    elif changed:
        known = joined(known, changed, read(changed))
    _kept.facts, _kept.at, _kept.part = known, at, None
    return known


def _changed() -> set[str] | None:
    """Solutions that have changed since the last look; None where that is too many to tell."""
    entries = since(_kept.last - LOOK_BACK, TOPICS, MOST_AT_ONCE)
    if len(entries) == MOST_AT_ONCE:
        return None
    new = [each for each in entries if each.pk not in _kept.seen]
    _note(entries)
    return _concerned(new)


def _note(entries: Sequence[Entry]) -> None:
    _kept.seen = {each.pk for each in entries}
    _kept.last = max([_kept.last, *_kept.seen])


def _concerned(entries: Sequence[Entry]) -> set[str]:
    named = {entry.subject_id for entry in entries if entry.subject_type == Solution.journal_type}
    named |= {
        str(entry.data[name]) for entry in entries for name in ("into", "solution") if name in entry.data
    }
    bodies = {entry.subject_id for entry in entries if entry.subject_type == "organisation"}
    return named | (_of_bodies(bodies) if bodies else set())


def _of_bodies(bodies: Iterable[str]) -> set[str]:
    """Solutions that these organisations offer or use."""
    found: set[str] = set()
    for way in ("offers__supplier", "offers__operator", "offers__seller", "confirmed_uses__organisation"):
        rows = Solution.objects.filter(Q(**{f"{way}__public_id__in": list(bodies)}))
        found |= set(rows.values_list("public_id", flat=True))
    return found


def facts_of(subjects: Sequence[Subject]) -> Facts:
    """The columns of these subjects alone, each named once. Raises KeyError for one that is not public now.

    Asked again about the very same sequence, it answers from what was read then, so that all criteria of one need are
    judged at one state of the catalogue.
    """
    part = _kept.part
    if part is not None and part.subjects is subjects:
        return part
    part = facts().part(tuple(subjects))
    _kept.part = part
    return part


def forget() -> None:
    """Read anew at the next look; for tests, which take back what they have written without a new version."""
    global _kept  # noqa: PLW0603 - one process, one set of columns
    _kept = _Kept()
