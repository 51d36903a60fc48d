from datetime import UTC, datetime

from allmende.jobs.job import job
from allmende.notifications import actions

# Short, so that what shares the worker gets its turn.
SLICE_SECONDS = 5.0


@job(coalesce=True, atomic=False)
def mail_news() -> None:
    """Whenever something is to be told at once, and every minute: digests of the morning, and what had to wait."""
    actions.mail_news(now=datetime.now(UTC))


@job(coalesce=True, atomic=False)
def mail_waiting() -> None:
    """Every five minutes: from 7 o'clock of a working day on, what waits at the desk."""
    actions.mail_waiting(now=datetime.now(UTC))


@job(priority=-10, coalesce=True, atomic=False)
def look() -> None:
    """Every minute: do saved searches find something new?"""
    if actions.look(seconds=SLICE_SECONDS, now=datetime.now(UTC)):
        look.enqueue()


@job(coalesce=True)
def tidy() -> None:
    """Every day: forget what is old."""
    actions.forget(now=datetime.now(UTC))
