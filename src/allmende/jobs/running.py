"""One attempt at one job."""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks.base import TaskContext

from allmende.jobs.leases import Claim, LeaseLost, current, finish, give_back

logger = logging.getLogger(__name__)


def run(mine: Claim, *, clock: Callable[[], datetime]) -> Exception | None:
    """Do the job and mark it as done, or give it back; the error it failed with, if it did.

    With `atomic`, body and mark are one transaction: killed before the commit nothing has happened, after it
    everything. Without, a kill between the two means that the body runs again.
    """
    token = current.set(mine)
    try:
        with transaction.atomic() if mine.policy.atomic else nullcontext():
            finish(mine, _call(mine), now=clock())
        return None
    except LeaseLost:
        logger.warning("%s was taken over by another worker, nothing of it is kept", mine.row.task_path)
        return None
    except Exception as error:  # noqa: BLE001  (whatever a job raises is kept with it)
        _fail(mine, error, clock())
        return error
    except BaseException as stop:
        # Told to stop at once: the job is free for the next worker without waiting for the lease.
        _give_back(mine, stop, clock(), timedelta(0))
        raise
    finally:
        current.reset(token)


def _call(mine: Claim) -> Any:
    task, result = mine.row.task, mine.row.task_result
    context = [TaskContext(task_result=result)] if task.takes_context else []
    return task.call(*context, *result.args, **result.kwargs)


def _fail(mine: Claim, error: Exception, now: datetime) -> None:
    last = mine.attempts > mine.policy.retries
    what = "for good" if last else f"and is tried again in {mine.policy.backoff.delay(mine.attempts)}"
    logger.error("%s failed at attempt %s %s", mine.row.task_path, mine.attempts, what, exc_info=error)
    _give_back(mine, error, now, None)


def _give_back(mine: Claim, error: BaseException, now: datetime, delay: timedelta | None) -> None:
    try:
        give_back(mine, error, now=now, delay=delay)
    except LeaseLost:
        logger.warning("%s was taken over by another worker", mine.row.task_path)
