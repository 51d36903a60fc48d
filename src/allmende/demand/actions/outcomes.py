"""What became of a need, and the questions that come later: was it good, and what follows the contract?"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from allmende.catalogue.models import Solution
from allmende.demand import joint_rules as rules
from allmende.demand.models import Need, Outcome
from allmende.demand.models.outcomes import OUTCOMES
from allmende.demand.queries.outcomes import to_ask, to_tell
from allmende.demand.states import NEED
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.periods import months_after
from allmende.lib.refusals import Refused, require

LABELS = dict(OUTCOMES)
# Long enough to have worked with it, short enough to remember the way there.
ASK_AFTER_MONTHS = 6
LONGEST_NOTE = 5_000
# As many digits as the column holds.
HIGHEST_VALUE = Decimal(10) ** 12


@transaction.atomic
def state_outcome(
    need: Need,
    *,
    kind: str,
    case_id: str = "",
    solution: Solution | None = None,
    value: Decimal | None = None,
    decided_on: date | None = None,
    contract_ends_on: date | None = None,
    value_is_public: bool = False,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Outcome:
    """Say what became of a need, or say it better; an open need is closed by it.

    `value`: net euros over the whole term. Stated again, the later word counts; who was asked already is not asked
    again, and of another end of the contract the town is told anew.
    """
    need = _held(need)
    require(rules.may_state_outcome(by, need))
    outcome = Outcome.objects.select_for_update().filter(need=need).first() or Outcome(need=need)
    before = outcome.contract_ends_on
    outcome.kind, outcome.solution, outcome.note = kind, solution, note.strip()
    outcome.case_id = case_id or outcome.case_id
    outcome.value, outcome.value_is_public = value, value_is_public and value is not None
    outcome.decided_on, outcome.contract_ends_on = decided_on, contract_ends_on
    _check(outcome, timezone.localdate(now))
    outcome.stated_at, outcome.stated_by = now, by.id
    outcome.ask_on = None if kind == "stopped" else _asked_from(outcome, now)
    if contract_ends_on != before:
        outcome.end_told_at = None
    outcome.save()
    _close(need, LABELS[kind], by=by, now=now)
    data = {"kind": kind, "need": need.public_id, **({"case": outcome.case_id} if outcome.case_id else {})}
    record(
        "demand.outcome_stated", subject=outcome, by=by, now=now, organisation=need.organisation.public_id,
        data=data,
    )  # fmt: skip
    return outcome


@transaction.atomic
def remind_of_outcomes(*, by: Actor, now: datetime) -> tuple[int, int]:
    """Every day: ask for the experience some months after, tell in time that a contract ends; each once.

    How many towns were asked and how many told. A day that the worker missed is made up on the next.
    """
    today = timezone.localdate(now)
    asked = list(to_ask(today).select_for_update(of=("self",)).select_related("need__organisation"))
    for outcome in asked:
        outcome.asked_at = now
        outcome.save(update_fields=["asked_at"])
        _note("demand.outcome_asked", outcome, by=by, now=now)
    told = list(to_tell(today).select_for_update(of=("self",)).select_related("need__organisation"))
    for outcome in told:
        outcome.end_told_at = now
        outcome.save(update_fields=["end_told_at"])
        _note("demand.outcome_ending", outcome, by=by, now=now)
    return len(asked), len(told)


def _check(outcome: Outcome, today: date) -> None:
    if outcome.kind not in LABELS:
        raise Refused("Wählen Sie, was aus dem Bedarf geworden ist.")
    if outcome.kind == "stopped" and (
        outcome.value is not None or outcome.contract_ends_on or outcome.solution
    ):
        raise Refused(
            "Ein Bedarf, der nicht weiterverfolgt wird, hat keine Lösung, keinen Wert und keinen Vertrag. Lassen Sie "
            "diese Felder leer."
        )
    if outcome.value is not None and not Decimal(0) <= outcome.value < HIGHEST_VALUE:
        raise Refused("Geben Sie den Wert als Betrag in Euro an, netto und nicht unter null.")
    if outcome.decided_on and outcome.decided_on > today:
        raise Refused(
            "Der Tag der Entscheidung liegt in der Zukunft. Geben Sie das Ergebnis an, wenn es feststeht."
        )
    if outcome.contract_ends_on and outcome.decided_on and outcome.contract_ends_on < outcome.decided_on:
        raise Refused("Der Vertrag endet vor dem Tag der Entscheidung. Prüfen Sie die beiden Daten.")
    if len(outcome.note) > LONGEST_NOTE:
        raise Refused("Kürzen Sie den Text auf 5.000 Zeichen.")
    if outcome.solution is not None and outcome.solution.state not in ("published", "withdrawn", "merged"):
        raise Refused(
            "Diese Lösung ist nicht veröffentlicht. Wählen Sie eine andere, oder lassen Sie das Feld leer."
        )


def _asked_from(outcome: Outcome, now: datetime) -> date:
    return months_after(outcome.decided_on or timezone.localdate(now), ASK_AFTER_MONTHS)


def _close(need: Need, label: str, *, by: Actor, now: datetime) -> None:
    """An open need; a draft stays one, since nobody else has seen it, and one that has ended stays as it ended."""
    if need.state != "published":
        return
    NEED.require_move(need.state, "closed")
    need.state, need.ended_at, need.ended_reason = "closed", now, f"Ergebnis: {label}"
    need.working = None
    need.changed_at, need.changed_by = now, by.id
    need.lock_version += 1
    need.save()
    record("demand.need_closed", subject=need, by=by, now=now, organisation=need.organisation.public_id)


def _note(kind: str, outcome: Outcome, *, by: Actor, now: datetime) -> None:
    need = outcome.need
    data = {"need": need.public_id}
    record(kind, subject=outcome, by=by, now=now, organisation=need.organisation.public_id, data=data)


def _held(need: Need) -> Need:
    return Need.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=need.pk)
