"""What people write about a notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from allmende.catalogue.actions.notices import LONGEST
from allmende.catalogue.models.notices import OUTCOMES, REASONS
from allmende.web.components.forms import KindForm

_LONG = forms.Textarea(attrs={"rows": 5})


class ReportForm(KindForm):
    """Anybody's; nothing about oneself is asked that is not needed."""

    reason = forms.ChoiceField(label="Worum geht es?", choices=REASONS, widget=forms.RadioSelect)
    what = forms.CharField(
        label="Was stimmt nicht, und woher wissen Sie das?",
        help_text="Nennen Sie die Stelle und was richtig wäre. Die betroffene Seite liest diesen Text. "
        "Schreiben Sie nichts über sich hinein.",
        widget=_LONG,
        min_length=20,
        max_length=LONGEST,
    )
    source = forms.CharField(
        label="Womit lässt es sich belegen?",
        help_text="Zum Beispiel eine Internetadresse oder ein Dokument mit Datum.",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST,
    )
    email = forms.EmailField(
        label="Ihre E-Mail-Adresse",
        help_text="Nur wenn Sie hören möchten, was daraus wird. Wir geben sie nicht weiter und löschen sie spätestens "
        "sechs Monate nach dem Abschluss.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    sentences = {
        "what": {
            "min_length": "Schreiben Sie ein bis zwei ganze Sätze, damit wir der Sache nachgehen können."
        }
    }


@dataclass(frozen=True)
class Asked:
    """What one box asks for."""

    label: str
    hint: str


STATEMENT = Asked(
    "Ihre Stellungnahme",
    "Stimmt die Meldung? Was haben Sie geändert, oder warum soll der Eintrag so bleiben?",
)
APPEAL = Asked(
    "Womit sind Sie nicht einverstanden, und warum?",
    "Das geht einmal. Eine andere Person sieht alles noch einmal an.",
)
HIDING = Asked(
    "Warum sofort?", "Die betroffene Seite liest diesen Grund. Nur wenn jeder weitere Tag schadet."
)


class WordsForm(KindForm):
    """One box for some sentences: a statement, an appeal, the reason to hide at once."""

    text = forms.CharField(widget=_LONG, min_length=20, max_length=LONGEST)

    def __init__(self, data: QueryDict | None, asked: Asked) -> None:
        super().__init__(data)
        self.asked = asked
        field = self.fields["text"]
        field.label, field.help_text = asked.label, asked.hint
        field.error_messages["required"] = f"Füllen Sie „{asked.label}“ aus."


class HearingForm(KindForm):
    until = forms.DateField(
        label="Antwort bis",
        help_text="Zum Beispiel 07.12.2026. Mindestens fünf Arbeitstage.",
        input_formats=["%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    question = forms.CharField(
        label="Was möchten Sie wissen?",
        help_text="Die gemeldete Stelle lesen sie ohnehin. Fragen Sie nach dem, was offen ist.",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST,
    )
    also = forms.CharField(
        label="Weitere E-Mail-Adressen",
        help_text="Für Betroffene ohne Konto, etwa aus dem Impressum. Mehrere durch Komma getrennt.",
        required=False,
        max_length=600,
    )

    def addresses(self) -> list[str]:
        return [each.strip() for each in self.cleaned_data["also"].split(",") if each.strip()]

    @classmethod
    def proposing(cls, until: date) -> "HearingForm":
        return cls(initial={"until": f"{until:%d.%m.%Y}"})


class DecisionForm(KindForm):
    """The first decision, or with `is_last` that on an appeal, which has its facts already.

    `correctable`: what the desk may put right with it, field → label and value now. `readers`: who reads the reasons.
    """

    outcome = forms.ChoiceField(label="Ergebnis", choices=OUTCOMES, widget=forms.RadioSelect)
    facts = forms.CharField(
        label="Was haben wir festgestellt?", widget=_LONG, min_length=20, max_length=LONGEST
    )
    rationale = forms.CharField(
        label="Warum haben wir so entschieden?", widget=_LONG, min_length=20, max_length=LONGEST
    )
    basis = forms.CharField(
        label="Nach welchem Gesetz wird der Eintrag zurückgezogen?",
        help_text="Nur bei „zurückgezogen“: das Gesetz mit Paragraf oder die Stelle der Nutzungsbedingungen.",
        max_length=LONGEST,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        correctable: Mapping[str, tuple[str, str]],
        of_page: bool,
        readers: str,
        is_last: bool = False,
    ) -> None:
        super().__init__(data)
        if is_last:
            del self.fields["facts"]
            self.fields["outcome"].label = "Was gilt jetzt?"
        self.fields["rationale"].help_text = readers
        self.correctable = correctable
        for field, (label, value) in correctable.items():
            self.fields[PREFIX + field] = forms.CharField(
                label=label, initial=value, required=False, max_length=LONGEST, widget=_box(value)
            )
        if of_page:
            self.fields[f"{PREFIX}page"] = forms.CharField(
                label="Was ist auf der Seite geändert?",
                help_text="Vorher und nachher. Die Organisation ändert ihre Seite selbst; prüfen Sie es, und "
                "schreiben Sie es hier auf.",
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def decision_names(self) -> list[str]:
        return [name for name in self.fields if not name.startswith(PREFIX)]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self["outcome"]]

    @property
    def last_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.decision_names if name != "outcome"]

    @property
    def correction_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.correction_names]

    @property
    def has_corrections(self) -> bool:
        """Whether what came in is to be corrected: then the part is open."""
        return self.is_bound and self.data.get("outcome") == "corrected"

    @property
    def correction_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith(PREFIX)]

    def said(self) -> dict[str, Any]:
        """As the actions take it."""
        words = {name: self.cleaned_data[name] for name in self.decision_names}
        changes = {name.removeprefix(PREFIX): self.cleaned_data[name] for name in self.correction_names}
        return {**words, "changes": changes if self.cleaned_data["outcome"] == "corrected" else None}


# Names of the fields that correct something.
PREFIX = "neu_"
_SHORT = 120


def _box(value: str) -> forms.Widget:
    long = len(value) > _SHORT or "\n" in value
    return forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
