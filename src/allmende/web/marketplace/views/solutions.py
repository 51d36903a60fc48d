"""The page of a solution, its editions, and the address that stays."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.catalogue import queries
from allmende.catalogue.models import Solution
from allmende.catalogue.queries.notices import is_hidden
from allmende.files.queries import documents_about, named_files
from allmende.lib.ids import is_public_id
from allmende.organisations.queries import actor_for
from allmende.organisations.rules import is_staff
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import parameters_of
from allmende.web.marketplace.costs import read_question
from allmende.web.marketplace.sheets import SheetView
from allmende.web.marketplace.wording import (
    edition_documents,
    edition_lines,
    edition_offers,
    edition_uses,
)
from allmende.web.shell.page_cache import public_page


def _citable(public_id: str) -> Solution:
    solution = (
        queries.citable().select_related("merged_into__merged_into").filter(public_id=public_id).first()
        if is_public_id(public_id)
        else None
    )
    if solution is None:
        raise Http404("Diese Lösung gibt es nicht.")
    return solution


def _crumbs(solution: Solution, *more: Crumb) -> list[Crumb]:
    here = Crumb(solution.name, reverse("solution", args=[solution.public_id]) if more else None)
    return [Crumb("Start", "/"), Crumb("Lösungen", "/suche"), here, *more]


@public_page
def solution(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """What it does, who uses it, what it costs, what one needs, and where each value comes from."""
    found = _citable(public_id)
    if found.state == "merged":
        return redirect("solution", queries.final_target(found).public_id, permanent=False)
    if found.state in ("withdrawn", "erased"):
        return render(
            request,
            "marketplace/solution_gone.html",
            {
                "solution": found,
                "is_hidden": is_hidden("solution", found.public_id),
                "crumbs": _crumbs(found),
            },
            status=410,
        )
    actor = actor_for(request.user)
    sheet = queries.sheet(found, actor)
    documents = documents_about("offer", [offer.public_id for offer in sheet.offers])
    view = SheetView(sheet, current(), read_question(parameters_of(request)), documents)
    context = {
        "solution": found,
        "view": view,
        "desk": is_staff(actor),
        "states_use": any(role == "municipality_editor" for role, _ in actor.roles),
        "similar_type": next(iter(view.sheet.terms.get("solution_type", ())), ""),
        "crumbs": _crumbs(found),
        "editions": queries.editions(found)[:5],
        "releases": found.releases.select_related("listing__origin").order_by("-released_on", "-pk")[:10],
        "funding": found.funding.order_by("programme"),
        "address": request.build_absolute_uri(
            reverse("edition", args=[found.public_id, found.edition_number])
        ),
    }
    return render(request, "marketplace/solution.html", context)


def _hidden(request: HttpRequest, solution: Solution) -> HttpResponse | None:
    """Earlier editions of what is withdrawn stay readable, but not of what had to be taken away at once."""
    if not is_hidden("solution", solution.public_id):
        return None
    context = {"solution": solution, "is_hidden": True, "crumbs": _crumbs(solution)}
    return render(request, "marketplace/solution_gone.html", context, status=410)


@public_page
def editions(request: HttpRequest, public_id: str) -> HttpResponse:
    """All editions of a solution."""
    found = _citable(public_id)
    if hidden := _hidden(request, found):
        return hidden
    context = {
        "solution": found,
        "editions": queries.editions(found)[:500],
        "crumbs": _crumbs(found, Crumb("Ausgaben")),
    }
    return render(request, "marketplace/editions.html", context)


@public_page
def edition(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One edition as it was published; citable for good."""
    found = _citable(public_id)
    if hidden := _hidden(request, found):
        return hidden
    # A number beyond what a database column holds was never given to an edition.
    read = queries.edition(found, number) if number <= found.edition_number else None
    if read is None:
        raise Http404("Diese Ausgabe gibt es nicht.")
    vocabulary, origins = current(), _origin_labels()
    context = {
        "solution": found,
        "edition": read.edition,
        "content": read.content,
        "texts": _texts(read.content),
        "lines": edition_lines(read.content, vocabulary, origins),
        "uses": edition_uses(read.content, vocabulary, origins),
        "offers": edition_offers(read.content, vocabulary, named_files(edition_documents(read.content))),
        "address": request.build_absolute_uri(),
        "crumbs": _crumbs(found, Crumb(f"Ausgabe {number}")),
    }
    return render(
        request, "marketplace/edition.html", context, status=200 if read.content is not None else 410
    )


def _origin_labels() -> dict[str, str]:
    return dict(queries.origins().values_list("code", "label"))


def _texts(content: object) -> list[tuple[str, object]]:
    values = content.get("values", {}) if isinstance(content, dict) else {}
    found = [
        (field.removeprefix("texts."), text) for field, text in values.items() if field.startswith("texts.")
    ]
    return sorted(found, key=lambda each: ({"de": 0, "en": 1}.get(each[0], 2), each[0]))


@public_page
def edition_json(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The canonical JSON of an edition, byte for byte what its hash was taken of."""
    found = _citable(public_id)
    if hidden := _hidden(request, found):
        return hidden
    read = queries.edition(found, number) if number <= found.edition_number else None
    if read is None:
        raise Http404("Diese Ausgabe gibt es nicht.")
    if read.edition.content is None:
        reason = {"redacted": True, "reason": read.edition.redaction_reason, "sha256": read.edition.digest}
        return JsonResponse(reason, status=410, json_dumps_params={"ensure_ascii": False})
    return HttpResponse(read.edition.content, content_type="application/json; charset=utf-8")
