"""Forms in which a town says what it uses, since when, and what it misses."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from allmende.lib.partial_dates import PartialDate, parse
from allmende.organisations.models import Organisation
from allmende.vocabulary.queries import current
from allmende.web.components.forms import KindForm

CHOOSE = {"required": "Wählen Sie eine Antwort aus.", "invalid_choice": "Wählen Sie eine der Antworten aus."}
NO_TIME = "Geben Sie ein Jahr, einen Monat oder einen Tag ein, zum Beispiel 2024, 04.2024 oder 01.04.2024."


class PartialDateField(forms.CharField):
    """A day, or its month, or its year; None where nothing was entered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, required=False, **kwargs)

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(str(value or ""))
        try:
            return parse(text) if text else None
        except ValueError:
            raise forms.ValidationError(NO_TIME) from None


class TownForm(KindForm):
    """For one of somebody's towns: who speaks for one is not asked which."""

    town = forms.ChoiceField(label="Für welche Kommune?", widget=forms.RadioSelect)

    sentences: ClassVar[dict[str, dict[str, str]]] = {"town": CHOOSE, "state": CHOOSE, "use_state": CHOOSE}

    def __init__(self, *args: Any, towns: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("town", [(town.public_id, town.name) for town in towns])
        if len(towns) == 1:
            self.fields["town"].widget = forms.HiddenInput()
            self.initial["town"] = towns[0].public_id

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared
        field.choices = choices


def _ends_where_it_has_ended(form: forms.Form, state: str) -> None:
    """An end belongs to an ended use, and only to that."""
    if "ended_on" in form.errors:
        return
    ended_on = form.cleaned_data.get("ended_on")
    if state == "ended" and not ended_on:
        form.add_error("ended_on", "Geben Sie an, wann die Nutzung geendet hat. Das Jahr genügt.")
    if ended_on and state and state != "ended":
        form.add_error("ended_on", "Wählen Sie „Beendet“, oder lassen Sie das Feld „Bis wann?“ leer.")


class UseForm(TownForm):
    """Three questions; the rest is optional."""

    state = forms.ChoiceField(label="Wie nutzen Sie die Lösung?", widget=forms.RadioSelect)
    since = PartialDateField(label="Seit wann?", help_text="Jahr oder Monat genügt: 2024 oder 04.2024.")
    ended_on = PartialDateField(
        label="Bis wann?", help_text="Nur wenn Sie die Lösung nicht mehr nutzen. Das Jahr genügt."
    )
    note = forms.CharField(
        label="Anmerkung",
        required=False,
        max_length=500,
        help_text="Erscheint öffentlich. Nennen Sie keine Personen.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("state", list(current().labels("use_status").items()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _ends_where_it_has_ended(self, str(cleaned.get("state", "")))
        return cleaned


NOT_USED = "Nein, wir suchen sie oder wollen sie vorschlagen"


class MissingForm(TownForm):
    """What is missing. `may_state_use`: whether somebody may say for one of the towns that it uses this."""

    name = forms.CharField(label="Wie heißt die Lösung?", max_length=300)
    purpose = forms.CharField(
        label="Wofür ist sie da?",
        help_text="Ein bis zwei Sätze, zum Beispiel: Bürgerinnen und Bürger melden Schäden an Straßen, der Bauhof "
        "bekommt sie auf das Telefon.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    url = forms.URLField(
        label="Adresse im Netz",
        help_text="Wo man mehr darüber liest, falls Sie das wissen.",
        required=False,
        max_length=1000,
        assume_scheme="https",
    )
    use_state = forms.ChoiceField(
        label="Nutzt Ihre Kommune die Lösung?", widget=forms.RadioSelect, required=False
    )
    since = PartialDateField(label="Seit wann?", help_text="Jahr oder Monat genügt: 2024 oder 04.2024.")
    ended_on = PartialDateField(label="Bis wann?", help_text="Nur wenn Sie die Lösung nicht mehr nutzen.")

    def __init__(self, *args: Any, may_state_use: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_state_use:
            self.choose("use_state", [("", NOT_USED), *current().labels("use_status").items()])
        else:
            for name in ("use_state", "since", "ended_on"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "use_state" in self.fields:
            _ends_where_it_has_ended(self, str(cleaned.get("use_state") or ""))
        return cleaned


class EntryForm(KindForm):
    """The desk's words for an entry that a town has named."""

    name = forms.CharField(label="Name der Lösung", max_length=300)
    summary = forms.CharField(
        label="Kurzbeschreibung",
        help_text="In einem Satz, was die Lösung tut. In Ihren Worten und ohne Werbung.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    website_url = forms.URLField(label="Website", required=False, max_length=1000, assume_scheme="https")
    repository_url = forms.URLField(
        label="Adresse des Quellcodes",
        help_text="Eine der beiden Adressen wird gebraucht.",
        required=False,
        max_length=1000,
        assume_scheme="https",
    )
    field = forms.ChoiceField(label="Handlungsfeld", required=False, widget=forms.Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["field"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  # as declared above
        chosen.choices = [("", "noch keines"), *current().labels("field_of_action").items()]
