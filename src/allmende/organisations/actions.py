"""Every write about organisations."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.roles import ROLES
from allmende.organisations.states import ACCREDITATION
from allmende.regions.models import Region
from allmende.vocabulary.queries import known_codes


@transaction.atomic
def register(
    name: str, *, kind: str, by: Actor, now: datetime, website_url: str = "", is_invented: bool = False
) -> Organisation:
    """Add an organisation that is not a municipality of the register; refuses an unknown kind or an empty name."""
    require(rules.may_register(by))
    if not name.strip():
        raise Refused("Geben Sie den Namen der Organisation ein.")
    if kind not in known_codes("organisation_type"):
        raise Refused(f"Die Organisationsart „{kind}“ gibt es im Vokabular nicht.")
    organisation = Organisation.objects.create(
        name=name.strip(), kind=kind, website_url=website_url, is_invented=is_invented, created_at=now
    )
    record("organisations.registered", subject=organisation, by=by, now=now)
    return organisation


@transaction.atomic
def for_region(region: Region, *, by: Actor, now: datetime) -> Organisation:
    """The organisation of a municipality or district; made when it is named for the first time."""
    told = {
        "name": region.name,
        "kind": KIND_OF_LEVEL.get(region.level, "municipality"),
        "is_invented": region.is_invented,
        "created_at": now,
    }
    # Two harvests may name the town at the same time.
    organisation, is_new = Organisation.objects.get_or_create(region=region, defaults=told)
    if not is_new:
        return organisation
    record("organisations.registered", subject=organisation, by=by, now=now, data={"region": region.key})
    return organisation


# Levels of the register and the kind of body that governs there.
KIND_OF_LEVEL = {"kreis": "county", "gemeindeverband": "municipal_association", "land": "state_body"}


@transaction.atomic
def grant_role(
    role: str, *, user: User, organisation: Organisation | None, by: Actor, now: datetime
) -> Membership:
    """Give a person a role; given twice, it is held once."""
    require(rules.may_grant_roles(by))
    if role not in ROLES:
        raise Refused(f"Die Rolle „{role}“ gibt es nicht.")
    if ROLES[role].of_platform != (organisation is None):
        holder = "zur Plattform" if ROLES[role].of_platform else "zu einer Organisation"
        raise Refused(f"Die Rolle „{ROLES[role].label}“ gehört {holder}.")
    if organisation is not None:
        _vouch(organisation, role, by=by, now=now)
    membership, created = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, ended_at=None, defaults={"since": now}
    )
    if created:
        if ROLES[role].of_platform:
            # Wagtail knows rights by group; the group has the code of the role.
            user.groups.add(Group.objects.get_or_create(name=role)[0])
        subject = organisation or ("platform", "allmende")
        record(
            "organisations.role_granted",
            subject=subject,
            by=by,
            now=now,
            data={"person": user.public_id, "role": role},
        )
    return membership


def _vouch(organisation: Organisation, role: str, *, by: Actor, now: datetime) -> None:
    """Only an accredited organisation gives roles. Whoever types at the server vouches for the first."""
    if not (by.is_program or ROLES[role].fits(organisation.kind)):
        raise Refused(f"Die Rolle „{ROLES[role].label}“ gibt es in dieser Art von Organisation nicht.")
    organisation.refresh_from_db(fields=["state", "accredited_at"])
    if organisation.is_accredited:
        return
    if not by.is_program:
        raise Refused(f"{organisation.name} ist noch nicht akkreditiert. Prüfen Sie zuerst die Anmeldung.")
    ACCREDITATION.require_move(organisation.state, "accredited")
    organisation.state, organisation.accredited_at = "accredited", organisation.accredited_at or now
    organisation.save(update_fields=["state", "accredited_at"])
    record("organisations.accredited", subject=organisation, by=by, now=now)


@transaction.atomic
def end_role(membership: Membership, *, by: Actor, now: datetime) -> None:
    """Take a role away; what the person did in it stays in the journal."""
    require(rules.may_grant_roles(by))
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_at:
        raise Refused("Diese Rolle ist schon beendet.")
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    if ROLES[membership.role].of_platform:
        membership.user.groups.remove(*Group.objects.filter(name=membership.role))
    subject = membership.organisation or ("platform", "allmende")
    data = {"person": membership.user.public_id, "role": membership.role}
    record("organisations.role_ended", subject=subject, by=by, now=now, data=data)
