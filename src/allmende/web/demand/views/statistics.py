"""What became of needs, counted for everybody: a page, and the same as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.demand.queries.statistics import Table as Counts
from allmende.demand.queries.statistics import statistics
from allmende.demand.small_numbers import LEAST
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table
from allmende.web.components.templatetags.formats import number
from allmende.web.demand.pages import HOME
from allmende.web.marketplace.exports import as_csv
from allmende.web.shell.page_cache import public_page

HIDDEN = "zu wenige"


@public_page
def page(request: HttpRequest) -> HttpResponse:
    """Four tables of the same outcomes; small numbers are hidden."""
    counted = statistics()
    context = {
        "tables": [_table(each) for each in counted if each.rows],
        "total": counted[0].total,
        "hides": any(each.hides for each in counted),
        "least": LEAST,
        "crumbs": (*HOME, Crumb("Was aus Bedarfen geworden ist")),
    }
    return render(request, "demand/statistics.html", context)


def _table(counts: Counts) -> Table:
    return Table(
        caption=counts.title,
        columns=(Column(counts.title), Column("Bedarfe", numeric=True)),
        rows=[
            Row((Cell(row.label), Cell(_told(row.number), is_remark=row.number is None)))
            for row in counts.rows
        ],
        foot=Row((Cell("zusammen"), Cell(_told(counts.total)))),
    )


def _told(count: int | None) -> str:
    return HIDDEN if count is None else number(count)


@public_page
def file(request: HttpRequest) -> HttpResponse:
    """One line for each count, with the codes: for programs and spreadsheets. A hidden number is empty."""
    rows = [("Zählung", "Schlüssel", "Bezeichnung", "Bedarfe")]
    for table in statistics():
        rows += [
            (table.code, row.code, row.label, "" if row.number is None else str(row.number))
            for row in table.rows
        ]
    answer = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="bedarfe-statistik.csv"'
    return answer
