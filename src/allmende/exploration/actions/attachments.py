"""Attachments of a case: tables, letters, minutes as they came. Kept with their digest; never public."""

from datetime import datetime

from django.db import transaction

from allmende.exploration.actions.cases import open_for_change
from allmende.exploration.models import Case
from allmende.files import actions as files
from allmende.files.models import StoredFile
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions.people import locked as locked_organisation

ATTACHMENTS_EACH = 50


@transaction.atomic
def attach(case: Case, data: bytes, name: str, *, by: Actor, now: datetime) -> StoredFile:
    """Put a document beside the case. `Refused` in words for what is too large, of another type, or there already."""
    case = open_for_change(case, by=by, now=now)
    owner = locked_organisation(case.organisation)
    return files.store_document(
        data,
        name,
        about=(case.journal_type, case.public_id),
        owner=owner.public_id,
        most=ATTACHMENTS_EACH,
        by=by,
        now=now,
    )


@transaction.atomic
def detach(case: Case, file: StoredFile, *, by: Actor, now: datetime) -> None:
    """Take a document away that does not belong there. The journal keeps that it was there, with its digest."""
    case = open_for_change(case, by=by, now=now)
    if (file.about_type, file.about_id) != (case.journal_type, case.public_id):
        raise Refused("Diese Datei gehört nicht zu diesem Fall.")
    files.remove(file, by=by, now=now)
