"""A trial of a source from its page: the worker reads it as a run would, and the report waits there. Nothing is
published; a source that was entered on a page is held until somebody has seen this and takes it into service."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from allmende.federation import rules
from allmende.federation.actions.checking import Preview, preview
from allmende.federation.fetching import SourceProblem
from allmende.federation.models import Source
from allmende.jobs.actions import enqueue
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import require

# Enough to see what is wrong; the command `allmende source check` shows everything.
MOST_SHOWN = 50
FAILED = (
    "Beim Lesen ist bei uns ein Fehler aufgetreten. Nichts wurde veröffentlicht. Wer Allmende betreibt, findet ihn bei "
    "den Aufgaben. Prüfen Sie inzwischen Ort und Format der Quelle."
)


@transaction.atomic
def request_trial(source: Source, *, by: Actor, now: datetime) -> None:
    """Have the worker try the source as soon as it can."""
    require(rules.may_manage_sources(by))
    Source.objects.filter(pk=source.pk).update(trial={}, tried_at=None, trial_asked_at=now)
    enqueue("allmende.federation.tasks.try_source", source.public_id)
    record("federation.trial_requested", subject=source, by=by, now=now)


def try_out(source: Source, *, today: date, now: datetime) -> Source:
    """Read the whole source, bounded like every fetch, and keep the report; what hinders it is a sentence in it.

    Where reading itself fails, the trial has ended with that, and the error is raised for whoever looks after jobs.
    """
    try:
        report = _report(preview(source, today=today))
    except SourceProblem as problem:
        report = {"problem": problem.message}
    except Exception:
        _keep(source, {"problem": FAILED, "is_ours": True}, now)
        raise
    return _keep(source, report, now)


def _report(found: Preview) -> dict[str, Any]:
    return {
        "seen": found.seen,
        "counts": {label: count for label, count in found.counts.items() if count},
        "kept_back": [
            [key[:300], " ".join(reasons)[:1_000]] for key, reasons in found.kept_back[:MOST_SHOWN]
        ],
        "findings": len(found.findings),
    }


def _keep(source: Source, report: dict[str, Any], now: datetime) -> Source:
    source.trial = report
    source.tried_at = now
    source.save(update_fields=["trial", "tried_at"])
    return source
