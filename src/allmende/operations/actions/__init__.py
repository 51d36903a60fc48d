from allmende.operations.actions.backups import back_up, restore
from allmende.operations.actions.disposals import block, erase, note_due, offer
from allmende.operations.actions.jobs import drop_job, retry_job

__all__ = ["back_up", "block", "drop_job", "erase", "note_due", "offer", "restore", "retry_job"]
