"""Documents that belong to an offer: price lists, declarations, proofs."""

from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.later_edits import note_later_edit
from allmende.catalogue.actions.offers import lock_offer
from allmende.catalogue.actions.working_copies import MAY_NOT_PREPARE, WHILE_CHECKED, lock_copy
from allmende.catalogue.models import Offer, WorkingCopy
from allmende.files import actions as files
from allmende.files.models import StoredFile
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations.actions.people import locked
from allmende.organisations.rules import is_staff

MAY_NOT_ADD = "Unterlagen hinzufügen kann, wer die Angebote einer der genannten Organisationen pflegt."
MAY_NOT_REMOVE = "Diese Unterlage gehört einer anderen Organisation."


@transaction.atomic
def add_document(offer: Offer, data: bytes, name: str, *, by: Actor, now: datetime) -> StoredFile:
    """Put a document beside a published offer; public once it has a verdict, and the desk looks at it afterwards."""
    offer = lock_offer(offer, None)
    owner = next((party for party in offer.parties if rules.may_submit(by, party)), None)
    if owner is None:
        raise Refused(MAY_NOT_ADD)
    if offer.state != "published":
        raise Refused("Das Angebot ist zurückgezogen. Unterlagen können Sie nicht mehr hinzufügen.")
    file = files.store_document(
        data, name, about=("offer", offer.public_id), owner=locked(owner).public_id, by=by, now=now
    )
    _tell_desk(offer, by=by, now=now)
    return file


@transaction.atomic
def prepare_document(copy: WorkingCopy, data: bytes, name: str, *, by: Actor, now: datetime) -> StoredFile:
    """Put a document beside an offer that is being written; it goes public with the offer."""
    copy = lock_copy(copy, None)
    require(rules.may_prepare(by, copy.organisation), MAY_NOT_PREPARE)
    if not copy.is_new:
        raise Refused("Die Unterlagen eines veröffentlichten Angebots ändern Sie beim Angebot selbst.")
    if not copy.can_be_edited:
        raise Refused(WHILE_CHECKED)
    owner = locked(copy.organisation)
    return files.store_document(
        data, name, about=("working_copy", copy.public_id), owner=owner.public_id, by=by, now=now
    )


@transaction.atomic
def remove_document(file: StoredFile, *, by: Actor, now: datetime) -> None:
    """Take a document away: whose it is, or staff. What the desk is looking at stays as it was handed in."""
    require(rules.may_remove_document(by, file), MAY_NOT_REMOVE)
    if file.about_type == "offer":
        offer = lock_offer(Offer.objects.get(public_id=file.about_id), None)
        files.remove(file, by=by, now=now)
        if offer.state == "published":
            _tell_desk(offer, by=by, now=now)
        return
    copy = lock_copy(WorkingCopy.objects.get(public_id=file.about_id), None)
    if not copy.can_be_edited and not is_staff(by):
        raise Refused(WHILE_CHECKED)
    files.remove(file, by=by, now=now)


def _tell_desk(offer: Offer, *, by: Actor, now: datetime) -> None:
    solution = offer.solution
    note_later_edit(
        solution, offer=offer, parties=offer.parties, before=solution.edition_number, by=by, now=now
    )
