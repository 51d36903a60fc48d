"""Reading a publiccode.yml into the form: what it says is filled in, what is wrong with it is shown with its line."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from allmende.catalogue.actions import begin_new_solution
from allmende.catalogue.beyond import pieces
from allmende.catalogue.contents import read
from allmende.catalogue.drafts import Finding
from allmende.catalogue.models import WorkingCopy
from allmende.federation.formats.base import Context
from allmende.federation.formats.publiccode import Filling, fill
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from allmende.vocabulary.queries import current
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table
from allmende.web.offers.pages import HOME, organisations_for
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

# A publiccode.yml of ten languages has a tenth of this.
LARGEST_FILE = 500_000
SEVERITIES = {"error": "Fehler", "warning": "Warnung", "info": "Hinweis"}
_TOO_LARGE = "Die Datei ist größer als 500 Kilobyte. Eine publiccode.yml ist kleiner: Ist es die richtige?"


class ImportForm(KindForm):
    organisation = forms.ChoiceField(label="Für welche Organisation?", widget=forms.RadioSelect)
    file = forms.FileField(label="Datei hochladen", required=False)
    text = forms.CharField(
        label="Oder den Inhalt einfügen",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        max_length=LARGEST_FILE,
        required=False,
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = [(each.public_id, each.name) for each in organisations]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        file = said.get("file")
        if file and file.size > LARGEST_FILE:
            self.add_error("file", _TOO_LARGE)
        elif not file and not said.get("text") and not self.errors:
            self.add_error("file", "Wählen Sie eine Datei aus, oder fügen Sie ihren Inhalt ein.")
        return said

    @property
    def content(self) -> bytes:
        """The bytes, of the file where there is one. Letters that no encoding holds are replaced."""
        file = self.cleaned_data.get("file")
        if file:
            return bytes(file.read())
        return str(self.cleaned_data["text"]).encode("utf-8", "replace")


@limit_posts("offer_import", per_address="300/h", per_account="60/h")
@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    organisations = organisations_for(actor)
    first = {"organisation": organisations[0].public_id} if len(organisations) == 1 else {}
    form = ImportForm(request.POST or None, request.FILES or None, organisations=organisations, initial=first)
    reading: Filling | None = None
    begun: WorkingCopy | None = None
    if request.method == "POST" and organisations and form.is_valid():
        own = next(each for each in organisations if each.public_id == form.cleaned_data["organisation"])
        reading = _read(form.content)
        if reading.draft is not None:
            try:
                begun = begin_new_solution(
                    own, draft=reading.draft, notes=reading.notes, by=actor, now=datetime.now(UTC)
                )
            except Refused as refusal:
                form.add_error(None, refusal.message)
    context = {
        "organisations": organisations,
        "form": form,
        "reading": reading,
        "begun": begun,
        "beyond": begun is not None and bool(pieces(read(begun.content).solution)),
        "table": _table(_findings(reading)) if reading else None,
        "crumbs": [*HOME, Crumb("publiccode.yml einlesen")],
    }
    return render(request, "offers/import.html", context)


def _read(content: bytes) -> Filling:
    return fill(content, Context(today=timezone.localdate(), crosswalk=current().crosswalk()))


def _findings(reading: Filling) -> list[Finding]:
    """The reader's, and ours about what we leave out."""
    found = list(reading.findings)
    persons = [each for each in (reading.draft.contacts if reading.draft else ()) if not each.is_team]
    if persons:
        found.append(
            Finding(
                severity="info",
                key="maintenance.contacts",
                message="Personen übernehmen wir nicht. Nennen Sie im Formular eine Stelle, die Fragen beantwortet.",
            )
        )
    return found


def _table(findings: list[Finding]) -> Table:
    rows = [
        Row(
            [
                Cell(each.key or "ganze Datei"),
                Cell(SEVERITIES[each.severity]),
                Cell(str(each.line) if each.line else None),
                Cell(each.message),
            ]
        )
        for each in findings
    ]
    columns = [Column("Angabe"), Column("Art"), Column("Zeile", numeric=True), Column("Was zu tun ist")]
    if not rows:
        rows = [Row([Cell("ganze Datei"), Cell("Hinweis"), Cell(None), Cell("Alles ließ sich lesen.")])]
    return Table("Was uns an der Datei aufgefallen ist", columns, rows)
