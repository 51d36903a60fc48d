from allmende.operations.actions.backups import back_up, restore
from allmende.operations.actions.disposals import block, erase, note_due, offer
from allmende.operations.actions.jobs import drop_job, retry_job
from allmende.operations.actions.rejections import count_rejections, forget_rejections

__all__ = [
    "back_up",
    "block",
    "count_rejections",
    "drop_job",
    "erase",
    "forget_rejections",
    "note_due",
    "offer",
    "restore",
    "retry_job",
]
