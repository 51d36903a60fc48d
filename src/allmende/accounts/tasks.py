from datetime import UTC, datetime

from allmende.accounts.actions import drop_unconfirmed, forget_ended_sessions, lock_keys_anew
from allmende.jobs.job import job
from allmende.lib.actors import Actor


@job(coalesce=True)
def tidy() -> None:
    """Every day: accounts that nobody confirmed, sessions that are over, keys under a former secret key."""
    now = datetime.now(UTC)
    drop_unconfirmed(by=Actor.program("accounts"), now=now)
    forget_ended_sessions(now=now)
    lock_keys_anew()
