"""What the town itself notes about a candidate and a criterion. Facts and claims are made from their sources."""

from datetime import datetime

from django.db import transaction

from allmende.exploration import rules
from allmende.exploration.actions.candidates import LONGEST_WORDS, NOT_IMPARTIAL
from allmende.exploration.actions.cases import note
from allmende.exploration.actions.searches import open_after_plan
from allmende.exploration.models import Candidate, MatrixEntry
from allmende.exploration.queries.criteria import labels_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require


@transaction.atomic
def judge(
    candidate: Candidate,
    criterion: str,
    *,
    result: str,
    basis: str = "judgement",
    reason: str,
    lock_version: int = 0,
    by: Actor,
    now: datetime,
) -> MatrixEntry:
    """Note whether a candidate meets a criterion of the need (public id), on which basis, and how one sees it.

    `basis`: "fact" for what the town has looked up itself, "claim" for what a company said in a talk, "judgement" for
    an opinion. It stands beside what catalogue and answers say and never takes their place. `lock_version` is 0 for
    the first one. Raises `OutOfDate`.
    """
    case = open_after_plan(candidate.case, by=by, now=now)
    require(rules.is_impartial(by, case), NOT_IMPARTIAL)
    if criterion not in labels_of(case):
        raise Refused("Dieses Kriterium gehört nicht mehr zum Bedarf.")
    _check(result, basis, reason)
    entry = MatrixEntry.objects.select_for_update().filter(candidate=candidate, criterion=criterion).first()
    if (entry.lock_version if entry else 0) != lock_version:
        raise OutOfDate
    before = {"reason_before": entry.reason} if entry else {}
    entry = entry or MatrixEntry(case=case, candidate=candidate, criterion=criterion)
    entry.result, entry.basis, entry.reason = result, basis, reason.strip()
    entry.noted_at, entry.noted_by = now, by.id
    entry.lock_version += 1
    entry.save()
    note(
        "exploration.matrix_entry_noted",
        case,
        subject=candidate,
        by=by,
        now=now,
        words={"reason": entry.reason, **before},
        criterion=criterion,
        result=result,
        basis=basis,
    )
    return entry


def _check(result: str, basis: str, reason: str) -> None:
    if result not in dict(MatrixEntry.RESULTS) or basis not in dict(MatrixEntry.BASES):
        raise Refused("Wählen Sie aus, ob das Kriterium erfüllt ist und worauf sich das stützt.")
    if not reason.strip():
        raise Refused("Schreiben Sie, woran man es sieht.")
    if len(reason.strip()) > LONGEST_WORDS:
        raise Refused(f"Kürzen Sie die Begründung auf höchstens {LONGEST_WORDS} Zeichen.")
