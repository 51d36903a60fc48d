"""Forms that speak German with people: every error names the field, the reason and the way out."""

from typing import Any, ClassVar

from django import forms

_CHOICES = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple)


def _messages(field: forms.Field) -> dict[str, str]:
    """What a field says where nobody wrote something better."""
    label = field.label
    said: dict[str, str] = {"required": f"Füllen Sie „{label}“ aus."}
    if isinstance(field.widget, _CHOICES):
        chosen = f"Wählen Sie bei „{label}“ eine der Antworten aus."
        said |= {"required": chosen, "invalid_choice": chosen, "invalid_list": chosen}
    elif isinstance(field, forms.BooleanField):
        said["required"] = f"Kreuzen Sie „{label}“ an, um fortzufahren."
    elif isinstance(field, forms.EmailField):
        said["invalid"] = "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de."
    elif isinstance(field, forms.IntegerField) and not isinstance(
        field, forms.DecimalField | forms.FloatField
    ):
        said["invalid"] = f"Geben Sie bei „{label}“ eine ganze Zahl ein, zum Beispiel 6.000."
    elif isinstance(field, forms.DecimalField | forms.FloatField):
        said["invalid"] = f"Geben Sie bei „{label}“ eine Zahl ein, zum Beispiel 1.200,00."
    elif isinstance(field, forms.DateField):
        said["invalid"] = f"Geben Sie bei „{label}“ ein Datum ein, zum Beispiel 03.02.2026."
    elif isinstance(field, forms.URLField):
        said["invalid"] = (
            f"Geben Sie bei „{label}“ eine vollständige Adresse ein, zum Beispiel https://beispiel.de."
        )
    return said


def _speak_kindly(field: forms.Field) -> None:
    field.error_messages |= _messages(field)
    # "1.200,50" is how people here write a number.
    if isinstance(field, forms.IntegerField | forms.DecimalField | forms.FloatField):
        field.localize = True
        field.widget.is_localized = True


class KindMixin:
    """Give every field German sentences and German numbers. A better sentence goes into `sentences`."""

    fields: dict[str, forms.Field]
    # Field name → error code → sentence.
    sentences: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _speak_kindly(field)
            field.error_messages |= self.sentences.get(name, {})


class KindForm(KindMixin, forms.Form):
    """The form to inherit from."""
