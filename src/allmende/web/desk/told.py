"""What the mail to the staff says of the queues; settings name it (`DESK_QUEUES`)."""

from datetime import datetime

from allmende.lib.actors import Actor
from allmende.notifications.waiting import Waiting
from allmende.web.desk.queues import QUEUES, Queue


def waiting_for(actor: Actor, now: datetime) -> list[Waiting]:
    """The queues that this person may open and that are not empty. At most two queries for each."""
    counts = [(queue, queue.waiting(actor)) for queue in QUEUES if queue.may(actor)]
    return [_waiting(queue, count, actor, now) for queue, count in counts if count]


def _waiting(queue: Queue, count: int, actor: Actor, now: datetime) -> Waiting:
    ages = queue.ages(actor, now, queue.days) if queue.ages else None
    return Waiting(
        queue.title,
        count,
        queue.address,
        queue.days,
        oldest=ages.oldest if ages else None,
        overdue=ages.overdue if ages else None,
    )
