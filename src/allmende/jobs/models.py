from datetime import timedelta

from django.db import models
from django_tasks_db.models import DBTaskResult


class Lease(models.Model):
    """One worker's right to run one job until `expires_at`. No row: nobody runs it."""

    task = models.OneToOneField(DBTaskResult, on_delete=models.CASCADE, related_name="lease")
    # New with every claim: a worker that was thought dead and wakes up finds that its token is gone.
    token = models.CharField(max_length=32, unique=True)
    worker = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)
    # Set for coalescing jobs only; being unique, it keeps two of a kind from running at once.
    key = models.CharField(max_length=64, null=True, unique=True)

    def __str__(self) -> str:
        return f"{self.task_id} held by {self.worker} until {self.expires_at:%Y-%m-%d %H:%M:%S}"


class Waiting(models.Model):
    """A coalescing job that has not begun, found by what it asks for."""

    task = models.OneToOneField(DBTaskResult, on_delete=models.CASCADE, related_name="waiting")
    key = models.CharField(max_length=64)
    # The transaction that wrote it (see `job.current_transaction`); NULL: waits for another attempt.
    transaction = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["key", "transaction"], name="waiting_by_key")]

    def __str__(self) -> str:
        return f"{self.task_id} waits for {self.key[:8]}"


class Schedule(models.Model):
    """A job that comes again every so often."""

    name = models.CharField(max_length=120, unique=True)
    task_path = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    every = models.DurationField()
    next_due = models.DateTimeField(db_index=True)
    # From the list in settings: goes when it leaves the list. The others go when their package says so.
    written = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every__gt=timedelta(0)), name="schedule_comes_again_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} every {self.every}"


class Due(models.Model):
    """One date of a schedule, taken: whoever writes the row enqueues the job, and nobody else can."""

    name = models.CharField(max_length=120)
    due = models.DateTimeField()
    taken_at = models.DateTimeField()
    task_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due"], name="due_taken_once")]

    def __str__(self) -> str:
        return f"{self.name} at {self.due:%Y-%m-%d %H:%M:%S}"
