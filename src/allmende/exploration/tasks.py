from datetime import UTC, datetime

from allmende.exploration.actions import asking, posting, reminding
from allmende.jobs.job import job
from allmende.lib.actors import Actor


@job(coalesce=True, atomic=False)
def remind() -> None:
    """Every day: steps and cases whose day comes near."""
    reminding.remind(by=Actor.program("exploration"), now=datetime.now(UTC))


# Not atomic: each questionnaire in a transaction of its own.
@job(coalesce=True, atomic=False)
def tend_questionnaires() -> None:
    """Every minute: remind who is silent once the deadline comes near, and close what is over."""
    asking.remind_and_close(by=Actor.program("exploration"), now=datetime.now(UTC))


@job(coalesce=True, atomic=False)
def note_post() -> None:
    """Every minute, and when a letter came back: what became of letters to companies."""
    posting.note_post(now=datetime.now(UTC))
