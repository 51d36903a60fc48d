from datetime import UTC, datetime

from allmende.files import actions
from allmende.jobs.job import job


# Not atomic: the scanner takes its time, and each verdict is written right after it was given.
@job(priority=10, coalesce=True, atomic=False)
def check() -> None:
    """Whenever a document came in, and every ten minutes for those that nobody could look at."""
    actions.check_waiting(clock=lambda: datetime.now(UTC))


@job(coalesce=True, atomic=False)
def tidy() -> None:
    """Every day: bytes that no row speaks for."""
    actions.tidy(now=datetime.now(UTC))
