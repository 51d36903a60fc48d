"""Suggestions while somebody types: words of the vocabulary, solutions and places."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.journal.queries import version
from allmende.lib.sorting import folded
from allmende.regions.queries import look_up
from allmende.search.queries import suggestions
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import choosing, first, parameters_of
from allmende.web.marketplace.views.towns import SHOWN_LEVELS
from allmende.web.shell.page_cache import public_page

# Facet and the scheme whose words it is chosen by.
_SUGGESTED = {"field": ("field_of_action", "Handlungsfeld"), "type": ("solution_type", "Art der Lösung")}
SHORTEST = 2
MOST_TERMS, MOST_SOLUTIONS, MOST_PLACES = 3, 5, 3
# A place name needs a little more before it means anything: two letters begin hundreds.
SHORTEST_PLACE = 3
LONGEST = 80


@dataclass(frozen=True)
class Line:
    """A suggestion: what it says, what kind of thing it is, where it leads."""

    label: str
    kind: str
    href: str


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """The lines alone for htmx, a page of them for everybody else."""
    text = first(parameters_of(request), "q")[:LONGEST]
    lines = suggest(text)
    if request.headers.get("HX-Request"):
        return render(request, "marketplace/_suggestions.html", {"lines": lines})
    context = {"lines": lines, "text": text, "crumbs": (Crumb("Start", "/"), Crumb("Vorschläge"))}
    return render(request, "marketplace/suggestions.html", context)


def suggest(text: str) -> list[Line]:
    """At most eleven lines; none for less than two letters."""
    if len(text) < SHORTEST:
        return []
    lines = _terms(text)
    lines += [
        Line(found.text, "Lösung", f"/loesungen/{found.id}")
        for found in suggestions(text, limit=MOST_SOLUTIONS)
    ]
    if len(text) >= SHORTEST_PLACE:
        places = look_up(text, only=SHOWN_LEVELS, limit=MOST_PLACES)
        lines += [Line(place.label, "Kommune", f"/kommunen/{place.key}") for place in places]
    return lines


def _terms(text: str) -> list[Line]:
    """Terms of which a word begins with the text; those whose name begins so come first."""
    typed = folded(text)
    if not typed:
        return []
    found = [line for words, line in _words(version("vocabulary")) if _begins(words, typed)]
    return sorted(found, key=lambda line: not folded(line.label).startswith(typed))[:MOST_TERMS]


def _begins(words: Sequence[str], typed: str) -> bool:
    return any(word.startswith(typed) for word in words)


@lru_cache(maxsize=2)
def _words(_version: int) -> Sequence[tuple[tuple[str, ...], Line]]:
    """The words of every term that can be suggested, folded; worked out once for each version of the vocabulary."""
    vocabulary = current()
    return [
        (
            tuple(folded(word) for word in (term.label, *term.synonyms)),
            Line(term.label, kind, choosing(facet, term.code)),
        )
        for facet, (scheme, kind) in _SUGGESTED.items()
        for term in vocabulary.terms(scheme)
    ]
