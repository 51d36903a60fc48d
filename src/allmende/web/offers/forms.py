"""One form for each page of an offer: from drafts to fields, and from what was typed back to drafts.

A form may be saved half-filled: what is missing is said, what cannot be read is said, and everything else is kept.
The pages about a solution are in `solution_forms.py`, those about an offer in `offer_forms.py` and `prices.py`.
"""

from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from allmende.catalogue.addresses import is_web_address
from allmende.catalogue.contents import Content
from allmende.organisations.models import Organisation
from allmende.vocabulary.queries import current
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Definition


class StepForm(KindForm):
    """A page of the form. `initial_of` and `applied` are its two directions."""

    # Keys of a publiccode.yml (`*`: any language) and the fields that they fill.
    file_keys: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, content: Content, organisation: Organisation
    ) -> None:
        self.content = content
        self.organisation = organisation
        # Fields that stay as they are, whatever was typed: chosen so after two people edited the same.
        self.left_alone: frozenset[str] = frozenset()
        super().__init__(data, initial=self.initial_of(content))
        self._say_findings()
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.pop("cols", None)

    def _say_findings(self) -> None:
        """At each field that stayed empty: why what the file says there could not be used."""
        said_at: set[str] = set()
        for finding in self.content.notes.findings if self.content.notes else ():
            name = next((each for key, each in self.file_keys.items() if fnmatch(finding.key, key)), "")
            if name and name not in said_at and not self.initial.get(name):
                said_at.add(name)
                where = f", Zeile {finding.line}" if finding.line else ""
                said = f"Aus Ihrer Datei nicht übernommen{where}: {finding.message}"
                field = self.fields[name]
                field.help_text = f"{field.help_text} {said}".strip()

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        raise NotImplementedError

    def applied(self, content: Content) -> Content:
        """The content with everything of this page that can be read."""
        raise NotImplementedError

    def said(self, name: str, before: Any = None) -> Any:
        """What the page says in a field; `before` where that cannot be read. Left empty is said, too."""
        if name in self.left_alone:
            return before
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        errors = self.errors.as_data().get(name, [])
        return None if all(each.code == "required" for each in errors) else before

    def answers(self) -> list[Definition]:
        """The page in words, where it says more than its fields; nothing where its fields say it."""
        return []

    @property
    def unreadable(self) -> dict[str, str]:
        """Fields whose text cannot be kept as it is, and why; a field left empty is not among them."""
        return {
            name: " ".join(str(message) for error in errors for message in error.messages)
            for name, errors in self.errors.as_data().items()
            if any(error.code != "required" for error in errors)
        }


class WebAddress(forms.URLField):
    """An address as people type it: "www.beispiel.de" will do. What is wrong with it we say ourselves, in German."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
        widget = forms.TextInput(attrs=attributes)
        super().__init__(max_length=1000, required=False, assume_scheme="https", widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if said and not is_web_address(said):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return said


def choices(scheme: str, *, first: str = "Bitte wählen") -> list[tuple[str, str]]:
    """Terms that may be chosen today, with a line that chooses nothing where `first` says one."""
    terms = [(term.code, term.label) for term in current().terms(scheme)]
    return [("", first), *terms] if first else terms


def choose(form: forms.Form, name: str, options: list[tuple[str, str]]) -> None:
    """Let a field offer these answers."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
    field.choices = options
