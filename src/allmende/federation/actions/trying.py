"""A trial of a source from its page: the worker reads it as a run would, and the report waits there. Nothing is
published; a source that was entered on a page is held until somebody has seen this and takes it into service."""

from datetime import date, datetime

from django.db import transaction

from allmende.federation import rules
from allmende.federation.actions.checking import preview
from allmende.federation.fetching import SourceProblem
from allmende.federation.models import Source
from allmende.jobs.actions import enqueue
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import require

# Enough to see what is wrong; the command `allmende source check` shows everything.
MOST_SHOWN = 50


@transaction.atomic
def request_trial(source: Source, *, by: Actor, now: datetime) -> None:
    """Have the worker try the source as soon as it can."""
    require(rules.may_manage_sources(by))
    Source.objects.filter(pk=source.pk).update(trial={}, tried_at=None, trial_asked_at=now)
    enqueue("allmende.federation.tasks.try_source", source.public_id)
    record("federation.trial_requested", subject=source, by=by, now=now)


def try_out(source: Source, *, today: date, now: datetime) -> Source:
    """Read the whole source, bounded like every fetch, and keep the report; what hinders it is a sentence in it."""
    try:
        found = preview(source, today=today)
    except SourceProblem as problem:
        source.trial = {"problem": problem.message}
    else:
        source.trial = {
            "seen": found.seen,
            "counts": {label: count for label, count in found.counts.items() if count},
            "kept_back": [
                [key[:300], " ".join(reasons)[:1_000]] for key, reasons in found.kept_back[:MOST_SHOWN]
            ],
            "findings": len(found.findings),
        }
    source.tried_at = now
    source.save(update_fields=["trial", "tried_at"])
    return source
