from datetime import UTC, datetime

from allmende.exploration.actions import reminding
from allmende.jobs.job import job
from allmende.lib.actors import Actor


@job(coalesce=True, atomic=False)
def remind() -> None:
    """Every day: steps and cases whose day comes near."""
    reminding.remind(by=Actor.program("exploration"), now=datetime.now(UTC))
