"""What the template of a solution needs, for a solution as it would be."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from allmende.catalogue.contents import Content
from allmende.catalogue.models import WorkingCopy
from allmende.catalogue.previews import preview, releases_and_funding
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
        "view": SheetView(shown, current(), read_question(parameters_of(request))),
        "similar_type": "",
        "releases": releases,
        "funding": funding,
        "address": "",
        "is_preview": True,
    }
