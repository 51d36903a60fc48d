"""What waits at the desk of the staff, as mail tells it. Which queues there are, packages above know (settings)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.module_loading import import_string

from allmende.lib.actors import Actor


@dataclass(frozen=True)
class Waiting:
    """A queue in which something waits. `address` is a path of this site, `days` the target in working days.

    `oldest` (the day) and `overdue` are None where the queue does not know them.
    """

    title: str
    count: int
    address: str
    days: int
    oldest: date | None = None
    overdue: int | None = None


def waiting_for(actor: Actor, now: datetime) -> Sequence[Waiting]:
    """The queues that this person may open and that are not empty, in the order of the desk."""
    return [each for path in settings.DESK_QUEUES for each in import_string(path)(actor, now)]
