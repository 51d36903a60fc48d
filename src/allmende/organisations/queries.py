"""Look-ups of organisations, and who somebody is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.freemail import could_be_own
from allmende.organisations.models import (
    Absence,
    Claim,
    EmailDomain,
    Invitation,
    JoinRequest,
    Membership,
    MunicipalityProfile,
    Organisation,
    OrganisationMerge,
    PostalAddress,
    RoleProposal,
)
from allmende.organisations.names import alike
from allmende.organisations.states import PUBLIC_STATES

# ------------------------------------------------------------------------------------------------ organisations


def public_organisations() -> QuerySet[Organisation]:
    """What everybody may know of: all but those that somebody applied for and nobody has vouched for."""
    return Organisation.objects.filter(state__in=PUBLIC_STATES).select_related("region")


def visible_to(actor: Actor, *, is_staff: bool = False) -> QuerySet[Organisation]:
    """Public ones, and those the actor applied for; all of them for staff and programs (`rules.is_staff`)."""
    every = Organisation.objects.select_related("region__land", "region__kreis")
    if is_staff or actor.is_program:
        return every
    if actor.kind == "anonymous":
        return every.filter(state__in=PUBLIC_STATES)
    mine = Claim.objects.filter(user__public_id=actor.id, organisation=OuterRef("pk"))
    return every.filter(Q(state__in=PUBLIC_STATES) | Exists(mine))


def by_public_ids(public_ids: list[str]) -> dict[str, Organisation]:
    """Organisations by the public id asked for, unknown ones left out; a merged one is the one it was merged into."""
    found = Organisation.objects.filter(public_id__in=public_ids)
    found = found.select_related("region", "merged_into__region", "merged_into__merged_into__region")
    return {each.public_id: standing_for(each) for each in found}


def standing_for(organisation: Organisation) -> Organisation:
    """Itself, or where all of it is after merges, one by one; never in a circle."""
    seen = {organisation.pk}
    while organisation.merged_into is not None and organisation.merged_into.pk not in seen:
        organisation = organisation.merged_into
        seen.add(organisation.pk)
    return organisation


def merged_away(public_id: str) -> Organisation | None:
    """Where an address leads that was that of a merged organisation; None for any other."""
    found = Organisation.objects.filter(public_id=public_id, state="merged").first()
    return standing_for(found) if found else None


def has_people(organisation: Organisation) -> bool:
    """Whether somebody acts for it, or could by what waits."""
    here = {"organisation": organisation}
    return (
        Membership.objects.filter(**here, ended_at=None).exists()
        or Invitation.objects.filter(**here, accepted_at=None, withdrawn_at=None).exists()
        or JoinRequest.objects.filter(**here, state="open").exists()
    )


def merges_to_decide() -> QuerySet[OrganisationMerge]:
    """Proposals that wait for a second person, the longest waiting first."""
    rows = OrganisationMerge.objects.filter(state="proposed")
    return rows.select_related("source", "target").order_by("proposed_at", "pk")


def past_merges() -> QuerySet[OrganisationMerge]:
    """What was merged and can be undone, the latest first."""
    rows = OrganisationMerge.objects.filter(state="merged")
    return rows.select_related("source", "target").order_by("-decided_at", "-pk")


def organisations_of(actor: Actor, role: str) -> list[Organisation]:
    """Organisations in which the actor holds the role."""
    held = [organisation for name, organisation in actor.roles if name == role and organisation]
    return list(Organisation.objects.filter(public_id__in=held).select_related("region").order_by("name"))


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


# ----------------------------------------------------------------------------------------------------- people


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


# --------------------------------------------------------------------------------------- coming to an organisation


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """What waits to be accepted, and what has run out and may be renewed."""
    return Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)


def invitations_to(addresses: Iterable[str], *, now: datetime) -> QuerySet[Invitation]:
    """What can be accepted by whoever has shown that one of these addresses is theirs."""
    return Invitation.objects.filter(
        email__in=list(addresses), accepted_at=None, withdrawn_at=None, expires_at__gt=now
    ).select_related("organisation")


def was_accepted_by(user: User, invitation: Invitation) -> bool:
    """Whether this person has joined by it, and belongs there still."""
    return (
        invitation.accepted_at is not None
        and invitation.email in confirmed_addresses(user)
        and belongs(user, invitation.organisation)
    )


def join_requests(organisation: Organisation) -> QuerySet[JoinRequest]:
    """Who asks to join, what waits longest first."""
    return JoinRequest.objects.filter(organisation=organisation, state="open").select_related("user")


def claims_of(actor: Actor) -> QuerySet[Claim]:
    """What the actor applied for, the latest first."""
    return (
        Claim.objects.filter(user__public_id=actor.id)
        .select_related("organisation__region")
        .order_by("-made_at", "-pk")
    )


def running_claims() -> QuerySet[Claim]:
    """All that is not decided, what waits longest first. For staff."""
    return Claim.objects.filter(state__in=["open", "code_sent"]).select_related(
        "user", "organisation__region__land", "organisation__region__kreis"
    )


def claims_to_check(now: datetime) -> QuerySet[Claim]:
    """What waits for a person of the staff: new ones, and those whose letter nobody answered in time.

    A letter on its way waits for the town.
    """
    return running_claims().filter(Q(state="open") | Q(state="code_sent", expires_at__lte=now))


def domains(organisation: Organisation) -> QuerySet[EmailDomain]:
    return EmailDomain.objects.filter(organisation=organisation)


def domains_to_check() -> QuerySet[EmailDomain]:
    """Domains that an organisation named and nobody has confirmed, what waits longest first. For staff."""
    return (
        EmailDomain.objects.filter(confirmed_at=None)
        .select_related("organisation__region")
        .order_by("proposed_at", "pk")
    )


def domain_for(organisation: Organisation, addresses: Iterable[str]) -> EmailDomain | None:
    """The confirmed domain of the organisation at which one of the addresses lies."""
    named = {address.rpartition("@")[2].lower() for address in addresses}
    return domains(organisation).filter(confirmed_at__isnull=False, domain__in=named).first()


def shares_domain(domain: EmailDomain) -> bool:
    """Whether another organisation has the same domain confirmed."""
    others = EmailDomain.objects.filter(domain=domain.domain, confirmed_at__isnull=False)
    return others.exclude(pk=domain.pk).exclude(organisation__state="merged").exists()


def same_name(organisation: Organisation) -> list[Organisation]:
    """Other organisations without a region that have this name, whatever its case: it may be there already."""
    found = Organisation.objects.filter(name__iexact=organisation.name, region=None)
    return list(found.exclude(pk=organisation.pk).exclude(state__in=("refused", "merged")))


def taken_for(name: str) -> list[Organisation]:
    """Public organisations without a region whose name may mean the same as this one, those without people first."""
    wanted = alike(name)
    longest = max(wanted.split(), key=len, default="")
    if not longest:
        return []
    known = public_organisations().filter(name__icontains=longest, region=None).order_by("name", "pk")
    found = [each for each in known if alike(each.name) == wanted]
    return sorted(found, key=lambda each: each.state != "named")


def found_by_name(words: str) -> list[Organisation]:
    """Public organisations without a region in whose name these words stand, by name. For staff."""
    rows = public_organisations().filter(name__icontains=words, region=None).order_by("name", "pk")
    return list(rows[:50])


def evidence_of(claim: Claim) -> tuple[str, str]:
    """What speaks for somebody who takes over an entry: the website's domain, where they have shown that an address
    there is theirs, and the register number that they named; "" for what there is not.

    The website is the entry's own, never the one that the person names.
    """
    host = (urlsplit(claim.organisation.website_url).hostname or "").removeprefix("www.")
    named = {could_be_own(address) for address in confirmed_addresses(claim.user)} - {""}
    # The very same: whoever has an address at the domain above may be the landlord of many websites.
    fits = host if host in named else ""
    number = " ".join(
        str(claim.said.get(part) or "") for part in ("register_number", "register_court")
    ).strip()
    return fits, number


def unanswered_letters(now: datetime) -> QuerySet[Claim]:
    """Letters to town halls that did not do what they were for: come back, run out, or the code tried too often."""
    failed = Q(state="code_sent", expires_at__lte=now) | Q(state="open", letters__gt=0)
    return running_claims().filter(failed)


def postal_address(organisation: Organisation) -> PostalAddress | None:
    return PostalAddress.objects.filter(organisation=organisation).first()


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


# --------------------------------------------------------------------------------------------------- profiles


def profile_of(organisation: Organisation) -> MunicipalityProfile | None:
    return (
        MunicipalityProfile.objects.filter(organisation=organisation).select_related("organisation").first()
    )


def shared_profiles() -> QuerySet[MunicipalityProfile]:
    """Profiles that their towns show to other towns."""
    return MunicipalityProfile.objects.filter(is_shared=True).select_related("organisation__region")
