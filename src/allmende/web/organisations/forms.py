"""What people fill in about organisations."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from allmende.accounts.models import User
from allmende.organisations.drafts import RegistrationDraft
from allmende.organisations.legal_forms import LEGAL_FORMS
from allmende.organisations.roles import Role
from allmende.web.components.forms import KindForm

# What kind of body → heading, kinds of the vocabulary, legal forms that it can have.
PRIVATE = (
    "gmbh",
    "ggmbh",
    "ug",
    "ag",
    "se",
    "kgaa",
    "gmbh_co_kg",
    "kg",
    "ohg",
    "ek",
    "partg",
    "egbr",
    "gbr",
    "sole",
    "other",
)
GROUPS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "unternehmen": (
        "Unternehmen oder Genossenschaft",
        ("sme", "startup", "large_company", "cooperative"),
        (*PRIVATE[:9], "eg", *PRIVATE[9:]),
    ),
    "oeffentlich": (
        "Öffentlicher IT-Dienstleister, kommunales Unternehmen oder Zweckverband",
        ("public_it_provider", "municipal_company", "special_purpose_association"),
        ("aoer", "koer", "association", "own_operation", "gmbh", "ggmbh", "ag", "eg", "other"),
    ),
    "land-bund": (
        "Stelle eines Landes oder des Bundes",
        ("state_body", "federal_body"),
        ("authority", "aoer", "koer", "gmbh", "foundation", "other"),
    ),
    "weitere": (
        "Hochschule, Verband, Verein oder Stiftung",
        ("research", "federation", "community"),
        ("koer", "ev", "foundation", "ggmbh", "gmbh", "aoer", "gbr", "other"),
    ),
}


class RegistrationForm(KindForm):
    """An organisation that is no town."""

    kind = forms.ChoiceField(label="Was trifft zu?", widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name der Organisation",
        max_length=300,
        help_text="So, wie er im Register oder im Impressum steht.",
    )
    legal_form = forms.ChoiceField(label="Rechtsform")
    register_court = forms.CharField(
        label="Registergericht", max_length=100, required=False, help_text="Zum Beispiel: Amtsgericht Kassel."
    )
    register_number = forms.CharField(
        label="Registernummer",
        max_length=30,
        required=False,
        help_text="Zum Beispiel HRB 12345. Lassen Sie beide Felder leer, wenn Sie in keinem Register stehen.",
    )
    website_url = forms.URLField(
        label="Website",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Mit Impressum, wenn es eines gibt.",
    )
    task = forms.CharField(
        label="Ihre Aufgabe dort",
        max_length=200,
        help_text="Damit wir prüfen können, ob Sie für die Organisation handeln. Zum Beispiel: Geschäftsführung.",
    )

    def __init__(self, *args: Any, group: str, labels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _, kinds, legal_forms = GROUPS[group]
        _choose(self, "kind", [(code, labels.get(code, code)) for code in kinds])
        _choose(
            self,
            "legal_form",
            [("", "Bitte wählen"), *((code, LEGAL_FORMS[code].label) for code in legal_forms)],
        )

    def draft(self) -> RegistrationDraft:
        return RegistrationDraft(**self.cleaned_data)


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared in the form
    field.choices = list(choices)


NEW_ENTRY = "neu"


class WhichForm(KindForm):
    """Whether somebody means an entry that is there, or one more of that name."""

    entry = forms.ChoiceField(label="Sind Sie das?", widget=forms.RadioSelect)
    sentences: ClassVar = {"entry": {"required": "Wählen Sie aus, ob Sie das sind."}}

    def __init__(self, *args: Any, entries: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new = (NEW_ENTRY, "Nein, wir sind eine andere Organisation mit einem ähnlichen Namen")
        _choose(self, "entry", [*entries, new])


class TaskForm(KindForm):
    """Why somebody may act for a town."""

    task = forms.CharField(
        label="Ihre Aufgabe in der Verwaltung",
        max_length=200,
        help_text="Damit wir Ihre Anmeldung prüfen können. Zum Beispiel: Digitalisierungsbeauftragte.",
    )


class CodeForm(KindForm):
    code = forms.CharField(
        label="Code aus dem Brief",
        max_length=20,
        help_text="Acht Zeichen. Groß oder klein ist gleich, den Strich können Sie weglassen.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class RolesForm(KindForm):
    """Which roles somebody has in an organisation."""

    roles = forms.MultipleChoiceField(label="Rollen", widget=forms.CheckboxSelectMultiple)
    sentences: ClassVar = {"roles": {"required": "Wählen Sie mindestens eine Rolle aus."}}

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "roles", [(role.code, f"{role.label}: {role.description}") for role in roles])


class InviteForm(RolesForm):
    email = forms.EmailField(label="E-Mail-Adresse", help_text="Die Einladung gilt nur für diese Adresse.")

    field_order = ("email", "roles")


class RoleForm(KindForm):
    """One role for somebody who asked to join."""

    role = forms.ChoiceField(label="Rolle", widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "role", [(role.code, role.label) for role in roles])


class PersonForm(KindForm):
    """Choose a colleague, or nobody."""

    person = forms.ChoiceField(label="Person", required=False)

    def __init__(self, *args: Any, people: Sequence[User], nobody: str, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {each.public_id: each for each in people}
        self.fields["person"].label = label
        _choose(self, "person", [("", nobody), *((each.public_id, str(each)) for each in people)])

    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["person"])


class AbsenceForm(PersonForm):
    starts_on = forms.DateField(
        label="Erster Tag", help_text="Zum Beispiel 03.02.2026.", widget=forms.DateInput
    )
    ends_on = forms.DateField(
        label="Letzter Tag", help_text="Dieser Tag zählt noch dazu.", widget=forms.DateInput
    )
    field_order = ("starts_on", "ends_on", "person")


class DomainForm(KindForm):
    domain = forms.CharField(
        label="Domain",
        max_length=253,
        help_text="Was in Ihren E-Mail-Adressen nach dem @ steht: beispielstadt.de.",
    )


class LetterForm(KindForm):
    """What staff says before the letter goes out."""

    recipient = forms.CharField(label="Name der Verwaltung", max_length=200)
    attention = forms.CharField(
        label="Zu Händen",
        max_length=200,
        required=False,
        help_text="Die Leitung der Verwaltung, nicht die Person, die sich angemeldet hat.",
    )
    street = forms.CharField(
        label="Straße und Hausnummer oder Postfach",
        max_length=200,
        help_text="Aus einer amtlichen Quelle, zum Beispiel dem Impressum, nicht aus der Anmeldung. Wir merken uns die "
        "Anschrift für den nächsten Brief.",
    )
    postcode = forms.CharField(
        label="Postleitzahl", max_length=5, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    place = forms.CharField(label="Ort", max_length=200)
    domain_fits = forms.BooleanField(
        label="Die Domain der E-Mail-Adresse gehört der Organisation", required=False
    )


class MergeForm(KindForm):
    """Which entry of the same organisation stays, and how one knows."""

    into = forms.ChoiceField(label="Welcher Eintrag bleibt?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Woran erkennen Sie, dass es dieselbe Organisation ist?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Die zweite Person liest das, bevor sie bestätigt.",
    )

    def __init__(self, *args: Any, candidates: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "into", candidates)


class AcceptForm(KindForm):
    domain_fits = forms.BooleanField(
        label="Die Domain der E-Mail-Adresse gehört der Organisation", required=False
    )


class ReasonForm(KindForm):
    reason = forms.CharField(
        label="Grund",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Diesen Grund liest die Person, die es betrifft.",
    )
