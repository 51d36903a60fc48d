"""People follow when two organisations become one: everybody has in the one what they had in the two, and no more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from allmende.lib.actors import Actor
from allmende.organisations.actions.claims import close_doubled, end_others
from allmende.organisations.actions.moving import moved, moved_back
from allmende.organisations.models import (
    Absence,
    Claim,
    EmailDomain,
    Invitation,
    JoinRequest,
    Membership,
    MunicipalityProfile,
    Organisation,
    PostalAddress,
)


def move(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> dict[str, Any]:
    for each in (source, target):
        _no_deputies_from_elsewhere(each)
    ended = _absences_of_both(source, target, now)
    kept: dict[str, Any] = {
        "absences_ended": ended,
        "memberships_ended": _doubled_roles(source, target, now),
        "invitations_withdrawn": _doubled_invitations(source, target, now),
        "requests_withdrawn": _doubled_requests(source, target, now),
        "admits": dict(EmailDomain.objects.filter(organisation=source).values_list("pk", "admits")),
    }
    for model in (Absence, Invitation, JoinRequest, MunicipalityProfile, PostalAddress):
        kept[model.__name__] = moved(model.objects.filter(organisation=source), organisation=target)
    # What was ended here stays as the sign that it was there; it begins again with the undoing.
    roles = Membership.objects.filter(organisation=source).exclude(pk__in=kept["memberships_ended"])
    kept["Membership"] = moved(roles, organisation=target)
    # The other administration never said that people from there come in at once.
    domains = EmailDomain.objects.filter(organisation=source)
    kept["EmailDomain"] = moved(domains, organisation=target, admits="on_request")
    kept["Claim"] = _claims(source, target, by=by, now=now)
    return kept


def move_back(
    source: Organisation, target: Organisation, kept: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    still = {"organisation": target}
    for model in (Absence, Claim, Invitation, JoinRequest, Membership, MunicipalityProfile, PostalAddress):
        moved_back(model, kept[model.__name__], still=still, organisation=source)
    for key in moved_back(EmailDomain, kept["EmailDomain"], still=still, organisation=source):
        EmailDomain.objects.filter(pk=key).update(admits=kept["admits"][str(key)])
    _hold_again(source, target, kept["memberships_ended"])
    _wait_again(source, kept, now)
    running = Absence.objects.filter(pk__in=kept["absences_ended"], ends_on__gte=timezone.localdate(now))
    for absence in running.order_by("pk"):
        _be_away_again(absence)


def _doubled_roles(source: Organisation, target: Organisation, now: datetime) -> list[int]:
    """Held in both: once is enough."""
    there = set(Membership.objects.filter(organisation=target, ended_at=None).values_list("user_id", "role"))
    here = Membership.objects.filter(organisation=source, ended_at=None).order_by("pk")
    doubled = [each.pk for each in here if (each.user_id, each.role) in there]
    Membership.objects.filter(pk__in=doubled).update(ended_at=now)
    return doubled


def _hold_again(source: Organisation, target: Organisation, keys: list[int]) -> None:
    """Only who holds the role in the other one still: whoever lost it there has lost it here."""
    there = set(Membership.objects.filter(organisation=target, ended_at=None).values_list("user_id", "role"))
    for each in Membership.objects.filter(pk__in=keys, organisation=source):
        if (each.user_id, each.role) in there:
            moved(Membership.objects.filter(pk=each.pk), ended_at=None)


def _absences_of_both(source: Organisation, target: Organisation, now: datetime) -> list[int]:
    """Away from one, with roles in the other: the deputy would get these as well, and the person lose them.

    So such an absence ends.
    """
    keys = []
    for here, there in ((source, target), (target, source)):
        members = Membership.objects.filter(organisation=there, ended_at=None).values("user")
        running = Absence.objects.filter(
            organisation=here, person__in=members, ended_at=None, ends_on__gte=timezone.localdate(now)
        )
        keys += moved(running, ended_at=now)
    return keys


def _be_away_again(absence: Absence) -> None:
    """Unless something else was said for these days since."""
    same_days = Absence.objects.filter(
        organisation=absence.organisation_id,
        person=absence.person_id,
        ended_at=None,
        starts_on__lte=absence.ends_on,
        ends_on__gte=absence.starts_on,
    )
    if not same_days.exists():
        Absence.objects.filter(pk=absence.pk).update(ended_at=None)


def _no_deputies_from_elsewhere(organisation: Organisation) -> None:
    """A deputy who is gone from the one has no right there, and must not find it in the other."""
    inside = Membership.objects.filter(organisation=organisation, ended_at=None).values("user")
    running = Absence.objects.filter(organisation=organisation, ended_at=None, deputy__isnull=False)
    running.exclude(deputy__in=inside).update(deputy=None)


def _doubled_invitations(source: Organisation, target: Organisation, now: datetime) -> list[int]:
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    addresses = waiting.filter(organisation=target).values("email")
    return moved(waiting.filter(organisation=source, email__in=addresses), withdrawn_at=now)


def _doubled_requests(source: Organisation, target: Organisation, now: datetime) -> list[int]:
    waiting = JoinRequest.objects.filter(state="open")
    asked = waiting.filter(organisation=target).values("user")
    doubled = waiting.filter(organisation=source, user__in=asked)
    return moved(doubled, state="withdrawn", decided_at=now)


def _wait_again(source: Organisation, kept: Mapping[str, Any], now: datetime) -> None:
    moved_back(
        Invitation,
        kept["invitations_withdrawn"],
        still={"organisation": source, "accepted_at": None},
        withdrawn_at=None,
    )
    moved_back(
        JoinRequest,
        kept["requests_withdrawn"],
        still={"organisation": source, "state": "withdrawn"},
        state="open",
        decided_at=None,
    )


def _claims(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> list[int]:
    """Where somebody administers the target, nobody comes to it as the first any more."""
    close_doubled(source, target, by=by, now=now)
    keys = moved(Claim.objects.filter(organisation=source), organisation=target)
    if target.is_accredited:
        end_others(target, by=by, now=now)
    return keys
