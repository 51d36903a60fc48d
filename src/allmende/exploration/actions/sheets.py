"""Write the sheets of a case, fix the plan, and note what was done otherwise than planned."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from allmende.accounts.models import User
from allmende.exploration import rules
from allmende.exploration.actions.cases import note, open_for_change
from allmende.exploration.models import Case, Deviation, Sheet, StepPlan
from allmende.exploration.queries.cases import role_in
from allmende.exploration.sheets import Answers, SheetQuestion, checked, content_of, in_words
from allmende.exploration.steps import STEPS
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require

PLAN_IS_FIXED = (
    "Der Plan ist festgelegt. Sie können ihn noch ändern, wenn Sie schreiben, warum: Die Änderung steht dann als "
    "Abweichung in der Dokumentation."
)
UNKNOWN = "keine Angabe"


@transaction.atomic
def save_sheet(
    case: Case,
    step: str,
    apply: Callable[[Answers], Mapping[str, Any]],
    *,
    is_done: bool,
    lock_version: int,
    page: str = "",
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Sheet:
    """Save what was written in a step. `apply` gets the stored answers and gives those to keep.

    `page` tells one open page from every other: the next save of the page that saved last is no conflict. With
    `is_done` nothing required may be missing. A plan that was fixed changes only with a `reason`, as a deviation. The
    journal tells of a sheet once for each who writes in it in turn: saving as one types is no news. Raises `OutOfDate`.
    """
    case = open_for_change(case, by=by, now=now)
    sheet = _locked(case, step, by=by, now=now)
    if sheet.lock_version != lock_version and not (page and sheet.saved_from == page):
        raise OutOfDate
    before, content = dict(sheet.answers), content_of(step)
    known = {each.code for each in content.questions} if content else set()
    old = {code: value for code, value in before.items() if code not in known}
    after = old | checked(step, {c: v for c, v in apply(before).items() if c in known})
    if is_done and content and (gaps := content.gaps(after)):
        raise Refused(f"Es fehlt noch: {gaps[0].text}")
    _keep_to_plan(case, step, before, after, reason, by=by, now=now)
    # What is sent once more without a change, late words of the page that has just finished, takes nothing back.
    is_done = is_done or (sheet.is_done and after == before)
    is_news = (sheet.changed_by, sheet.is_done) != (by.id, is_done) or sheet.lock_version == 0
    sheet.answers, sheet.is_done = after, is_done
    sheet.lock_version += 1
    sheet.saved_from, sheet.changed_at, sheet.changed_by = page, now, by.id
    sheet.save()
    if is_news:
        note("exploration.sheet_saved", case, by=by, now=now, step=step, is_done=is_done)
    return sheet


def _locked(case: Case, step: str, *, by: Actor, now: datetime) -> Sheet:
    if content_of(step) is None:
        raise Refused("Zu diesem Schritt gibt es kein Blatt.")
    found = Sheet.objects.select_for_update().filter(case=case, step=step).first()
    return found or Sheet(case=case, step=step, changed_at=now, changed_by=by.id)


def _keep_to_plan(
    case: Case, step: str, before: Answers, after: Answers, reason: str, *, by: Actor, now: datetime
) -> None:
    """What changes in a fixed plan is a deviation, question by question."""
    content = content_of(step)
    if step != "plan" or case.plan_fixed_at is None or content is None:
        return
    changed = [each for each in content.questions if before.get(each.code) != after.get(each.code)]
    if changed and not reason.strip():
        raise Refused(PLAN_IS_FIXED)
    require(not changed or rules.may_lead(by, case), "Den festgelegten Plan ändert die federführende Person.")
    for question in changed:
        _deviate(case, step, _change(question, before, after), reason, by=by, now=now)


def _change(question: SheetQuestion, before: Answers, after: Answers) -> str:
    old = "; ".join(in_words(question, before.get(question.code))) or UNKNOWN
    new = "; ".join(in_words(question, after.get(question.code))) or UNKNOWN
    return f"Plan geändert. {question.text} Vorher: „{old}“. Jetzt: „{new}“."


@transaction.atomic
def fix_plan(case: Case, *, by: Actor, now: datetime) -> Case:
    """Fix the plan before anybody looks: it has to be whole. From then on a change is a deviation with a reason."""
    case = open_for_change(case, by=by, now=now)
    require(rules.may_lead(by, case), "Den Plan legt die federführende Person fest.")
    if case.plan_fixed_at is not None:
        raise Refused("Der Plan ist schon festgelegt.")
    sheet, content = Sheet.objects.filter(case=case, step="plan").first(), content_of("plan")
    answers = sheet.answers if sheet else {}
    if content and (gaps := content.gaps(answers)):
        raise Refused(f"Der Plan ist noch nicht vollständig. Es fehlt: {gaps[0].text}")
    if str(answers.get("from", "")) > str(answers.get("to", "")):
        raise Refused("Das Ende des Plans liegt vor dem Beginn.")
    if sheet:
        sheet.is_done = True
        sheet.save(update_fields=["is_done"])
    case.plan_fixed_at, case.plan_fixed_by = now, by.id
    case.lock_version += 1
    case.save(update_fields=["plan_fixed_at", "plan_fixed_by", "lock_version"])
    note("exploration.plan_fixed", case, by=by, now=now)
    return case


@transaction.atomic
def note_deviation(case: Case, *, step: str, what: str, reason: str, by: Actor, now: datetime) -> Deviation:
    """Note what was done otherwise than planned or than a rule asks for. It stays as it was written."""
    case = open_for_change(case, by=by, now=now)
    if step not in STEPS:
        raise Refused("Wählen Sie den Schritt aus, den die Abweichung betrifft.")
    if not what.strip() or not reason.strip():
        raise Refused("Schreiben Sie, was anders war und warum.")
    return _deviate(case, step, what, reason, by=by, now=now)


def _deviate(case: Case, step: str, what: str, reason: str, *, by: Actor, now: datetime) -> Deviation:
    deviation = Deviation.objects.create(
        case=case, step=step, what=what.strip(), reason=reason.strip(), at=now, by=by.id
    )
    note("exploration.deviation_noted", case, by=by, now=now, step=step)
    return deviation


@transaction.atomic
def plan_step(
    case: Case, step: str, *, user: User | None, due_on: date | None, by: Actor, now: datetime
) -> StepPlan:
    """Say by when a step is to be done and by whom; both may stay open. Only whoever takes part does something."""
    case = open_for_change(case, by=by, now=now)
    require(rules.may_lead(by, case), "Fristen und Zuständigkeiten legt die federführende Person fest.")
    if step not in STEPS:
        raise Refused("Diesen Schritt gibt es nicht.")
    if user is not None and role_in(case, user.public_id) == "":
        raise Refused("Zuständig sein kann, wer an diesem Fall mitwirkt.")
    plan = StepPlan.objects.filter(case=case, step=step).first() or StepPlan(case=case, step=step)
    if plan.due_on != due_on:
        plan.reminded_at = None
    plan.user, plan.due_on = user.public_id if user else "", due_on
    plan.changed_at, plan.changed_by = now, by.id
    plan.save()
    due = due_on.isoformat() if due_on else None
    note(
        "exploration.step_plan_changed", case, by=by, now=now, step=step, due_on=due, person=plan.user or None
    )
    return plan
