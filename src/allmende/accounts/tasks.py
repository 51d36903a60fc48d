from datetime import UTC, datetime

from allmende.accounts.actions import drop_unconfirmed, forget_ended_sessions
from allmende.jobs.job import job
from allmende.lib.actors import Actor


@job(coalesce=True)
def tidy() -> None:
    """Every day: accounts that nobody confirmed, sessions that are over."""
    now = datetime.now(UTC)
    drop_unconfirmed(by=Actor.program("accounts"), now=now)
    forget_ended_sessions(now=now)
