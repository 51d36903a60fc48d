"""The start page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.catalogue.queries import cards, newest, towns_with_uses
from allmende.organisations.queries import actor_for
from allmende.search.queries import counts
from allmende.vocabulary.queries import current
from allmende.web.marketplace.addresses import choosing
from allmende.web.marketplace.cards import hits_of
from allmende.web.marketplace.views.map import map_of
from allmende.web.shell.page_cache import public_page

NEWEST = 4


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """One question, the Handlungsfelder, what is new, and where something is used."""
    towns = towns_with_uses()
    context = map_of(towns) | {
        "fields": _fields(),
        "newest": hits_of(cards(newest(NEWEST), actor_for(request.user))),
        "towns": len(towns),
        "confirmed": sum(1 for _, confirmed, _ in towns if confirmed),
    }
    return render(request, "marketplace/start.html", context)


def _fields() -> list[dict[str, Any]]:
    """All Handlungsfelder in their order; `count` is None where there is no index to count by."""
    counted = counts("field")
    return [
        {
            "label": term.label,
            "href": choosing("field", term.code),
            "count": counted.get(term.code, 0) if counted else None,
        }
        for term in current().terms("field_of_action")
    ]
