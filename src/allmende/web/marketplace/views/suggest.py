"""Suggestions while somebody types: words of the vocabulary, solutions and places, under headings."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.search.queries import Suggested, suggestions
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import choosing, first, parameters_of
from allmende.web.shell.page_cache import public_page

# Kind, its heading, and what it says of itself beside the name: a Land and a town stand under one heading.
_KINDS = {
    "type": ("Art der Lösung", "Art der Lösung"),
    "field": ("Handlungsfeld", "Handlungsfeld"),
    "solution": ("Lösung", "Lösung"),
    "land": ("Ort", "Land"),
    "town": ("Ort", "Kommune"),
}


@dataclass(frozen=True)
class Line:
    """A suggestion: what it says, what kind of thing it is, where it leads, and the search word by which it was found
    where its name does not begin so. `number` counts through all groups."""

    label: str
    kind: str
    href: str
    number: int = 0
    because: str = ""


@dataclass(frozen=True)
class Group:
    """Suggestions of one kind, or of two that people take for one."""

    heading: str
    lines: Sequence[Line]


@public_page
def show(request: HttpRequest) -> HttpResponse:
    """The lines alone for htmx, a page of them for everybody else."""
    text = first(parameters_of(request), "q")
    groups = grouped(text)
    if request.headers.get("HX-Request"):
        return render(request, "marketplace/_suggestions.html", {"groups": groups})
    context = {"groups": groups, "text": text, "crumbs": (Crumb("Start", "/"), Crumb("Vorschläge"))}
    return render(request, "marketplace/suggestions.html", context)


def grouped(text: str) -> list[Group]:
    """At most ten lines, none for less than two letters; headings in the order in which they are first needed."""
    found: dict[str, list[Suggested]] = {}
    for one in suggestions(text):
        found.setdefault(_KINDS[one.kind][0], []).append(one)
    groups, number = [], 0
    for heading, ones in found.items():
        lines = [
            Line(one.text, _KINDS[one.kind][1], _address(one), number + place, one.because)
            for place, one in enumerate(ones, 1)
        ]
        number += len(lines)
        groups.append(Group(heading, lines))
    return groups


def suggest(text: str) -> list[Line]:
    """All lines, without their headings."""
    return [line for group in grouped(text) for line in group.lines]


def _address(one: Suggested) -> str:
    if one.kind == "solution":
        return f"/loesungen/{one.code}"
    return f"/kommunen/{one.code}" if one.kind == "town" else choosing(one.kind, one.code)
