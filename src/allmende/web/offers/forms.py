"""One form for each page of an offer: from drafts to fields, and from what was typed back to drafts.

A form may be saved half-filled: what is missing is said, what cannot be read is said, and everything else is kept.
The pages about a solution are in `solution_forms.py`, those about an offer in `offer_forms.py` and `prices.py`.
"""

from typing import Any

from django import forms

from allmende.catalogue.contents import Content
from allmende.organisations.models import Organisation
from allmende.vocabulary.queries import current
from allmende.web.components.forms import KindForm


class StepForm(KindForm):
    """A page of the form. `initial_of` and `applied` are its two directions."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.organisation = organisation
        # Fields that stay as they are, whatever was typed: chosen so after two people edited the same.
        self.left_alone: frozenset[str] = frozenset()
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.pop("cols", None)

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

    @property
    def unreadable(self) -> dict[str, str]:
        """Fields whose text cannot be kept as it is, and why; a field left empty is not among them."""
        return {
            name: " ".join(str(message) for error in errors for message in error.messages)
            for name, errors in self.errors.as_data().items()
            if any(error.code != "required" for error in errors)
        }


def choices(scheme: str, *, first: str = "Bitte wählen") -> list[tuple[str, str]]:
    """Terms that may be chosen today, with a line that chooses nothing where `first` says one."""
    terms = [(term.code, term.label) for term in current().terms(scheme)]
    return [("", first), *terms] if first else terms


def choose(form: forms.Form, name: str, options: list[tuple[str, str]]) -> None:
    """Let a field offer these answers."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
    field.choices = options
