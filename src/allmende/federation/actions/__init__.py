"""Every write of the harvest, as verbs."""

from allmende.federation.actions.erasing import confirm_erasure, erase_everywhere
from allmende.federation.actions.expiring import expire_raw_bytes
from allmende.federation.actions.looking import look_at
from allmende.federation.actions.running import accept_missing, run
from allmende.federation.actions.sources import (
    add_source,
    change_source,
    pause_source,
    request_run,
    resume_source,
)
from allmende.federation.actions.trying import request_trial, try_out

__all__ = [
    "accept_missing",
    "add_source",
    "change_source",
    "confirm_erasure",
    "erase_everywhere",
    "expire_raw_bytes",
    "look_at",
    "pause_source",
    "request_run",
    "request_trial",
    "resume_source",
    "run",
    "try_out",
]
