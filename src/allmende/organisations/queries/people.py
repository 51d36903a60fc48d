"""Who somebody is here: members, roles, absences, and the platform's own people."""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.models import (
    Absence,
    Membership,
    Organisation,
    RoleProposal,
)


def actor_for(user: User | AnonymousUser, *, on: date | None = None) -> Actor:
    """Who a signed-in person is and which roles they hold on that day (today); `Actor.anonymous()` for anybody else.

    Without rights: roles that have ended, roles in a suspended or merged organisation, and own roles while absent
    there, which the deputy holds meanwhile. That they belong there all the same stands in `resting`. One query.
    """
    if not isinstance(user, User) or not user.is_active:
        return Actor.anonymous()
    away = _away(on or timezone.localdate())
    held = (
        Membership.objects.filter(ended_at=None)
        .filter(Q(user=user) | Exists(away.filter(deputy=user)))
        .annotate(rests=Exists(away.filter(person=user)))
        .values_list("role", "organisation__public_id", "user__public_id", "organisation__state", "rests")
    )
    rows, resting = [], set()
    for role, place, person, state, rests in held:
        if not rests and state not in ("suspended", "merged"):
            rows.append((role, place, person))
        elif person == user.public_id:
            resting.add(place)
    own = {(role, place) for role, place, person in rows if person == user.public_id}
    # Whoever is away, or left the organisation, does not stand in for others there.
    here = {place for _, place in own}
    lent = {row for row in rows if row[2] != user.public_id and row[1] in here and row[:2] not in own}
    return Actor(
        "person",
        user.public_id,
        frozenset(own | {(role, place) for role, place, _ in lent}),
        frozenset(lent),
        frozenset(resting),
    )


def _away(day: date) -> QuerySet[Absence]:
    """Absences on that day of the holder of a membership, in its organisation."""
    return Absence.objects.filter(
        person=OuterRef("user"),
        organisation=OuterRef("organisation"),
        starts_on__lte=day,
        ends_on__gte=day,
        ended_at=None,
    )


def memberships_of(user: User) -> QuerySet[Membership]:
    """What a person is here, now."""
    return Membership.objects.filter(user=user, ended_at__isnull=True).select_related("organisation__region")


@dataclass(frozen=True)
class Member:
    """A person of an organisation with all roles held there, and the absence that is or comes next."""

    user: User
    memberships: tuple[Membership, ...]
    absence: Absence | None

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(each.role for each in self.memberships)


def members(organisation: Organisation, *, on: date | None = None) -> list[Member]:
    """Who belongs to an organisation now, by name. Two queries."""
    day = on or timezone.localdate()
    held: dict[User, list[Membership]] = {}
    for each in Membership.objects.filter(organisation=organisation, ended_at=None).select_related("user"):
        held.setdefault(each.user, []).append(each)
    away = {
        absence.person_id: absence
        for absence in absences(organisation, on=day).order_by("-starts_on").select_related("deputy")
    }
    people = [
        Member(user, tuple(sorted(roles, key=lambda each: each.since)), away.get(user.pk))
        for user, roles in held.items()
    ]
    return sorted(people, key=lambda each: str(each.user).casefold())


def absences(organisation: Organisation, *, on: date | None = None) -> QuerySet[Absence]:
    """Absences that have not passed."""
    day = on or timezone.localdate()
    return Absence.objects.filter(organisation=organisation, ended_at=None, ends_on__gte=day)


def absence_of(user: User, organisation: Organisation, *, on: date | None = None) -> Absence | None:
    """The absence that keeps a person from acting in the organisation on that day (today)."""
    day = on or timezone.localdate()
    return absences(organisation, on=day).filter(person=user, starts_on__lte=day).first()


def belongs(user: User, organisation: Organisation) -> bool:
    """Whether the person holds any role there that has not ended, absent or not."""
    return Membership.objects.filter(user=user, organisation=organisation, ended_at=None).exists()


def administers(user: User, organisation: Organisation) -> bool:
    """Whether the person holds the role that administers it, or that of the operator; absent or not."""
    held = Membership.objects.filter(user=user, ended_at=None)
    here = Q(role="organisation_admin", organisation=organisation)
    return held.filter(here | Q(role="operator_admin", organisation=None)).exists()


def stood_in_for(deputy: User, organisation: Organisation, *, at: datetime) -> QuerySet[User]:
    """Whose deputy the person was there at that moment."""
    day = timezone.localdate(at)
    absences = Absence.objects.filter(
        deputy=deputy, organisation=organisation, starts_on__lte=day, ends_on__gte=day
    )
    lasted = absences.filter(Q(ended_at=None) | Q(ended_at__gt=at))
    return User.objects.filter(pk__in=lasted.values("person"), is_active=True)


def administrators(organisation: Organisation) -> QuerySet[User]:
    """Who invites and gives roles in the organisation."""
    held = Membership.objects.filter(organisation=organisation, role="organisation_admin", ended_at=None)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def confirmed_addresses(user: User) -> list[str]:
    """The e-mail addresses of which the person has shown that they are theirs, in small letters."""
    found = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "email")
    return [email.lower() for email in found.values_list("email", flat=True)]


def with_confirmed_address(email: str) -> list[User]:
    """Whose account has shown that this address is theirs, in whatever letters it is written; one at most."""
    found = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True, user__is_active=True)
    return [each.user for each in found.select_related("user").order_by("pk")]


def platform_members() -> QuerySet[Membership]:
    """Roles of the platform that last, by role and since when."""
    held = Membership.objects.filter(organisation=None, ended_at=None).select_related("user")
    return held.order_by("role", "since", "pk")


def is_last_operator(user: User) -> bool:
    """Whether nobody else could give roles of the platform once this person is gone."""
    operators = platform_members().filter(role="operator_admin", user__is_active=True)
    return operators.filter(user=user).exists() and not operators.exclude(user=user).exists()


def open_proposals() -> QuerySet[RoleProposal]:
    """Roles of the platform that wait for a second person."""
    return RoleProposal.objects.filter(state="open").select_related("user")


def without_administrator(*, on: date | None = None) -> QuerySet[Organisation]:
    """Accredited organisations in which nobody can invite or give roles that day (today): staff has to help.

    There is no administrator, or all of them are away and named nobody who stands in.
    """
    away = _away(on or timezone.localdate())
    administrators = Membership.objects.filter(
        ~Exists(away) | Exists(away.filter(deputy__isnull=False)),
        organisation=OuterRef("pk"),
        role="organisation_admin",
        ended_at=None,
    )
    return Organisation.objects.filter(~Exists(administrators), state="accredited").order_by("name")
