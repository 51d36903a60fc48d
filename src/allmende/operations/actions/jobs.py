"""Jobs that failed for good: once more, or not."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from allmende.jobs import actions as jobs
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import require
from allmende.operations import rules


@transaction.atomic
def retry_job(job_id: UUID, *, by: Actor, now: datetime) -> None:
    """Hand a failed job in once more, with all its attempts; `Refused` where it has not failed."""
    require(rules.may_operate(by))
    path = jobs.retry(job_id)
    record("operations.job_retried", subject=("job", str(job_id)), by=by, now=now, data={"job": path})


@transaction.atomic
def drop_job(job_id: UUID, *, by: Actor, now: datetime) -> None:
    """Forget a failed job: somebody has seen to it, or it is no longer wanted."""
    require(rules.may_operate(by))
    path = jobs.drop(job_id)
    record("operations.job_dropped", subject=("job", str(job_id)), by=by, now=now, data={"job": path})
