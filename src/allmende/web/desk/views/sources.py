"""Sources, their runs, and what became of each record."""

import tomllib
from datetime import UTC, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.federation import queries
from allmende.federation.actions import (
    accept_missing,
    add_source,
    change_source,
    pause_source,
    request_run,
    request_trial,
    resume_source,
)
from allmende.federation.formats.registry import FORMATS
from allmende.federation.models import RawRecord, Run, Source
from allmende.federation.rules import may_manage_sources
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.components.forms import KindForm
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
    may_add = may_manage_sources(actor)
    context = {"table": table, "may_add": may_add, "crumbs": [*CRUMBS, Crumb("Quellen")]}
    return render(request, "desk/sources.html", context)


class SourceForm(KindForm):
    """What a source is; where it lies on the server itself is entered there."""

    name = forms.CharField(
        label="Name der Quelle",
        help_text="Steht auf den Seiten bei jeder Angabe, die von hier kommt.",
        max_length=200,
    )
    code = forms.SlugField(
        label="Kürzel",
        help_text="Kleine Buchstaben, Ziffern und Bindestriche, zum Beispiel land-hessen. Es ändert sich nie.",
        max_length=80,
    )
    kind = forms.ChoiceField(
        label="Art",
        choices=[(code, label) for code, label in Source.KINDS if code != "directory"],
        widget=forms.RadioSelect,
    )
    location = forms.URLField(
        label="Adresse",
        help_text="Wo die Liste, das Archiv oder die Datei liegt.",
        max_length=1000,
        assume_scheme="https",
    )
    format = forms.ChoiceField(
        label="Format", choices=[(code, code) for code in FORMATS], widget=forms.RadioSelect
    )
    profile = forms.CharField(
        label="Profil",
        help_text="Angaben, die das Format zur Quelle braucht, als TOML. Für publiccode meist leer.",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    every_hours = forms.IntegerField(
        label="Abgleich alle … Stunden",
        help_text="Leer bedeutet: nur auf Knopfdruck.",
        required=False,
        min_value=1,
        max_value=24 * 31,
    )
    website_url = forms.URLField(
        label="Website der Quelle", required=False, max_length=1000, assume_scheme="https"
    )
    licence = forms.CharField(
        label="Lizenz der Texte",
        help_text="In der Schreibweise von SPDX, zum Beispiel CC0-1.0. Gemeint sind die Beschreibungen, nicht die "
        "Programme.",
        required=False,
        max_length=100,
    )
    attribution = forms.CharField(
        label="Namensnennung", help_text="Die Zeile, die die Lizenz verlangt.", required=False, max_length=300
    )
    sentences: ClassVar = {
        "code": {"invalid": "Das Kürzel besteht aus kleinen Buchstaben, Ziffern und Bindestrichen."},
        "every_hours": dict.fromkeys(
            ("min_value", "max_value"), "Der Abstand liegt zwischen einer Stunde und 31 Tagen (744 Stunden)."
        ),
    }

    def clean_profile(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.cleaned_data["profile"])
        except tomllib.TOMLDecodeError as error:
            raise forms.ValidationError(f"Das Profil ist kein gültiges TOML: {error}") from error


@for_staff
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a source; it is held, tried by the worker, and published from once somebody takes it into service."""
    if not may_manage_sources(actor):
        raise PermissionDenied
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            source = _added(form.cleaned_data, actor)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, "Die Quelle ist eingetragen. Der Probelauf beginnt in wenigen Sekunden."
            )
            return redirect("desk_source", source.code)
    context = {"form": form, "crumbs": [*CRUMBS, SOURCES, Crumb("Quelle hinzufügen")]}
    return render(request, "desk/source_add.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _added(said: dict[str, Any], actor: Actor) -> Source:
    now = datetime.now(UTC)
    source = add_source(said.pop("code"), **said, is_held=True, by=actor, now=now)
    request_trial(source, by=actor, now=now)
    return source


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
def trial(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Read the source without publishing anything."""
    source = _source(code, actor)
    return carry_out(
        request,
        "Der Probelauf ist vorgemerkt und beginnt in wenigen Sekunden. Laden Sie die Seite dann neu.",
        lambda now: request_trial(source, by=actor, now=now),
        then=reverse("desk_source", args=[code]),
    )


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
