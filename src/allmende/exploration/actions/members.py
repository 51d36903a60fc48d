"""Who takes part in a case, and what each declares about interests of their own."""

from datetime import datetime

from django.db import transaction

from allmende.accounts.models import User
from allmende.exploration import rules
from allmende.exploration.actions.cases import NOT_RUNNING, locked, note, running, touched
from allmende.exploration.models import Case, CaseMember, ConflictDeclaration
from allmende.exploration.models.cases import CASE_ROLES
from allmende.exploration.queries.cases import lead_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations.models import Organisation
from allmende.organisations.queries import belongs

ROLES = dict(CASE_ROLES)
MAY_NOT_CHOOSE = "Wer mitwirkt, entscheidet die federführende Person."
LEAD_STAYS = "Jeder Fall hat genau eine federführende Person. Übergeben Sie die Federführung zuerst."
MAY_NOT_SETTLE = (
    "Was aus einem Interessenkonflikt folgt, hält die federführende Person fest; über ihren eigenen entscheidet die "
    "Vergabestelle."
)
SAY_WHAT = "Schreiben Sie, worin der Interessenkonflikt besteht."


@transaction.atomic
def add_member(
    case: Case, *, person: User, role: str, function: str = "", by: Actor, now: datetime
) -> CaseMember:
    """Let a colleague take part, or give them another role or function. Only whoever belongs to the town.

    The role `lead` hands the case over: whoever led it goes on as editor. `Refused` for a stranger and an unknown role.
    """
    case = running(case)
    require(rules.may_lead(by, case), MAY_NOT_CHOOSE)
    if role not in ROLES:
        raise Refused("Wählen Sie aus, was die Person in diesem Fall tut.")
    if not person.is_active or not belongs(person, case.organisation):
        raise Refused(f"Mitwirken kann, wer zu {case.organisation.name} gehört.")
    function = function.strip()[:120]
    held = CaseMember.objects.filter(case=case, user=person.public_id, until=None).first()
    if held is not None and (held.role, held.function) == (role, function):
        return held
    if held is not None and held.role == "lead" and role != "lead":
        raise Refused(LEAD_STAYS)
    if role == "lead":
        return _hand_over(case, person, function, by=by, now=now)
    member = _seat(case, person.public_id, role, function, by=by, now=now)
    touched(case, now)
    note("exploration.member_added", case, by=by, now=now, person=person.public_id, role=role)
    return member


def _hand_over(case: Case, person: User, function: str, *, by: Actor, now: datetime) -> CaseMember:
    """Never two leads, not even for a moment: whoever led is an editor before the other leads."""
    before = lead_of(case)
    if before:
        old = CaseMember.objects.get(case=case, user=before, until=None)
        _seat(case, before, "editor", old.function, by=by, now=now)
    member = _seat(case, person.public_id, "lead", function, by=by, now=now)
    touched(case, now)
    note("exploration.member_promoted", case, by=by, now=now, person=person.public_id, before=before or None)
    return member


def _seat(case: Case, person: str, role: str, function: str, *, by: Actor, now: datetime) -> CaseMember:
    """A further row: who took part as what, and from when to when, stays to be read."""
    CaseMember.objects.filter(case=case, user=person, until=None).update(until=now)
    return CaseMember.objects.create(
        case=case, user=person, role=role, function=function, since=now, added_by=by.id
    )


@transaction.atomic
def end_member(case: Case, *, person: str, by: Actor, now: datetime) -> None:
    """Somebody takes part no more: the lead says so, or they themselves. The lead hands over first."""
    case = running(case)
    is_own = by.kind == "person" and by.id == person and rules.may_see(by, case)
    require(is_own or rules.may_lead(by, case), MAY_NOT_CHOOSE)
    member = CaseMember.objects.filter(case=case, user=person, until=None).first()
    if member is None:
        raise Refused("Diese Person wirkt nicht mit.")
    if member.role == "lead":
        raise Refused(LEAD_STAYS)
    _end(member, by=by, now=now)
    touched(case, now)


def _end(member: CaseMember, *, by: Actor, now: datetime) -> None:
    member.until = now
    member.save(update_fields=["until"])
    member.case.step_plans.filter(user=member.user).update(user="")
    note("exploration.member_ended", member.case, by=by, now=now, person=member.user, role=member.role)


@transaction.atomic
def declare(
    case: Case, *, has_conflict: bool, about: str = "", by: Actor, now: datetime
) -> ConflictDeclaration:
    """Declare one's own interests (§ 6 VgV, § 4 UVgO). What was declared before stays; the last row counts."""
    case = locked(case)
    require(rules.may_declare(by, case), NOT_RUNNING.get(case.state, "Erklären kann sich, wer mitwirkt."))
    about = about.strip()
    if has_conflict and not about:
        raise Refused(SAY_WHAT)
    declaration = ConflictDeclaration.objects.create(
        case=case,
        user=by.id,
        has_conflict=has_conflict,
        about=about if has_conflict else "",
        # A remedy is decided by whoever leads, and not by whom it is about.
        remedy="",
        declared_at=now,
    )
    touched(case, now)
    note("exploration.declaration_made", case, by=by, now=now, person=by.id, has_conflict=has_conflict)
    return declaration


@transaction.atomic
def note_remedy(case: Case, *, person: str, remedy: str, by: Actor, now: datetime) -> ConflictDeclaration:
    """Write down what follows from somebody's conflict of interest: the lead, and never the person concerned.

    Is it the lead's own conflict, the town's procurement staff says what follows.
    """
    case = locked(case)
    if case.state not in ("running", "submitted"):
        raise Refused(NOT_RUNNING[case.state])
    require(rules.may_settle_conflict(by, case, person), MAY_NOT_SETTLE)
    declared = case.declarations.filter(user=person).order_by("-pk").first()
    if declared is None or not declared.has_conflict:
        raise Refused("Diese Person hat keinen Interessenkonflikt erklärt.")
    if not remedy.strip():
        raise Refused("Schreiben Sie, was daraus folgt, zum Beispiel: entscheidet nicht über die Auswahl.")
    further = ConflictDeclaration.objects.create(
        case=case,
        user=person,
        has_conflict=True,
        about=declared.about,
        remedy=remedy.strip(),
        declared_at=now,
    )
    touched(case, now)
    note(
        "exploration.declaration_made", case, by=by, now=now, person=person, has_conflict=True, remedied=True
    )
    return further


def hand_over_cases(
    *, organisation: Organisation, leaver: User, to: User | None, by: Actor, now: datetime
) -> list[str]:
    """Somebody leaves the town: their part in its cases ends, and somebody else leads what they led.

    That is `to`, or whoever works on the case longest. Where there is nobody, the case has no lead until the
    procurement staff names one. What is frozen or stopped stays as it was: whoever has left the town sees nothing
    of it. For `WORK_HANDED_OVER` in settings, which asks no further right.
    """
    said = []
    mine = CaseMember.objects.filter(
        case__organisation=organisation,
        case__state__in=("running", "submitted"),
        user=leaver.public_id,
        until=None,
    ).order_by("case_id")
    for member in mine:
        case = locked(member.case)
        led = member.role == "lead"
        _end(member, by=by, now=now)
        if led:
            said.append(_next_lead(case, to, by=by, now=now))
        touched(case, now)
    return said


def _next_lead(case: Case, to: User | None, *, by: Actor, now: datetime) -> str:
    if to is None:
        editors = case.members.filter(until=None, role="editor").order_by("pk")
        people = {each.public_id: each for each in User.objects.filter(public_id__in=editors.values("user"))}
        heirs = [people[each.user] for each in editors if each.user in people]
        to = next((each for each in heirs if each.is_active and belongs(each, case.organisation)), None)
    if to is None:
        return f"„{case.title}“ hat jetzt keine federführende Person. Die Vergabestelle benennt eine."
    _hand_over(case, to, "", by=by, now=now)
    return f"Federführung von „{case.title}“ übergeben."
