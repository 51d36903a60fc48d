"""Step 9: the comparison of the short list, on the page, on paper and as a spreadsheet."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from allmende.exploration.actions.matrix import judge
from allmende.exploration.models import Case, MatrixEntry
from allmende.exploration.queries.criteria import labels_of
from allmende.exploration.queries.matrix import BASES, Matrix, matrix_of
from allmende.exploration.queries.prices import answered_prices, catalogue_prices
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.components.drafting import version_in
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table
from allmende.web.components.templatetags.formats import euro, moment, number
from allmende.web.exploration import matrix_sheet
from allmende.web.exploration.pages import case_or_404, crumbs, step_page, step_url
from allmende.web.exploration.research_forms import CellForm, posted
from allmende.web.exploration.views.selection import candidate_or_404
from allmende.web.marketplace.exports import as_xlsx
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

STEP = "auswertung"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@for_members
def comparison(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    matrix = matrix_of(case, actor)
    context = {
        "matrix": matrix,
        "columns": [matrix_sheet.column_of(each) for each in matrix.candidates],
        "counts": _counts(matrix),
        "prices": _prices(case, matrix, actor),
        "brands": matrix_sheet.brands_of(case),
        "legend": matrix_sheet.LEGEND,
        "bases": BASES,
    }
    return step_page(request, actor, case, STEP, "exploration/comparison.html", context)


def _counts(matrix: Matrix) -> Table | None:
    """How many criteria of each weight each candidate meets, by who says so."""
    if not matrix.criteria or not matrix.candidates:
        return None
    columns = [Column("Kandidat"), *(Column(f"{label}-Kriterien") for label in matrix_sheet.WEIGHTS.values())]
    counts = [matrix.counts(weight) for weight in matrix_sheet.WEIGHTS]
    rows = [
        Row(
            [
                Cell(matrix_sheet.column_of(each)),
                *(Cell(matrix_sheet.count_in_words(of[place]) if of[place].of else "keine") for of in counts),
            ]
        )
        for place, each in enumerate(matrix.candidates)
    ]
    return Table("Erfüllte Kriterien, nach dem, wer es sagt", columns, rows, sticky=False)


def _prices(case: Case, matrix: Matrix, actor: Actor) -> Table | None:
    if not matrix.candidates:
        return None
    catalogue, answered = catalogue_prices(case, matrix.candidates, actor), answered_prices(matrix)
    names = ("Niedrigster", "Mittlerer", "Höchster")
    columns = [
        Column("Kosten, netto"),
        *(Column(name, numeric=True) for name in names),
        Column("Angaben", numeric=True),
        Column("ohne Angabe", numeric=True),
        Column("Woher"),
    ]
    rows = [
        Row(
            [
                Cell(each.label, note="darunter vertrauliche Angaben" if each.has_confidential else ""),
                *(
                    Cell(None if amount is None else euro(amount))
                    for amount in (each.least, each.middle, each.most)
                ),
                Cell(number(each.known)),
                Cell(number(each.unknown)),
                Cell(source),
            ]
        )
        for source, spreads in ((BASES["fact"], catalogue), (BASES["claim"], answered))
        for each in spreads
    ]
    basis = " ".join(dict.fromkeys(each.basis for each in [*catalogue, *answered]))
    note = f"{basis} Wer keinen Betrag nennt, ist gezählt und nicht als null gerechnet."
    return Table("Preisspanne", columns, rows, note=note, sticky=False)


@for_members
def as_file(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The comparison as a spreadsheet; `?vertraulich=nein` leaves out what companies have marked as confidential."""
    case = case_or_404(actor, public_id)
    with_confidential = request.GET.get("vertraulich") != "nein"
    matrix = matrix_of(case, actor, with_confidential=with_confidential)
    spreads = [*catalogue_prices(case, matrix.candidates, actor), *answered_prices(matrix)]
    notes = [
        matrix_sheet.LEGEND,
        f"Markterkundung {case.public_id}: {case.title}. Erstellt am {moment(timezone.now())}.",
        "Mit vertraulichen Angaben der Unternehmen; nur für die Kommune."
        if with_confidential
        else "Ohne vertrauliche Angaben der Unternehmen.",
    ]
    content = as_xlsx(matrix_sheet.rows_of(matrix, spreads), title="Vergleich", notes=notes)
    return _download(content, case, "vergleich", "xlsx", XLSX)


@for_members
def requirements(request: HttpRequest, actor: Actor, public_id: str, ending: str) -> HttpResponse:
    """What is required, without names of products: as a document or as plain text."""
    case = case_or_404(actor, public_id)
    if ending == "docx":
        return _download(matrix_sheet.as_docx(case), case, "anforderungen", "docx", DOCX)
    return _download(matrix_sheet.as_text(case), case, "anforderungen", "txt", "text/plain; charset=utf-8")


def _download(content: bytes, case: Case, what: str, ending: str, content_type: str) -> HttpResponse:
    name = f"{what}-{slugify(case.title)[:40].strip('-') or case.public_id}.{ending}"
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@limit_posts("case_judge", per_address="1200/h", per_account="600/h")
@for_members
def cell(
    request: HttpRequest, actor: Actor, public_id: str, candidate_id: str, criterion: str
) -> HttpResponse:
    """What the town notes about one candidate and one criterion, beside what is known."""
    case = case_or_404(actor, public_id)
    candidate = candidate_or_404(case, candidate_id)
    label = labels_of(case).get(criterion)
    if label is None:
        raise Http404("Dieses Kriterium gehört nicht zum Bedarf.")
    entry = MatrixEntry.objects.filter(candidate=candidate, criterion=criterion).first()
    initial = (
        {"result": entry.result, "basis": entry.basis, "reason": entry.reason}
        if entry
        else {"basis": "judgement"}
    )
    form = CellForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            judge(
                candidate,
                criterion,
                **form.cleaned_data,
                lock_version=version_in(request),
                by=actor,
                now=datetime.now(UTC),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Festgehalten.")
            return redirect(f"{step_url(case, STEP)}#k-{criterion}")
    rows = matrix_of(case, actor, candidates=[candidate]).criteria
    context = {
        "form": form,
        "entry": entry,
        "candidate": candidate,
        "name": matrix_sheet.column_of(candidate),
        "label": label,
        "said": next((row.cells[0].said for row in rows if row.criterion == criterion), ()),
        "bases": BASES,
        "crumbs": _crumbs(case, "Einschätzung"),
    }
    return step_page(request, actor, case, STEP, "exploration/cell.html", context)


def _crumbs(case: Case, last: str) -> list[Crumb]:
    *before, step, _ = crumbs(case, "Auswertung", last)
    return [*before, Crumb(step.label, reverse("case_auswertung", args=[case.public_id])), Crumb(last)]
