"""Background jobs of the harvest: load, one call."""

import logging
from datetime import UTC, datetime

from django.utils import timezone

from allmende.federation.actions import expire_raw_bytes, run, try_out
from allmende.federation.models import Source
from allmende.jobs.job import job
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

log = logging.getLogger(__name__)

HARVEST = Actor.program("harvest")


@job(queue="harvest", atomic=False, retries=3, coalesce=True)
def run_source(public_id: str) -> None:
    """Harvest one source; not atomic, because it takes long and asks other hosts. Running it twice does no harm."""
    source = Source.objects.get(public_id=public_id)
    if source.is_paused:
        return
    try:
        run(source, by=HARVEST, now=datetime.now(UTC), is_queued=True)
    except Refused as refusal:
        # A person has just started one by hand: that does the same.
        log.info("%s", refusal.message)


@job(queue="harvest", atomic=False, coalesce=True)
def try_source(public_id: str) -> None:
    """Read one source without publishing; asks other hosts like a run."""
    now = datetime.now(UTC)
    try_out(Source.objects.get(public_id=public_id), today=timezone.localdate(now), now=now)


@job(queue="harvest", coalesce=True)
def expire() -> None:
    expire_raw_bytes(by=HARVEST, now=datetime.now(UTC))
