"""Begin a case, hand it in, give it back, stop it; and the one gate through which every change of a case goes."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from allmende.demand.actions import needs
from allmende.demand.models import Need
from allmende.demand.queries.needs import prefilled
from allmende.exploration import rules
from allmende.exploration.models import Case, CaseMember
from allmende.exploration.states import CASE
from allmende.journal.actions import Subject, record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.organisations.models import Organisation

MAY_NOT_BEGIN = (
    "Eine Markterkundung beginnt, wer in der Kommune die Digitalisierung, die Vergabestelle oder die Organisation "
    "verwaltet. Die Kommune muss dafür bestätigt sein."
)
MAY_NOT_EDIT = "In dieser Markterkundung schreiben die federführende Person und wer mitarbeitet."
NO_TITLE = "Geben Sie der Markterkundung einen Titel, zum Beispiel „Mängelmelder“."
NOT_RUNNING = {
    "submitted": "Diese Markterkundung liegt zur Freigabe vor und kann bis dahin nicht geändert werden.",
    "frozen": "Diese Markterkundung ist abgeschlossen. Was darin steht, ändert sich nicht mehr.",
    "stopped": "Diese Markterkundung ist abgebrochen. Was darin steht, ändert sich nicht mehr.",
    "erased": "Diese Markterkundung ist nach ihrer Aufbewahrung gelöscht.",
}


def locked(case: Case) -> Case:
    """The case as it is now, locked until the transaction ends: always the first row that is locked."""
    return Case.objects.select_for_update(of=("self",)).select_related("organisation", "need").get(pk=case.pk)


def open_for_change(case: Case, *, by: Actor, now: datetime) -> Case:
    """The locked case, for an action that changes any part of it. Every one of them calls this first.

    `Refused` where the case does not run any more or the actor may not write in it. Notes when it was changed; a clock
    that was set back does not make it older.
    """
    case = running(case)
    require(rules.may_edit(by, case), MAY_NOT_EDIT)
    return touched(case, now)


def running(case: Case) -> Case:
    """The locked case, `Refused` in words of its state where it does not run."""
    case = locked(case)
    if not case.is_open:
        raise Refused(NOT_RUNNING[case.state])
    return case


def touched(case: Case, now: datetime) -> Case:
    case.changed_at = max(case.changed_at, now)
    case.save(update_fields=["changed_at"])
    return case


def note(
    kind: str,
    case: Case,
    *,
    by: Actor,
    now: datetime,
    subject: Subject | None = None,
    words: dict[str, str] | None = None,
    **data: object,
) -> None:
    """One journal entry about the case, or about a part of it (`subject`), for its town."""
    told = {"case": case.public_id, **data} if subject is not None else data
    record(
        kind,
        subject=subject or case,
        by=by,
        now=now,
        organisation=case.organisation.public_id,
        data=told,
        words=words,
    )


@transaction.atomic
def begin_without_need(organisation: Organisation, *, title: str, by: Actor, now: datetime) -> Case:
    """Begin a case where nobody has described the need yet: a draft of it, with this title, comes with the case."""
    require(rules.may_begin(by, organisation), MAY_NOT_BEGIN)
    if not title.strip():
        raise Refused(NO_TITLE)
    draft = replace(prefilled(organisation), title=title.strip())
    return begin_case(needs.begin(organisation, draft=draft, by=by, now=now), by=by, now=now)


@transaction.atomic
def begin_case(
    need: Need, *, title: str = "", reference: str = "", department: str = "", by: Actor, now: datetime
) -> Case:
    """Begin a case from a need of one's own town; whoever begins it leads it. One need has one open case at most."""
    need = Need.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=need.pk)
    require(rules.may_begin(by, need.organisation), MAY_NOT_BEGIN)
    if need.state == "withdrawn":
        raise Refused(
            "Dieser Bedarf ist zurückgezogen. Beginnen Sie die Markterkundung mit einem neuen Bedarf."
        )
    if need.state == "closed":
        raise Refused(
            "Dieser Bedarf ist abgeschlossen. Sie können ihn als Vorlage für einen neuen verwenden."
        )
    if need.cases.filter(state__in=("running", "submitted")).exists():
        raise Refused("Zu diesem Bedarf läuft schon eine Markterkundung.")
    case = Case.objects.create(
        organisation=need.organisation,
        need=need,
        need_edition=need.edition_number,
        title=title.strip() or need.title,
        reference=reference.strip(),
        department=department.strip(),
        is_invented=need.is_invented,
        begun_at=now,
        begun_by=by.id,
        changed_at=now,
    )
    CaseMember.objects.create(case=case, user=by.id, role="lead", since=now, added_by=by.id)
    note("exploration.case_begun", case, by=by, now=now, need=need.public_id)
    return case


@transaction.atomic
def change_case(
    case: Case,
    *,
    title: str,
    reference: str = "",
    department: str = "",
    due_on: date | None = None,
    lock_version: int,
    by: Actor,
    now: datetime,
) -> Case:
    """Change title, file number, department and the day by which all is done. Raises `OutOfDate`."""
    case = open_for_change(case, by=by, now=now)
    expect_version(case, lock_version)
    if not title.strip():
        raise Refused(NO_TITLE)
    if due_on != case.due_on:
        case.due_reminded_at = None
    case.title, case.reference = title.strip()[:200], reference.strip()[:100]
    case.department, case.due_on = department.strip()[:200], due_on
    case.lock_version += 1
    case.save()
    note("exploration.case_changed", case, by=by, now=now)
    return case


def expect_version(case: Case, lock_version: int) -> None:
    """`OutOfDate` where somebody has changed the case since the page was read."""
    if case.lock_version != lock_version:
        raise OutOfDate


def move(case: Case, now: datetime, target: str, **changes: object) -> Case:
    """Give the locked case its next state, as the table allows; further fields change with it."""
    CASE.require_move(case.state, target)
    case.state, case.changed_at = target, max(case.changed_at, now)
    for name, value in changes.items():
        setattr(case, name, value)
    case.lock_version += 1
    case.save(update_fields=["state", "changed_at", "lock_version", *changes])
    return case
