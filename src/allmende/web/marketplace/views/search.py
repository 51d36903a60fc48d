"""The search page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.organisations.queries import actor_for
from allmende.retrieval.protocol import Matching
from allmende.retrieval.text import tokens
from allmende.search.queries import FoundSolution, Page, SearchUnavailable, find
from allmende.web.components.parts import Crumb, Paging
from allmende.web.marketplace import facets
from allmende.web.marketplace.addresses import SEARCH, SearchAddress, parameters_of
from allmende.web.marketplace.cards import Hit, hit_of
from allmende.web.shell.page_cache import public_page

CRUMBS = (Crumb("Start", "/"), Crumb("Lösungen finden"))


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """Hits for any query string; 503 where there is no index that can be read."""
    address = SearchAddress.of(parameters_of(request))
    try:
        page = find(address.question, actor_for(request.user))
    except SearchUnavailable:
        return unavailable(request, address)
    address = address.at_page(page.page)
    response = render(request, "marketplace/search.html", _context(address, page))
    # What htmx writes into the address bar: the one address of this search, however the form was sent.
    response.headers["HX-Push-Url"] = address.href
    return response


def unavailable(request: HttpRequest, address: SearchAddress) -> HttpResponse:
    """A page that says what happened and what to do; the worker is building an index meanwhile."""
    context = {"address": address, "crumbs": CRUMBS}
    response = render(request, "marketplace/search_unavailable.html", context, status=503)
    response.headers["Retry-After"] = "60"
    return response


def _context(address: SearchAddress, page: Page) -> dict[str, Any]:
    chosen = sum(len(codes) for codes in address.choices.values())
    return {
        "address": address,
        "crumbs": CRUMBS,
        "page": page,
        "hits": [_hit(found, page) for found in page.hits],
        "facets": facets.panel(page),
        "chosen": chosen,
        "chips": facets.chips(address, page),
        "hidden": facets.hidden(address),
        "orders": facets.orders(address),
        "why": facets.why_this_order(address),
        "fewer": page.matching is Matching.FEWER and page.total > 0,
        "no_word": bool(address.text) and page.matching is Matching.NOTHING_ASKED,
        "paging": _paging(address, page),
    }


def _paging(address: SearchAddress, page: Page) -> Paging:
    parameters: dict[str, list[str]] = {}
    for name, value in address.at_page(1).parameters:
        parameters.setdefault(name, []).append(value)
    return Paging.of(SEARCH, parameters, page.page, page.pages)


def _hit(found: FoundSolution, page: Page) -> Hit:
    asked = frozenset(page.words)
    return hit_of(found.card, words=asked, snippet=found.snippet, reasons=_reasons(found, asked))


def _reasons(found: FoundSolution, asked: frozenset[str]) -> Sequence[str]:
    """Where the words of the question stand in this entry, one sentence for each place."""
    if not asked:
        return ()
    name = found.card.solution.name
    in_name = {name[token.start : token.end] for token in tokens(name, asked)}
    in_text = {piece.text for piece in found.snippet if piece.highlighted}
    sentences = []
    if in_name:
        sentences.append(f"Im Namen steht: {_quoted(in_name)}.")
    if in_text:
        sentences.append(f"In der Beschreibung steht: {_quoted(in_text)}.")
    if not sentences:
        sentences.append("Ihre Wörter stehen in den Suchwörtern der Lösung oder bei denen, die sie nutzen.")
    return sentences


def _quoted(words: set[str]) -> str:
    return ", ".join(f"„{word}“" for word in sorted(words))
