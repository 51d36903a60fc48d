"""The search page."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.organisations.queries import actor_for
from allmende.retrieval.protocol import Matching
from allmende.retrieval.text import query_tokens
from allmende.search.actions import note_miss
from allmende.search.queries import FoundSolution, Page, SearchUnavailable, find
from allmende.web.components.parts import Crumb, Link, Paging
from allmende.web.components.templatetags.formats import joined
from allmende.web.marketplace import facets
from allmende.web.marketplace.addresses import SEARCH, SearchAddress, parameters_of
from allmende.web.marketplace.beside import beside
from allmende.web.marketplace.cards import Hit, hit_of
from allmende.web.marketplace.nothing import WayOut, ways_out
from allmende.web.shell.page_cache import not_to_be_kept, public_page

CRUMBS = (Crumb("Start", "/"), Crumb("Lösungen finden"))
# Programs say so themselves; what they look for is not what people miss.
_PROGRAM = re.compile(r"bot|crawl|spider|slurp|curl|wget|python|monitor|preview|scan|headless", re.IGNORECASE)


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """Hits for any query string; 503 where there is no index that can be read."""
    address, actor = SearchAddress.of(parameters_of(request)), actor_for(request.user)
    try:
        page = find(address.question, actor)
        context = _context(address.at_page(page.page), page)
        context["beside"] = beside(address.text, actor) if page.page == 1 else []
    except SearchUnavailable:
        return unavailable(request, address)
    response = render(request, "marketplace/search.html", context)
    # What htmx writes into the address bar: the one address of this search, however the form was sent.
    response.headers["HX-Push-Url"] = context["address"].href
    if page.is_miss and not _PROGRAM.search(request.headers.get("User-Agent", "")):
        note_miss(page, now=datetime.now(UTC))
    # Each search in vain is counted, and an answer that lacks the meaning is given once.
    return not_to_be_kept(response) if page.is_miss or not page.is_lasting else response


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
        "title": facets.title(address, page),
        "page": page,
        "hits": [_hit(address, found, page) for found in page.hits],
        "facets": facets.panel(page),
        "chosen": chosen,
        "chips": facets.chips(address, page),
        "hidden": facets.hidden(address),
        "orders": facets.orders(address),
        "why": facets.why_this_order(address),
        "corrected": _corrected(address, page),
        "hints": _hints(address, page),
        "notes": _notes(page),
        "no_word": bool(address.text) and page.matching is Matching.NOTHING_ASKED,
        "paging": _paging(address, page),
        "ways": _ways_out(address, page),
    }


def _corrected(address: SearchAddress, page: Page) -> Link | None:
    """ "Meinten Sie": the same search with other words."""
    if not page.corrected or page.corrected == address.text:
        return None
    return Link(page.corrected, address.asking(page.corrected).href)


def _hints(address: SearchAddress, page: Page) -> list[Link]:
    """Filters that words of the question stand for, each as the search with that filter instead of the words."""
    return [
        Link(hint.sentence, address.asking(hint.text_without).choosing_also(hint.facet, hint.code).href)
        for hint in page.hints
    ]


def _notes(page: Page) -> list[str]:
    """What the reader has to know about these hits before reading them, the weightiest first."""
    notes = []
    if page.left_out:
        words, this = _quoted(page.left_out), "dieses Wort" if len(page.left_out) == 1 else "diese Wörter"
        notes.append(f"Mit {words} finden wir nichts. Hier steht, was wir ohne {this} finden.")
    if page.total and not page.by_words:
        notes.append(
            "Kein Eintrag enthält Ihre Wörter. Vielleicht helfen diese, die dem Sinn nach am nächsten liegen."
        )
    elif page.parts:
        notes.append(f"Kein Eintrag enthält {_words_searched(page)}. {_what_they_have(page)}")
    elif page.matching is Matching.FEWER:
        notes.append("Kein Eintrag enthält alle Wörter. Diese enthalten einige davon.")
    if page.unknown_words and not page.parts:
        notes.append(f"In keinem Eintrag steht: {_quoted(page.unknown_words)}.")
    return notes


# More words than these are no help where none of them was found.
_NAMED = 3


def _words_searched(page: Page) -> str:
    """As they were typed, without those left out."""
    text = page.question.text
    words = [text[token.start : token.end] for token in query_tokens(text)]
    left_out = {token.word for typed in page.left_out for token in query_tokens(typed)}
    words = [word for word in words if not left_out & {token.word for token in query_tokens(word)}]
    return joined([f"„{word}“" for word in words], "oder") if len(words) <= _NAMED else "eines Ihrer Wörter"


def _what_they_have(page: Page) -> str:
    parts = "Teile" if len(page.parts) > 1 else "einen Teil"
    if not page.by_meaning:
        return f"Diese enthalten {parts} davon: {_quoted(page.parts)}."
    return f"Diese enthalten {parts} davon ({_quoted(page.parts)}) oder passen dem Sinn nach."


def _quoted(words: Sequence[str]) -> str:
    return joined([f"„{word}“" for word in words])


def _ways_out(address: SearchAddress, page: Page) -> list[WayOut]:
    return [] if page.total else ways_out(address, page)


def _paging(address: SearchAddress, page: Page) -> Paging:
    parameters: dict[str, list[str]] = {}
    for name, value in address.at_page(1).parameters:
        parameters.setdefault(name, []).append(value)
    return Paging.of(SEARCH, parameters, page.page, page.pages)


def _hit(address: SearchAddress, found: FoundSolution, page: Page) -> Hit:
    asked = frozenset(page.words)
    why = address.why(found.card.solution.public_id) if asked else ""
    return hit_of(
        found.card, words=asked, snippet=found.snippet, why=why, by_meaning=found.by_meaning and bool(asked)
    )
