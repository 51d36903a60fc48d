"""Documents that belong to an offer: price lists, declarations, proofs."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.later_edits import note_later_edit
from allmende.catalogue.actions.offers import lock_offer
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.actions.working_copies import MAY_NOT_PREPARE, WHILE_CHECKED, lock_copy
from allmende.catalogue.models import Offer, Solution, WorkingCopy
from allmende.catalogue.queries.documents import is_named
from allmende.files import actions as files
from allmende.files.models import StoredFile
from allmende.files.states import SERVED
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations.actions.people import locked
from allmende.organisations.rules import is_staff

MAY_NOT_ADD = "Unterlagen hinzufügen kann, wer die Angebote einer der genannten Organisationen pflegt."
MAY_NOT_REMOVE = "Diese Unterlage gehört einer anderen Organisation."
ONLY_IN_EDITIONS = (
    "Diese Unterlage steht nur noch in früheren Ausgaben. Ganz entfernen kann sie die Redaktion: "
    "Melden Sie das Angebot."
)


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
    _tell_desk(offer, offer.solution.edition_number, by=by, now=now)
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
    """Take a document away: whose it is, or staff. What the desk is looking at stays as it was handed in.

    Where an edition that anybody may read names it, its owner takes it out of the offer only: the edition keeps what it
    named. Staff takes it away for good, and the edition says that it was removed.
    """
    require(rules.may_remove_document(by, file), MAY_NOT_REMOVE)
    if file.about_type == "offer":
        offer = lock_offer(Offer.objects.get(public_id=file.about_id), None)
        if file.state == "retired" and not is_staff(by):
            raise Refused(ONLY_IN_EDITIONS)
        before = offer.solution.edition_number
        is_kept = not is_staff(by) and file.state in SERVED and is_named(file, offer.solution)
        (files.retire if is_kept else files.remove)(file, by=by, now=now)
        publish_changes(offer.solution, by=by, now=now)
        if offer.state == "published":
            _tell_desk(offer, before, by=by, now=now)
        return
    copy = lock_copy(WorkingCopy.objects.get(public_id=file.about_id), None)
    if not copy.can_be_edited and not is_staff(by):
        raise Refused(WHILE_CHECKED)
    files.remove(file, by=by, now=now)


@transaction.atomic
def publish_documents(public_ids: Iterable[str], *, by: Actor, now: datetime) -> None:
    """The scanner has looked at documents of these offers: what may be seen now belongs in an edition."""
    require(by.is_program)
    wanted = Offer.objects.filter(public_id__in=list(public_ids)).values("solution")
    for solution in Solution.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
        publish_changes(solution, by=by, now=now)


def _tell_desk(offer: Offer, before: int, *, by: Actor, now: datetime) -> None:
    note_later_edit(offer.solution, offer=offer, parties=offer.parties, before=before, by=by, now=now)
