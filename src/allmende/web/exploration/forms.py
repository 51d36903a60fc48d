"""Forms of a case beside its sheets: particulars, people, deadlines, conclusions."""

from collections.abc import Sequence
from typing import Any

from django import forms

from allmende.accounts.models import User
from allmende.demand.models.outcomes import OUTCOMES
from allmende.exploration.models.cases import CASE_ROLES
from allmende.exploration.steps import STEPS
from allmende.organisations.models import Organisation
from allmende.web.components.forms import KindForm
from allmende.web.files.uploads import UploadField

WORDS = forms.Textarea


class BeginForm(KindForm):
    title = forms.CharField(
        label="Worum geht es?",
        max_length=200,
        help_text="In wenigen Worten und ohne Produktnamen, zum Beispiel „Schäden an Straßen melden“.",
    )
    organisation = forms.ChoiceField(label="Für welche Kommune?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(organisations) == 1:
            del self.fields["organisation"]
            return
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = [(each.public_id, each.name) for each in organisations]


class ParticularsForm(KindForm):
    title = forms.CharField(label="Titel", max_length=200)
    reference = forms.CharField(
        label="Aktenzeichen", max_length=100, required=False, help_text="Wie es in Ihrer Akte steht."
    )
    department = forms.CharField(label="Amt oder Fachbereich", max_length=200, required=False)
    due_on = forms.DateField(
        label="Fertig bis",
        required=False,
        widget=forms.DateInput,
        help_text="Zum Beispiel 03.02.2027. Eine Woche vorher erinnern wir.",
    )
    lock_version = forms.IntegerField(widget=forms.HiddenInput)


class PersonForm(KindForm):
    """A colleague with a role, by the public id of the account."""

    person = forms.ChoiceField(label="Wer", widget=forms.Select)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.public_id: each for each in people}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = [("", "Bitte wählen"), *((key, str(each)) for key, each in self.people.items())]

    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["person"])


class MemberForm(PersonForm):
    role = forms.ChoiceField(
        label="Aufgabe",
        choices=CASE_ROLES,
        widget=forms.RadioSelect,
        help_text="Wer den Fall führt, gibt ihn nicht selbst frei. Geben Sie jemandem die Aufgabe „führt den Fall“, "
        "geht die Federführung über, und wer sie hatte, arbeitet weiter mit.",
    )
    function = forms.CharField(
        label="Funktion im Haus",
        max_length=120,
        required=False,
        help_text="So steht es in der Dokumentation, zum Beispiel „Fachamt“ oder „Datenschutz“.",
    )


class DeclarationForm(KindForm):
    has_conflict = forms.ChoiceField(
        label="Berührt dieser Fall eigene Interessen?",
        choices=[("no", "Nein"), ("yes", "Ja")],
        widget=forms.RadioSelect,
        help_text="Zum Beispiel: eine Beteiligung an einem Unternehmen, das infrage kommt, eine Nebentätigkeit dort, "
        "oder jemand aus der Familie arbeitet dort.",
    )
    about = forms.CharField(
        label="Worin besteht er?", required=False, widget=WORDS(attrs={"rows": 3}), help_text="Nur bei Ja."
    )


class RemedyForm(KindForm):
    person = forms.CharField(widget=forms.HiddenInput)
    remedy = forms.CharField(
        label="Was folgt daraus?",
        widget=WORDS(attrs={"rows": 2}),
        help_text="Zum Beispiel: entscheidet nicht über die Auswahl.",
    )


class StepPlanForm(PersonForm):
    step = forms.ChoiceField(
        label="Schritt",
        choices=[(step.code, f"{step.number}. {step.title}") for step in STEPS.values()],
        widget=forms.Select,
    )
    due_on = forms.DateField(
        label="Bis", required=False, widget=forms.DateInput, help_text="Drei Tage vorher erinnern wir."
    )
    field_order = ("step", "person", "due_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].required = False


class DeviationForm(KindForm):
    step = forms.ChoiceField(
        label="Schritt",
        choices=[(step.code, f"{step.number}. {step.title}") for step in STEPS.values()],
        widget=forms.Select,
    )
    what = forms.CharField(label="Was war anders?", widget=WORDS(attrs={"rows": 3}))
    reason = forms.CharField(label="Warum?", widget=WORDS(attrs={"rows": 3}))


class ReasonForm(KindForm):
    reason = forms.CharField(label="Grund", widget=WORDS(attrs={"rows": 4}))
    lock_version = forms.IntegerField(widget=forms.HiddenInput)


class InvolvementForm(KindForm):
    company_name = forms.CharField(label="Unternehmen", max_length=300)
    how = forms.CharField(label="Wie hat es mitgewirkt?", widget=WORDS(attrs={"rows": 2}))
    knows = forms.CharField(
        label="Was hat es dabei erfahren?",
        required=False,
        widget=WORDS(attrs={"rows": 2}),
        help_text="Alles, was andere nicht wissen.",
    )
    measures = forms.CharField(
        label="Was gleicht den Vorsprung aus?",
        widget=WORDS(attrs={"rows": 2}),
        help_text="Zum Beispiel: Alle bekommen dieselben Unterlagen und vier Wochen Zeit.",
    )


class AttachmentForm(KindForm):
    document = UploadField(
        label="Datei",
        help_text="PDF, ODT, ODS, DOCX oder XLSX, höchstens 10 MB, ohne Makros und ohne Passwort.",
        accept=".pdf,.odt,.ods,.docx,.xlsx",
    )


class OutcomeForm(KindForm):
    kind = forms.ChoiceField(label="Was wurde daraus?", choices=OUTCOMES, widget=forms.RadioSelect)
    decided_on = forms.DateField(
        label="Entschieden am", required=False, widget=forms.DateInput, help_text="Zum Beispiel 03.02.2026."
    )
    value = forms.DecimalField(
        label="Wert in Euro, netto, über die ganze Laufzeit",
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=0,
        help_text="Freiwillig.",
    )
    value_is_public = forms.BooleanField(label="Der Wert darf veröffentlicht werden", required=False)
    contract_ends_on = forms.DateField(
        label="Der Vertrag läuft bis",
        required=False,
        widget=forms.DateInput,
        help_text="Rechtzeitig vorher erinnern wir.",
    )
    note = forms.CharField(
        label="Verweis auf die Vergabe, und was wichtig war",
        required=False,
        widget=WORDS(attrs={"rows": 3}),
        help_text="Zum Beispiel Aktenzeichen und Fundstelle der Bekanntmachung.",
    )


class AccessForm(KindForm):
    """Somebody may read the case for an audit."""

    email = forms.EmailField(
        label="E-Mail-Adresse",
        max_length=320,
        help_text="Die Adresse, die im Konto der prüfenden Person bestätigt ist.",
    )
    body = forms.CharField(
        label="Stelle", max_length=200, help_text="Zum Beispiel „Rechnungsprüfungsamt des Kreises“."
    )
    purpose = forms.CharField(label="Anlass", widget=WORDS, max_length=2000)
    until = forms.DateField(
        label="Einsicht bis einschließlich",
        widget=forms.DateInput,
        help_text="Zum Beispiel 03.02.2027, höchstens ein Jahr.",
    )
