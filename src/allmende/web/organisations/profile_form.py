"""The profile of a municipality as a form: each question says why it is asked, and none has to be answered."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from allmende.organisations.drafts import ProfileDraft
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.forms import KindForm
from allmende.web.components.templatetags.formats import number

UNSAID = "keine Angabe"
LABELS = {
    "existing_systems": "Welche Programme und Systeme nutzen Sie schon?",
    "hosting": "Wo läuft Ihre IT?",
    "networks": "Welche Netze gibt es bei Ihnen?",
    "digital_staff": "Wie viele Stellen haben Sie für Digitales?",
    "budget_class": "Was können Sie im Jahr für neue digitale Vorhaben ausgeben?",
    "interests": "Welche Handlungsfelder sind Ihnen gerade wichtig?",
    "is_shared": "Andere Kommunen dürfen dieses Profil sehen",
}
WHY = {
    "existing_systems": "Damit wir sehen, welche Lösungen zu dem passen, was da ist. Ein Name je Zeile.",
    "hosting": "Damit Sie Lösungen finden, die Sie so betreiben können.",
    "networks": "Manche Lösungen brauchen ein Netz, zum Beispiel für Sensoren.",
    "digital_staff": "Damit wir nichts vorschlagen, wofür die Leute fehlen. Halbe Stellen zählen: 1,5.",
    "budget_class": "Damit Vorschläge bezahlbar sind. Anbieter sehen diese Angabe nicht.",
    "interests": "Damit wir Ihnen Neues zeigen, das Sie angeht.",
    "is_shared": "Nur angemeldete Kommunen, nie Anbieter und nie die Öffentlichkeit. Sie können das jederzeit ändern.",
}
SCHEMES = {"hosting": "hosting", "networks": "network", "interests": "field_of_action"}


class ProfileForm(KindForm):
    sentences: ClassVar[dict[str, dict[str, str]]] = {
        "digital_staff": {"invalid": "Geben Sie bei den Stellen eine Zahl ein, zum Beispiel 1,5."}
    }
    existing_systems = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}), required=False, max_length=8000
    )
    hosting = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    networks = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    digital_staff = forms.DecimalField(
        required=False, min_value=0, max_value=9999, decimal_places=2, max_digits=6, widget=forms.NumberInput
    )
    budget_class = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    interests = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    is_shared = forms.BooleanField(required=False)
    lock_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, vocabulary: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            self.fields[name].label, self.fields[name].help_text = label, WHY[name]
        for name, scheme in SCHEMES.items():
            _choose(self.fields[name], [(term.code, term.label) for term in vocabulary.terms(scheme)])
        classes = [(term.code, term.label) for term in vocabulary.terms("budget_class")]
        _choose(self.fields["budget_class"], [("", UNSAID), *classes])

    def draft(self) -> ProfileDraft:
        said = self.cleaned_data
        return ProfileDraft(
            existing_systems=tuple(said["existing_systems"].splitlines()) or None,
            hosting=tuple(said["hosting"]) or None,
            networks=tuple(said["networks"]) or None,
            digital_staff=said["digital_staff"],
            budget_class=said["budget_class"] or None,
            interests=tuple(said["interests"]) or None,
            is_shared=said["is_shared"],
        )


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
    field.choices = choices


def initial(draft: ProfileDraft, lock_version: int) -> dict[str, Any]:
    """What the form starts with."""
    return {
        "existing_systems": "\n".join(draft.existing_systems or ()),
        "hosting": list(draft.hosting or ()),
        "networks": list(draft.networks or ()),
        "digital_staff": _as_typed(draft.digital_staff),
        "budget_class": draft.budget_class or "",
        "interests": list(draft.interests or ()),
        "is_shared": draft.is_shared,
        "lock_version": lock_version,
    }


def _as_typed(amount: Decimal | None) -> Decimal | None:
    """1.50 as 1.5 and 10.00 as 10."""
    return None if amount is None else Decimal(format(amount.normalize(), "f"))


def in_words(draft: ProfileDraft, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Each answer as people read it, by field; an empty list is "keine Angabe"."""
    said: dict[str, list[str]] = {"existing_systems": list(draft.existing_systems or ())}
    for name, scheme in SCHEMES.items():
        labels = vocabulary.labels(scheme)
        said[name] = [labels.get(code, code) for code in getattr(draft, name) or ()]
    staff = draft.digital_staff
    said["digital_staff"] = [] if staff is None else [_positions(staff)]
    budget = vocabulary.labels("budget_class")
    said["budget_class"] = [budget.get(draft.budget_class, draft.budget_class)] if draft.budget_class else []
    said["is_shared"] = ["ja"] if draft.is_shared else ["nein"]
    return {name: said[name] for name in LABELS}


def _positions(staff: Decimal) -> str:
    places = -int(staff.normalize().as_tuple().exponent)
    return f"{number(staff, max(0, places))} Stellen"
