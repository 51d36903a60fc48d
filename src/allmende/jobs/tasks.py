from datetime import UTC, datetime, timedelta

from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from allmende.jobs.job import job
from allmende.jobs.models import Due

KEEP_DONE = timedelta(days=3)
# Failed jobs stay listed until somebody had time to look.
KEEP_FAILED = timedelta(days=90)


@job(coalesce=True)
def tidy() -> None:
    """Forget jobs that are long done, and dues with them."""
    now = datetime.now(UTC)
    DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_DONE).delete()
    DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILED).delete()
    Due.objects.filter(due__lt=now - KEEP_FAILED).delete()
