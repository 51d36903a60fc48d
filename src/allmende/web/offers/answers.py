"""Everything that was answered, in words: for the page to check before handing in, and for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse

from allmende.catalogue.contents import Content
from allmende.catalogue.models import WorkingCopy
from allmende.web.components.drafting import UNKNOWN
from allmende.web.components.parts import Definition
from allmende.web.offers.conflict import prices_in_words, shown
from allmende.web.offers.steps import Step, steps_of


@dataclass(frozen=True)
class Section:
    """One page of the form with its answers."""

    step: Step
    href: str
    answers: Sequence[Definition]


def sections(copy: WorkingCopy, content: Content) -> list[Section]:
    return [
        Section(step, reverse("offer_step", args=[copy.public_id, step.code]), _answers(copy, step, content))
        for step in steps_of(copy, content)
    ]


def _answers(copy: WorkingCopy, step: Step, content: Content) -> list[Definition]:
    form = step.form(content=content, organisation=copy.organisation)
    return form.answers() or [_answer(form, name, value) for name, value in form.initial.items()]


def _answer(form: Any, name: str, value: Any) -> Definition:
    label = "Preiszeilen" if name == "prices" else str(form.fields[name].label)
    if name == "prices":
        return Definition(label, prices_in_words(value))
    words = shown(form, name, value)
    if words == UNKNOWN:
        return Definition(label, [])
    # What was typed in lines is read in lines: features, paragraphs, what one needs.
    is_text = isinstance(form.fields[name].widget, forms.Textarea)
    return Definition(label, [line for line in words.splitlines() if line.strip()] if is_text else [words])
