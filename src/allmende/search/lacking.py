"""Entries whose meaning is not known yet."""

from enum import StrEnum

from allmende.search import meaning
from allmende.search.models import MOST_FAILURES, Unplaced

MANY = 20


class Lacking(StrEnum):
    """Why the meaning of an entry plays no part."""

    NOTHING = ""
    WAITING = "waiting"
    GIVEN_UP = "given_up"


def lacking(public_id: str) -> Lacking:
    """One query, none where there is no meaning."""
    if not meaning.is_wanted():
        return Lacking.NOTHING
    failures = list(Unplaced.objects.filter(entry=public_id).values_list("failures", flat=True))
    if not failures:
        return Lacking.NOTHING
    return Lacking.WAITING if min(failures) < MOST_FAILURES else Lacking.GIVEN_UP


def many_are_lacking() -> bool:
    """Whether so many wait that answers will soon be others. One query, none where there is no meaning."""
    return meaning.is_wanted() and Unplaced.objects.filter(failures__lt=MOST_FAILURES)[:MANY].count() == MANY
