from datetime import UTC, datetime

from allmende.jobs.job import job
from allmende.search import actions


@job(coalesce=True, atomic=False)
def count_misses() -> None:
    """Every minute: bring searches in vain into the database."""
    actions.count_misses(now=datetime.now(UTC))
