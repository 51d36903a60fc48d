from datetime import UTC, datetime

from allmende.jobs.job import job
from allmende.lib.actors import Actor
from allmende.operations import actions


@job(coalesce=True)
def note_due() -> None:
    """Every day: what has become due to go is put on the list. Nothing is erased here."""
    actions.note_due(by=Actor.program("operations"), now=datetime.now(UTC))


@job(coalesce=True)
def tidy() -> None:
    """Every day: numbers that are of no use any more go."""
    actions.forget_rejections(now=datetime.now(UTC))
