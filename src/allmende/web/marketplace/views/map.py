"""The dot map of all Gemeinden, with those that use something, and the same as a table."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.catalogue.queries import towns_with_uses
from allmende.organisations.models import Organisation
from allmende.regions.queries import laender
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb, Paging
from allmende.web.marketplace import drawing
from allmende.web.marketplace.addresses import first, page_number, parameters_of
from allmende.web.shell.page_cache import public_page

CRUMBS = (Crumb("Start", "/"), Crumb("Karte"))
PAGE_SIZE = 200
_A_YEAR = 31_536_000


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """Who uses what, in one Land or everywhere, in one Handlungsfeld or all; an unknown choice is none."""
    parameters = parameters_of(request)
    fields = {term.code: term.label for term in current().terms("field_of_action")}
    lands = {land.key: land.name for land in laender()}
    field, land = first(parameters, "feld"), first(parameters, "land")
    field, land = field if field in fields else "", land if land in lands else ""
    towns = [row for row in towns_with_uses(field) if _lies_in(row[0], land)]
    pages = max(1, -(-len(towns) // PAGE_SIZE))
    page = min(page_number(first(parameters, "seite")), pages)
    kept = {name: [value] for name, value in (("land", land), ("feld", field)) if value}
    context = map_of(towns) | {
        "crumbs": CRUMBS,
        "towns": towns,
        "shown": towns[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "paging": Paging.of("/karte", kept, page, pages),
        "fields": fields.items(),
        "lands": lands.items(),
        "field": field,
        "land": land,
        "where": lands.get(land, ""),
        "what": fields.get(field, ""),
    }
    return render(request, "marketplace/map.html", context)


def _lies_in(town: Organisation, land: str) -> bool:
    return town.region is not None and town.region.key.startswith(land)


def map_of(towns: Sequence[tuple[Organisation, int, int]]) -> dict[str, Any]:
    """What the drawing of the map needs."""
    ground = drawing.ground()
    spots = drawing.spots(towns, ground)
    named = len(spots) <= drawing.MOST_NAMED
    return {
        "ground": ground,
        "spots": spots if named else (),
        "paths": () if named else drawing.paths(spots),
        "inset": drawing.inset(),
        "drawing": drawing,
    }


@public_page
def ground(request: HttpRequest) -> HttpResponse:
    """The dots of all Gemeinden as a picture of its own, which browsers keep."""
    drawn = drawing.ground()
    response = render(
        request, "marketplace/ground.svg", {"ground": drawn, "drawing": drawing}, "image/svg+xml"
    )
    if first(parameters_of(request), "v") == str(drawn.version):
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return response
