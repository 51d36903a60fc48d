"""Cases as far as somebody may see them, and look-ups of one case."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.accounts.models import User
from allmende.exploration.models import Case, CaseMember, ConflictDeclaration
from allmende.lib.actors import Actor

# Whoever has this role in a town sees all its cases.
PROCUREMENT = "procurement_officer"


def visible_to(actor: Actor, now: datetime) -> QuerySet[Case]:
    """Cases that the actor takes part in, or the town's procurement staff; nobody else, and no staff of the platform.

    Whoever has left the town, or is away from it, sees nothing of it, also as a member of the case. An audit reads by
    an address of its own (`rules.may_audit`). An erased case is seen by nobody.
    """
    places = {place for _, place in actor.roles if place is not None}
    offices = {place for role, place in actor.roles if place is not None and role == PROCUREMENT}
    takes_part = Exists(CaseMember.objects.filter(case=OuterRef("pk"), user=actor.id, until=None))
    return (
        Case.objects.filter(organisation__public_id__in=places)
        .filter(Q(organisation__public_id__in=offices) | takes_part)
        .exclude(state="erased")
        .select_related("organisation", "need")
    )


def case_for(actor: Actor, public_id: str, now: datetime) -> Case | None:
    """The case, or None for whoever must not know of it."""
    return visible_to(actor, now).filter(public_id=public_id).first()


def role_in(case: Case, person: str) -> str:
    """The role that a person (public id of the account) has in the case now, "" for none."""
    member = CaseMember.objects.filter(case=case, user=person, until=None).first()
    return member.role if member else ""


def members_of(case: Case) -> list[CaseMember]:
    """Who takes part now: the lead first, then in the order in which they came."""
    rank = {"lead": 0, "editor": 1, "approver": 2, "reader": 3}
    return sorted(case.members.filter(until=None), key=lambda each: (rank[each.role], each.pk))


def lead_of(case: Case) -> str:
    """Public id of the account that leads the case, "" where nobody does."""
    return next((each.user for each in case.members.filter(until=None, role="lead")), "")


def declarations_of(case: Case) -> dict[str, ConflictDeclaration]:
    """What each person declared last, by account. The order is that of the rows: a clock may be set back."""
    return {each.user: each for each in case.declarations.order_by("pk")}


def names_of(people: Iterable[str]) -> dict[str, str]:
    """Names of accounts by public id, for pages that members read; an account that is gone has none. One query."""
    users = User.objects.filter(public_id__in=set(people), is_active=True)
    return {user.public_id: str(user) for user in users}


def editors_of(case: Case) -> list[str]:
    """Names of those who can change the case: whoever leads it comes first."""
    people = [each for each in members_of(case) if each.role in ("lead", "editor")]
    names = names_of(each.user for each in people)
    ordered = sorted(people, key=lambda each: (each.role != "lead", names.get(each.user, "")))
    return [names[each.user] for each in ordered if each.user in names]


def without_declaration(case: Case) -> list[str]:
    """People (public ids) who have to declare their interests before the case is handed in, and have not."""
    declared = declarations_of(case)
    deciding = [each.user for each in members_of(case) if each.role in ("lead", "editor", "approver")]
    return [person for person in deciding if person not in declared]


def unsettled_conflicts(case: Case) -> list[str]:
    """People who take part, declared a conflict of interest, and nobody has said what follows from it."""
    declared = declarations_of(case)
    present = {each.user for each in members_of(case)}
    return [
        person
        for person, last in declared.items()
        if person in present and last.has_conflict and not last.remedy.strip()
    ]
