"""An organisation is entered, vouched for, suspended."""

from datetime import datetime

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.people import locked
from allmende.organisations.models import Organisation
from allmende.organisations.states import ACCREDITATION
from allmende.regions.models import Region
from allmende.vocabulary.queries import known_codes

# Levels of the register and the kind of body that governs there.
KIND_OF_LEVEL = {"kreis": "county", "gemeindeverband": "municipal_association", "land": "state_body"}


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


def vouch(organisation: Organisation, *, by: Actor, now: datetime) -> None:
    """Accredit, where it is not; who may do so on what grounds, the caller has asked."""
    if organisation.is_accredited:
        return
    if organisation.state == "merged":
        raise Refused(
            f"{organisation.name} ist mit einer anderen Organisation zusammengeführt. Handeln Sie für diese."
        )
    _move(organisation, "accredited")
    organisation.accredited_at = organisation.accredited_at or now
    organisation.save(update_fields=["state", "accredited_at"])
    record("organisations.accredited", subject=organisation, by=by, now=now)


@transaction.atomic
def suspend(organisation: Organisation, *, reason: str, by: Actor, now: datetime) -> None:
    """Nobody acts for the organisation until it is accredited again; what it published stays."""
    require(rules.may_accredit(by))
    if not reason.strip():
        raise Refused("Schreiben Sie, warum Sie die Organisation aussetzen.")
    organisation = locked(organisation)
    _move(organisation, "suspended")
    organisation.save(update_fields=["state"])
    record("organisations.suspended", subject=organisation, by=by, now=now, words={"reason": reason})


@transaction.atomic
def restore(organisation: Organisation, *, by: Actor, now: datetime) -> None:
    """Let a suspended organisation act again."""
    require(rules.may_accredit(by))
    organisation = locked(organisation)
    if organisation.state != "suspended":
        raise Refused("Diese Organisation ist nicht ausgesetzt.")
    vouch(organisation, by=by, now=now)


def _move(organisation: Organisation, target: str) -> None:
    ACCREDITATION.require_move(organisation.state, target)
    organisation.state = target
