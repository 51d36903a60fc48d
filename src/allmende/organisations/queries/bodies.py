"""Organisations, who is there, and merges."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from allmende.lib.actors import Actor
from allmende.organisations.models import (
    Claim,
    Invitation,
    JoinRequest,
    Membership,
    MunicipalityProfile,
    Organisation,
    OrganisationMerge,
)
from allmende.organisations.states import PUBLIC_STATES


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


def once_called(public_ids: Iterable[str]) -> set[str]:
    """Public ids of these organisations and of all that were merged into them, one after another.

    A query for each step of such a chain, and one more that finds its end.
    """
    found, latest = set(public_ids), set(public_ids)
    while latest:
        rows = Organisation.objects.filter(merged_into__public_id__in=latest)
        latest = set(rows.values_list("public_id", flat=True)) - found
        found |= latest
    return found


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


def profile_of(organisation: Organisation) -> MunicipalityProfile | None:
    return (
        MunicipalityProfile.objects.filter(organisation=organisation).select_related("organisation").first()
    )


def shared_profiles() -> QuerySet[MunicipalityProfile]:
    """Profiles that their towns show to other towns."""
    return MunicipalityProfile.objects.filter(is_shared=True).select_related("organisation__region")
