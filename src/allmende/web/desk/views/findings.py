"""What a reader found in one record: for whoever the staff gives this address, which nobody can guess."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from allmende.federation.models import RawRecord
from allmende.federation.queries import record_by_address
from allmende.lib.ids import is_public_id
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table

SEVERITIES = {"error": "Fehler", "warning": "Warnung", "info": "Hinweis"}


@never_cache
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """The owner of a file has no account here, and still has to read what is wrong with it."""
    record = record_by_address(public_id) if is_public_id(public_id) else None
    if record is None:
        raise Http404("Diesen Eintrag gibt es nicht.")
    context = {
        "record": record,
        "table": findings_table(record),
        "crumbs": [Crumb("Start", "/"), Crumb("Befunde")],
    }
    return render(request, "desk/findings.html", context)


def findings_table(record: RawRecord) -> Table | None:
    """Each finding with its place; None where there is none."""
    rows = [
        Row(
            [
                Cell(each["key"] or "ganze Datei"),
                Cell(SEVERITIES.get(each["severity"], "Hinweis")),
                Cell(str(each["line"]) if each["line"] else None),
                Cell(each["message"]),
            ]
        )
        for each in record.findings
    ]
    columns = [Column("Angabe"), Column("Art"), Column("Zeile", numeric=True), Column("Was zu tun ist")]
    return Table("Befunde", columns, rows) if rows else None
