"""Comparing two to six solutions: page, spreadsheet, text file."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from allmende.catalogue import queries
from allmende.catalogue.models import Solution
from allmende.lib.ids import is_public_id
from allmende.organisations.queries import actor_for
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Chip, Crumb, address, address_without
from allmende.web.components.templatetags.formats import moment
from allmende.web.marketplace.addresses import parameters_of
from allmende.web.marketplace.comparison import LEAST, MOST, Comparison
from allmende.web.marketplace.costs import read_question, units_in
from allmende.web.marketplace.exports import as_csv, as_xlsx, file_name
from allmende.web.shell.page_cache import public_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(request: HttpRequest) -> list[str]:
    """The ids in the address, each once and in their order."""
    return list(
        dict.fromkeys(each for each in parameters_of(request).get("l", [])[:100] if is_public_id(each))
    )


def _solutions(public_ids: Sequence[str]) -> list[Solution]:
    """Published solutions in the order asked for; a merged one gives way to what it has become."""
    rows = {
        row.public_id: row
        for row in queries.citable()
        .select_related("merged_into__merged_into")
        .filter(public_id__in=public_ids)
    }
    found = [queries.final_target(rows[each]) for each in public_ids if each in rows]
    return [each for each in dict.fromkeys(found) if each.state == "published"]


def _compare(request: HttpRequest) -> tuple[Comparison, list[str]]:
    actor = actor_for(request.user)
    asked = _asked(request)
    solutions = _solutions(asked)
    notes = []
    if len(solutions) < len(asked):
        notes.append("Nicht alle gewählten Lösungen sind noch veröffentlicht. Sie sehen die übrigen.")
    if len(solutions) > MOST:
        notes.append(f"Sie haben mehr als {MOST} Lösungen gewählt. Verglichen werden die ersten {MOST}.")
    sheets = [queries.sheet(each, actor) for each in solutions[:MOST]]
    return Comparison(sheets, current(), read_question(parameters_of(request))), notes


@public_page
def comparison(request: HttpRequest) -> HttpResponse:
    """The comparison, or, with fewer than two solutions, how to choose some."""
    compared, notes = _compare(request)
    parameters = parameters_of(request)
    path = reverse("comparison")
    context = {
        "comparison": compared if len(compared.sheets) >= LEAST else None,
        "chosen": [sheet.solution for sheet in compared.sheets],
        "notes": notes,
        "question": compared.question,
        "cost_fields": compared.question.fields(
            units_in([offer for sheet in compared.sheets for offer in sheet.offers])
        ),
        "chips": [
            Chip(sheet.solution.name, address_without(path, parameters, "l", sheet.solution.public_id))
            for sheet in compared.sheets
        ],
        "xlsx": address(reverse("comparison_xlsx"), parameters),
        "csv": address(reverse("comparison_csv"), parameters),
        "most": MOST,
        "crumbs": [Crumb("Start", "/"), Crumb("Lösungen", "/suche"), Crumb("Vergleich")],
        "address": request.build_absolute_uri(),
    }
    return render(request, "marketplace/comparison.html", context)


def comparison_xlsx(request: HttpRequest) -> HttpResponse:
    """The comparison as a spreadsheet, with where it comes from and when."""
    compared, notes = _compare(request)
    where = request.build_absolute_uri(address(reverse("comparison"), parameters_of(request)))
    made = f"Erstellt am {moment(timezone.now())} mit Allmende: {where}"
    content = as_xlsx(compared.rows, title="Vergleich", notes=[made, *notes])
    return _file(content, compared, "xlsx", XLSX)


def comparison_csv(request: HttpRequest) -> HttpResponse:
    compared, _ = _compare(request)
    return _file(as_csv(compared.rows), compared, "csv", "text/csv; charset=utf-8")


def _file(content: bytes, compared: Comparison, ending: str, content_type: str) -> HttpResponse:
    name = file_name([sheet.solution.name for sheet in compared.sheets], timezone.localdate(), ending)
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
