from allmende.operations.actions.backups import back_up, restore
from allmende.operations.actions.jobs import drop_job, retry_job

__all__ = ["back_up", "drop_job", "restore", "retry_job"]
