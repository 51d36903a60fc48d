"""The logo of an organisation."""

from datetime import datetime

from django.db import transaction

from allmende.files import actions as files
from allmende.files.models import StoredFile
from allmende.files.queries import logo_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.people import locked
from allmende.organisations.models import Organisation


@transaction.atomic
def set_logo(data: bytes, *, organisation: Organisation, by: Actor, now: datetime) -> StoredFile:
    """Show this picture as the organisation's logo from now on; `Refused` for what is no picture within the limits."""
    require(rules.may_set_logo(by, organisation))
    organisation = locked(organisation)
    return files.store_logo(data, organisation=organisation.public_id, by=by, now=now)


@transaction.atomic
def remove_logo(organisation: Organisation, *, by: Actor, now: datetime) -> None:
    """Show none any more: the organisation itself, or staff where it had no right to the picture."""
    require(rules.may_remove_logo(by, organisation))
    organisation = locked(organisation)
    logo = logo_of(organisation.public_id)
    if logo is None:
        raise Refused("Es gibt kein Logo, das Sie entfernen könnten.")
    files.remove(logo, by=by, now=now)
