"""What the template of a solution needs, for a solution as it would be."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from allmende.catalogue.contents import Content
from allmende.catalogue.models import WorkingCopy
from allmende.catalogue.previews import NOT_STORED, preview, releases_and_funding
from allmende.catalogue.queries import Sheet
from allmende.files.models import StoredFile
from allmende.files.queries import all_documents_about, documents_about
from allmende.lib.actors import Actor
from allmende.vocabulary.queries import current
from allmende.web.marketplace.addresses import parameters_of
from allmende.web.marketplace.costs import read_question
from allmende.web.marketplace.sheets import SheetView


def preview_context(request: HttpRequest, copy: WorkingCopy, content: Content) -> dict[str, Any]:
    """For `marketplace/solution.html`: as anybody sees it who has not signed in."""
    shown = preview(copy, content, now=datetime.now(UTC), actor=Actor.anonymous())
    releases, funding = releases_and_funding(copy, content, shown)
    return {
        "solution": shown.solution,
        "view": SheetView(shown, current(), read_question(parameters_of(request)), _documents(copy, shown)),
        "similar_type": "",
        "releases": releases,
        "funding": funding,
        "address": "",
        "is_preview": True,
    }


def _documents(copy: WorkingCopy, shown: Sheet) -> dict[str, Sequence[StoredFile]]:
    """Of the offers that are there, and what is handed in with the one that is not yet."""
    found: dict[str, Sequence[StoredFile]] = dict(
        documents_about("offer", [offer.public_id for offer in shown.offers if offer.pk != NOT_STORED])
    )
    if copy.offer is not None:
        # The preview of a change is an offer of another id.
        own: Sequence[StoredFile] = documents_about("offer", [copy.offer.public_id]).get(
            copy.offer.public_id, ()
        )
    else:
        own = all_documents_about("working_copy", copy.public_id)
    mine = [offer for offer in shown.offers if offer.pk == (copy.offer.pk if copy.offer else NOT_STORED)]
    return found | {offer.public_id: own for offer in mine}
