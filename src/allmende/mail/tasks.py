from datetime import UTC, datetime

from allmende.jobs.job import job
from allmende.mail import actions


# Not atomic: each letter is noted as sent right after the server took it. Never two at once, so that no letter is
# taken up twice.
@job(priority=20, coalesce=True, atomic=False)
def deliver() -> None:
    """Whenever a letter was written, and every minute for those that wait for another try."""
    if actions.deliver(clock=lambda: datetime.now(UTC)):
        deliver.enqueue()


@job(coalesce=True)
def tidy() -> None:
    """Every day: forget letters whose time is over."""
    actions.forget(now=datetime.now(UTC))
