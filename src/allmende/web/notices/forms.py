"""What people write about a notice."""

from datetime import date

from django import forms

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


class StatementForm(KindForm):
    text = forms.CharField(
        label="Ihre Stellungnahme",
        help_text="Stimmt die Meldung? Was haben Sie geändert, oder warum soll der Eintrag so bleiben?",
        widget=_LONG,
        min_length=20,
        max_length=LONGEST,
    )


class AppealForm(KindForm):
    text = forms.CharField(
        label="Womit sind Sie nicht einverstanden, und warum?",
        help_text="Das geht einmal. Eine andere Person sieht alles noch einmal an.",
        widget=_LONG,
        min_length=20,
        max_length=LONGEST,
    )


class HideForm(KindForm):
    reason = forms.CharField(
        label="Warum sofort?",
        help_text="Die betroffene Seite liest diesen Grund. Nur wenn jeder weitere Tag schadet.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST,
    )


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
    outcome = forms.ChoiceField(label="Ergebnis", choices=OUTCOMES, widget=forms.RadioSelect)
    facts = forms.CharField(
        label="Was haben wir festgestellt?", widget=_LONG, min_length=20, max_length=LONGEST
    )
    basis = forms.CharField(
        label="Worauf stützt sich die Entscheidung?",
        help_text="Das Gesetz mit Paragraf oder die Stelle der Nutzungsbedingungen.",
        max_length=LONGEST,
        min_length=5,
    )
    rationale = forms.CharField(
        label="Warum haben wir so entschieden?",
        help_text="Beide Seiten lesen diese Begründung. Gehen Sie auf das ein, was die betroffene Seite gesagt hat.",
        widget=_LONG,
        min_length=20,
        max_length=LONGEST,
    )


class EndForm(KindForm):
    outcome = forms.ChoiceField(label="Was gilt jetzt?", choices=OUTCOMES, widget=forms.RadioSelect)
    rationale = forms.CharField(
        label="Warum?", help_text="Beide Seiten lesen das.", widget=_LONG, min_length=20, max_length=LONGEST
    )
