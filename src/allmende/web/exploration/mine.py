"""What waits on /mein for those who take part in market explorations or read them for an audit."""

from datetime import UTC, datetime

from allmende.exploration.models import AuditAccess, Case
from allmende.exploration.queries.auditing import auditable_by
from allmende.exploration.queries.cases import visible_to
from allmende.exploration.rules import may_approve
from allmende.lib.actors import Actor
from allmende.web.components.parts import Section, Task

MOST = 20


def sections(actor: Actor) -> list[Section]:
    """Cases that one may read for an audit; those that wait for one's approval, and those one works on."""
    if actor.kind != "person":
        return []
    now = datetime.now(UTC)
    return [*_audits(actor, now), *_cases(actor, now)]


def _audits(actor: Actor, now: datetime) -> list[Section]:
    """What ends first comes first; nothing for whoever audits nothing."""
    tasks = [_reading(each) for each in auditable_by(actor, now)[:MOST]]
    return [Section("Prüfung", tasks)] if tasks else []


def _reading(access: AuditAccess) -> Task:
    case = access.case
    told = f"{case.organisation.name}. Anlass: {access.purpose}. Einsicht bis {access.until:%d.%m.%Y}."
    return Task(f"„{case.title}“ prüfen", "look", f"/pruefung/{case.public_id}", told, access.until)


def _cases(actor: Actor, now: datetime) -> list[Section]:
    cases = visible_to(actor, now)
    waiting = [
        each
        for each in cases.filter(state="submitted").order_by("submitted_at")[:MOST]
        if may_approve(actor, each)
    ]
    # One look at one member: in the role, and this person.
    writes = {"members__user": actor.id, "members__until": None, "members__role__in": ("lead", "editor")}
    mine = cases.filter(state="running", **writes).distinct().order_by("due_on", "pk")[:MOST]
    tasks = [
        *(
            Task(f"„{each.title}“ freigeben", "open", f"{_page(each)}/freigabe", each.organisation.name)
            for each in waiting
        ),
        *(_working(each) for each in mine),
    ]  # fmt: skip
    if not tasks and not cases.exists():
        return []
    every = Task("Alle Markterkundungen", "optional", "/markterkundungen", "Ansehen, beginnen")
    return [Section("Markterkundungen", [*tasks, every])]


def _working(case: Case) -> Task:
    if case.returned_reason:
        return Task(case.title, "open", _page(case), "Zurückgegeben. Lesen Sie, was noch fehlt.", case.due_on)
    return Task(case.title, "begun", _page(case), case.organisation.name, case.due_on)


def _page(case: Case) -> str:
    return f"/markterkundungen/{case.public_id}"
