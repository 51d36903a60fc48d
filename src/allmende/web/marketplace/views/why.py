""" "Warum steht das hier?": one hit of one search, explained."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.catalogue.queries import citable
from allmende.lib.ids import is_public_id
from allmende.organisations.queries import actor_for
from allmende.search.labels import known
from allmende.search.queries import MeaningLate, SearchUnavailable, explain, state
from allmende.search.synonyms import alternatives
from allmende.web.components.parts import Crumb
from allmende.web.marketplace import facets
from allmende.web.marketplace.addresses import SearchAddress, parameters_of
from allmende.web.marketplace.views.search import unavailable
from allmende.web.marketplace.why import Why
from allmende.web.shell.page_cache import not_to_be_kept, public_page


@public_page
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The explanation alone for htmx, a page of it for everybody else; 404 where the search does not find it."""
    address = SearchAddress.of(parameters_of(request))
    # Places in another order need no explanation; what relevance is, holds there too.
    question = replace(address.question, order="relevance", page=1)
    is_asked = is_public_id(public_id) and address.has_words
    try:
        explained = explain(question, public_id, actor_for(request.user)) if is_asked else None
    except SearchUnavailable:
        return unavailable(request, address)
    except MeaningLate:
        return not_to_be_kept(_not_among(request, public_id, _context(address) | {"is_late": True}))
    context = _context(address)
    if explained is None:
        return _not_among(request, public_id, context)
    context["why"] = Why(explained, address.text, state(), alternatives(address.text, known()))
    response = _shown(request, context)
    return response if explained.is_lasting else not_to_be_kept(response)


def _context(address: SearchAddress) -> dict[str, object]:
    return {"address": address, "crumbs": _crumbs(address), "order": _other_order(address)}


def _shown(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return render(request, "marketplace/why.html", context)
    response = render(request, "marketplace/_why.html", context | {"is_part": True})
    # The link is a boosted one, and what it opens under the hit is no page of its own.
    response.headers["HX-Push-Url"] = "false"
    return response


def _crumbs(address: SearchAddress) -> list[Crumb]:
    return [Crumb("Start", "/"), Crumb("Lösungen finden", address.href), Crumb("Warum steht das hier?")]


def _other_order(address: SearchAddress) -> str:
    """The name of the order that the reader has chosen, or "" for relevance."""
    return facets.ORDER_LABELS[address.order] if address.order else ""


def _not_among(request: HttpRequest, public_id: str, context: dict[str, object]) -> HttpResponse:
    """The address is old, or somebody has changed it: what it was about, and the way back."""
    solution = citable().filter(public_id=public_id).first() if is_public_id(public_id) else None
    if solution is None:
        raise Http404("Diese Lösung gibt es nicht.")
    return render(
        request,
        "marketplace/why_not.html",
        context | {"solution": solution, "here": request.get_full_path()},
        status=404,
    )
