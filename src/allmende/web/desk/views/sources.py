"""Sources, their runs, and what became of each record."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.federation import queries
from allmende.federation.actions import (
    accept_missing,
    change_source,
    pause_source,
    request_run,
    resume_source,
)
from allmende.federation.models import RawRecord, Run, Source
from allmende.federation.rules import may_manage_sources
from allmende.lib.actors import Actor
from allmende.web.components.parts import Cell, Column, Crumb, Paging, Row, Tab, Table, address
from allmende.web.components.templatetags.formats import moment, number
from allmende.web.marketplace.addresses import parameters_of
from allmende.web.shell.access import carry_out, for_staff

CRUMBS = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))
SOURCES = Crumb("Quellen", "/redaktion/quellen")
PER_PAGE = 50


@for_staff
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    rows = [_source_row(source) for source in queries.sources_with_last_run(actor)]
    columns = ["Quelle", "Format", "letzter Abgleich", "Ergebnis", "gesehen", "zurückgestellt"]
    table = Table("Quellen", [Column(label, numeric=place > 3) for place, label in enumerate(columns)], rows)
    return render(request, "desk/sources.html", {"table": table, "crumbs": [*CRUMBS, Crumb("Quellen")]})


def _source_row(source: Source) -> Row:
    last = next(iter(source.last_runs), None)  # type: ignore[attr-defined]  # prefetched by the query
    cells = [
        Cell(source.origin.label, href=reverse("desk_source", args=[source.code])),
        Cell(source.format),
        Cell(moment(last.started_at) if last else None),
        Cell(last.get_state_display() if last else None, note=last.problem if last else ""),
        Cell(number(last.seen) if last else None),
        Cell(number(last.unreadable + last.refused) if last else None),
    ]
    return Row(cells)


def _source(code: str, actor: Actor) -> Source:
    source = queries.sources(actor).filter(code=code).first()
    if source is None:
        raise Http404("Diese Quelle gibt es nicht.")
    return source


@for_staff
def one(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    source = _source(code, actor)
    parameters = parameters_of(request)
    wanted = next(iter(parameters.get("urteil", [])), "")
    records = queries.records(source, actor)
    tabs = _tabs(request.path, wanted)
    if wanted in dict(RawRecord.DECISIONS):
        records = records.filter(decision=wanted)
    page = Paginator(records, PER_PAGE).get_page(next(iter(parameters.get("seite", [])), "1"))
    context = {
        "source": source,
        "runs": _runs_table(list(queries.runs(source)[:10])),
        "may_manage": may_manage_sources(actor),
        "held": queries.held_records(source, actor).count(),
        "tabs": tabs,
        "records": page.object_list,
        "paging": Paging.of(request.path, parameters, page.number, page.paginator.num_pages),
        "crumbs": [*CRUMBS, SOURCES, Crumb(source.origin.label)],
    }
    return render(request, "desk/source.html", context)


def _tabs(path: str, wanted: str) -> list[Tab]:
    choices = [("", "alle"), *RawRecord.DECISIONS]
    return [Tab(label, address(path, {}, urteil=code or None), code == wanted) for code, label in choices]


def _runs_table(runs: list[Run]) -> Table:
    parts = [*Run.PARTS, "missing"]
    names = [str(Run._meta.get_field(part).verbose_name) for part in parts]  # type: ignore[union-attr]
    columns = [Column("Abgleich"), Column("Ergebnis"), Column("gesehen", numeric=True)]
    columns += [Column(name, numeric=True) for name in names]
    rows = [
        Row(
            [
                Cell(moment(run.started_at)),
                Cell(run.get_state_display(), note=run.problem),
                Cell(number(run.seen)),
                *(Cell(number(getattr(run, part))) for part in parts),
            ]
        )
        for run in runs
    ]
    return Table("Letzte Abgleiche", columns, rows)


@require_POST
@for_staff
def harvest(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    source = _source(code, actor)
    return carry_out(
        request,
        "Der Abgleich ist vorgemerkt und beginnt in wenigen Sekunden.",
        lambda now: request_run(source, by=actor, now=now),
        then=reverse("desk_source", args=[code]),
    )


@require_POST
@for_staff
def accept(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    source = _source(code, actor)
    return carry_out(
        request,
        "Die Einträge sind als fehlend vermerkt. Ihre Lösungen bleiben stehen.",
        lambda now: accept_missing(source, by=actor, now=now),
        then=reverse("desk_source", args=[code]),
    )


@require_POST
@for_staff
def pause(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Stop the schedule of a source, or take it up again: whichever it is not."""
    source = _source(code, actor)
    act, done = (
        (resume_source, "Die Quelle ist wieder aufgenommen und wird nach Plan abgeglichen.")
        if source.is_paused
        else (pause_source, "Die Quelle ist angehalten. Was veröffentlicht ist, bleibt stehen.")
    )
    then = reverse("desk_source", args=[code])
    return carry_out(request, done, lambda now: act(source, by=actor, now=now), then=then)


@require_POST
@for_staff
def rhythm(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """How often a source is read; an empty field means only when somebody asks."""
    source = _source(code, actor)
    hours = request.POST.get("stunden", "").strip()
    every = int(hours) if hours.isascii() and hours.isdecimal() and len(hours) < 6 else None
    if hours and every is None:
        messages.error(request, "Geben Sie eine ganze Zahl von Stunden ein, zum Beispiel 24.")
        return redirect("desk_source", code)
    return carry_out(
        request,
        "Der Abstand zwischen zwei Abgleichen ist geändert.",
        lambda now: change_source(
            source, kind=source.kind, location=source.location, format=source.format, profile=source.profile,
            every_hours=every, by=actor, now=now,
        ),
        then=reverse("desk_source", args=[code]),
    )  # fmt: skip
