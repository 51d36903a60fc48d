"""Suggestions while somebody types: words of the vocabulary, solutions and places."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.search.queries import Suggested, suggestions
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import choosing, first, parameters_of
from allmende.web.shell.page_cache import public_page

_KINDS = {
    "field": "Handlungsfeld",
    "type": "Art der Lösung",
    "solution": "Lösung",
    "land": "Land",
    "town": "Kommune",
}


@dataclass(frozen=True)
class Line:
    """A suggestion: what it says, what kind of thing it is, where it leads."""

    label: str
    kind: str
    href: str


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """The lines alone for htmx, a page of them for everybody else."""
    text = first(parameters_of(request), "q")
    lines = suggest(text)
    if request.headers.get("HX-Request"):
        return render(request, "marketplace/_suggestions.html", {"lines": lines})
    context = {"lines": lines, "text": text, "crumbs": (Crumb("Start", "/"), Crumb("Vorschläge"))}
    return render(request, "marketplace/suggestions.html", context)


def suggest(text: str) -> list[Line]:
    """At most ten lines; none for less than two letters."""
    return [Line(one.text, _KINDS[one.kind], _address(one)) for one in suggestions(text)]


def _address(one: Suggested) -> str:
    if one.kind == "solution":
        return f"/loesungen/{one.code}"
    return f"/kommunen/{one.code}" if one.kind == "town" else choosing(one.kind, one.code)
