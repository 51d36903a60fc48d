"""A living page of all components in all their states: to look at, to copy from, to test."""

import datetime
from decimal import Decimal

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.web.components import parts
from allmende.web.components.forms import KindForm

LONG = "Verwaltungsgemeinschaftsübergreifende Straßenbeleuchtungsschadensmeldungsanwendung"
MARKDOWN = """# Mängel melden

Bürgerinnen und Bürger melden **Schäden** im öffentlichen Raum. Mehr steht in der
[Beschreibung](https://beispiel.invalid/beschreibung).

## Was es kann

- Meldungen mit Foto und Ort
- Rückmeldung an die Person, die gemeldet hat

| Umfang | Preis |
| --- | --- |
| bis 10.000 | 1.200 € |

<script>alert("das bleibt Text")</script>
"""


class Specimen(KindForm):
    """One field of every kind."""

    name = forms.CharField(label="Name der Lösung", max_length=120)
    email = forms.EmailField(
        label="E-Mail-Adresse", help_text="Wir schreiben nur zu diesem Vorgang.", required=False
    )
    price = forms.DecimalField(
        label="Preis im Jahr", help_text="Netto in Euro, zum Beispiel 1.200,00", required=False
    )
    since = forms.DateField(label="Im Einsatz seit", help_text="Zum Beispiel 03.02.2026", required=False)
    summary = forms.CharField(
        label="Kurz gesagt", widget=forms.Textarea, help_text="Ein Satz: Was tut die Lösung?"
    )
    land = forms.ChoiceField(
        label="Land", choices=[("", "Bitte wählen"), ("sn", "Sachsen"), ("th", "Thüringen")]
    )
    model = forms.ChoiceField(
        label="Betrieb",
        widget=forms.RadioSelect,
        choices=[("saas", "beim Anbieter"), ("own", "im eigenen Haus")],
    )
    fields_of_action = forms.MultipleChoiceField(
        label="Handlungsfelder",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("verkehr", "Mobilität"), ("energie", "Energie und Klima"), ("bildung", "Bildung")],
    )
    agreed = forms.BooleanField(label="Die Angaben sind geprüft.")


def _facets() -> list[parts.Facet]:
    names = [
        "Mobilität",
        "Energie",
        "Umwelt",
        "Bildung",
        "Kultur",
        "Sicherheit",
        "Wirtschaft",
        "Tourismus",
        LONG,
    ]
    fields = [parts.Option(f"f{n}", name, 40 - 5 * n, chosen=n == 1) for n, name in enumerate(names)]
    licences = [parts.Option("eupl", "EUPL", 12, chosen=True), parts.Option("mit", "MIT", 0)]
    return [
        parts.Facet.of("feld", "Handlungsfeld", fields),
        parts.Facet.of("lizenz", "Lizenz", licences, hint="So, wie sie im Quelltext steht."),
    ]


def _table() -> parts.Table:
    columns = [
        parts.Column("Lösung"),
        parts.Column("einmalig", numeric=True, note="netto"),
        parts.Column("im Jahr", numeric=True, note="netto"),
        parts.Column("Stand"),
    ]
    rows = [
        parts.Row(
            [
                parts.Cell("Mängelmelder", href="#"),
                parts.Cell("0,00 €"),
                parts.Cell("1.200,00 €"),
                parts.Cell("03.02.2026"),
            ]
        ),
        parts.Row(
            [
                parts.Cell("Fix my town", lang="en"),
                parts.Cell(None),
                parts.Cell(None, note="auf Anfrage"),
                parts.Cell("12.11.2025"),
            ]
        ),
        parts.Row(
            [
                parts.Cell("Amtsbote", invented=True),
                parts.Cell("12.500,00 €"),
                parts.Cell("980,00 €"),
                parts.Cell(None),
            ]
        ),
    ]
    return parts.Table("Was die Lösungen kosten", columns, rows, note="Für 6.000 Menschen und vier Jahre")


def _comparison() -> parts.Table:
    columns = [
        parts.Column("Merkmal"),
        parts.Column("Mängelmelder"),
        parts.Column("Amtsbote"),
        parts.Column("Fix my town"),
    ]
    rows = [
        parts.Row(
            [parts.Cell("Lizenz"), parts.Cell("EUPL-1.2"), parts.Cell("EUPL-1.2"), parts.Cell("EUPL-1.2")]
        ),
        parts.Row(
            [
                parts.Cell("Betrieb"),
                parts.Cell("beim Anbieter"),
                parts.Cell(None),
                parts.Cell("im eigenen Haus"),
            ],
            differs=True,
        ),
    ]
    return parts.Table("Drei Lösungen im Vergleich", columns, rows, compare=True)


def _map() -> parts.DotMap:
    dots = [
        parts.Dot("Leipzig", 12.37, 51.34),
        parts.Dot("Kiel", 10.13, 54.32, kind="claimed"),
        parts.Dot("Musterstadt (erfunden)", 9.5, 49.5, kind="invented"),
    ]
    rows = [
        parts.Row([parts.Cell("Leipzig"), parts.Cell("bestätigt")]),
        parts.Row([parts.Cell("Kiel"), parts.Cell("laut Anbieter")]),
        parts.Row([parts.Cell("Musterstadt", invented=True), parts.Cell("bestätigt")]),
    ]
    table = parts.Table(
        "Wer die Lösung nutzt", [parts.Column("Kommune"), parts.Column("Angabe")], rows, sticky=False
    )
    return parts.DotMap(
        "Drei Kommunen nutzen die Lösung", dots, table, source="© GeoBasis-DE / BKG 2021 (Daten verändert)"
    )


def _definitions() -> list[parts.Definition]:
    claimed = parts.Origin(
        "claimed", "Anbieter", datetime.date(2026, 2, 3), "https://beispiel.invalid/publiccode.yml"
    )
    confirmed = parts.Origin("confirmed", "Musterstadt", datetime.date(2026, 1, 12))
    return [
        parts.Definition("Lizenz", ["EUPL-1.2"], origin=claimed),
        parts.Definition("Im Einsatz seit", ["2024"], origin=confirmed),
        parts.Definition("Beschreibung", ["Report a pothole in your street"], lang="en"),
        parts.Definition("Barrierefreiheit", [], note="noch nicht geprüft"),
        parts.Definition("Sprachen", ["Deutsch", "Englisch"]),
    ]


def _form(state: str) -> Specimen:
    if state == "wrong":
        given = {"name": "", "email": "niemand", "price": "zwölf", "since": "31.2.", "model": "?"}
        return Specimen({f"w-{name}": value for name, value in given.items()}, prefix="w")
    filled = {
        "name": LONG,
        "price": Decimal("1200.5"),
        "since": datetime.date(2026, 2, 3),
        "model": "own",
        "land": "th",
        "fields_of_action": ["energie"],
        "agreed": True,
    }
    return Specimen(initial=filled) if state == "filled" else Specimen(prefix="e")


def _only_where_people_build() -> None:
    """The gallery is a tool of those who build; visitors of a real marketplace never see it."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404


def show(request: HttpRequest) -> HttpResponse:
    _only_where_people_build()
    bars = [
        parts.Bar("Mobilität", 40, "40"),
        parts.Bar("Energie und Klima", 25, "25"),
        parts.Bar("Bildung", 3, "3"),
    ]
    context = {
        "crumbs": [parts.Crumb("Start", "/"), parts.Crumb("Komponenten")],
        "long": LONG,
        "long_crumbs": [parts.Crumb("Start", "/"), parts.Crumb(LONG, "#"), parts.Crumb("Hier")],
        "markdown_text": MARKDOWN,
        "forms": {"empty": _form("empty"), "filled": _form("filled"), "wrong": _form("wrong")},
        "facets": _facets(),
        "hidden": [("q", "melder")],
        "facts": ["EUPL-1.2", "beim Anbieter", "Stand 03.02.2026"],
        "chips": [
            parts.Chip("Handlungsfeld: Energie", "#"),
            parts.Chip("Lizenz: EUPL", "#"),
            parts.Chip(LONG, "#"),
        ],
        "paging": {
            "first": parts.Paging.of("/komponenten", {}, 1, 3),
            "middle": parts.Paging.of("/komponenten", {"q": ["ä"]}, 50, 1200),
        },
        "table": _table(),
        "comparison": _comparison(),
        "definitions": _definitions(),
        "tasks": [
            parts.Task("Angaben zur Lösung", "done", "#"),
            parts.Task("Preise", "begun", "#", "Zuletzt gespeichert am 03.02.2026, 14:30 Uhr"),
            parts.Task("Nachweise", "open", "#"),
            parts.Task("Veröffentlichen", "locked", hint="Geht, sobald die Preise fertig sind."),
        ],
        "steps": [parts.Step("Bedarf", "done"), parts.Step("Fragen", "current"), parts.Step("Einladen")],
        "tabs": [
            parts.Tab("Lösungen", "#", current=True, count=1204),
            parts.Tab("Anbieter", "#", count=3),
            parts.Tab("Hilfe", "#"),
        ],
        "chart": parts.BarChart(
            "Mobilität hat die meisten Lösungen", "Lösungen", bars, "Handlungsfeld", "Eigene Zählung"
        ),
        "map": _map(),
        "origins": [
            parts.Origin("claimed", "Anbieter"),
            parts.Origin("confirmed", "Musterstadt", datetime.date(2026, 1, 12)),
            parts.Origin("derived", "der Einwohnerzahl"),
            parts.Origin("editorial"),
        ],
        "day": datetime.date(2026, 2, 3),
        "moment": datetime.datetime(2026, 2, 3, 13, 30, tzinfo=datetime.UTC),
        "three": ["Köln", "Bonn", "Aachen"],
    }
    return render(request, "components/gallery.html", context)


def confirm(request: HttpRequest) -> HttpResponse:
    _only_where_people_build()
    context = {
        "title": "Diese Lösung zurückziehen?",
        "text": "Die Lösung verschwindet aus der Suche. Ihre Ausgaben bleiben unter ihrer Adresse lesbar.",
        "action": "/komponenten/bestaetigen",
        "label": "Lösung zurückziehen",
        "cancel": "/komponenten",
        "crumbs": [parts.Crumb("Komponenten", "/komponenten"), parts.Crumb("Bestätigen")],
    }
    return render(request, "components/confirm_page.html", context)
